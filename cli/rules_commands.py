"""``errclass rules``: what decides, and whether it holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import format_option, read_settings
from .output import print_json, print_table
from .rules_check_command import check_command

if TYPE_CHECKING:
    from ..rules import Policy

_folder_option = click.option(
    "--rules",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder of rules laid over the usual ones.",
)


@click.group(name="rules")
def rules_group() -> None:
    """List and check the rules.

    \b
    Examples:
      errclass rules list
      errclass rules check --rules our-rules/
    """


@rules_group.command(name="list")
@_folder_option
@format_option
def list_command(folders: tuple[Path, ...], form: str) -> None:
    """List all rules in the order in which they are considered.

    \b
    Example:
      errclass rules list --format json
    """
    policy = _load(folders)
    rows = [
        {"stage": rule.stage, "rule": rule.id, "priority": rule.priority, "title": rule.title, "cases": len(rule.cases)}
        for rule in policy.rules
    ]
    if form == "json":
        print_json({"revision": policy.revision, "rules": rows})
    else:
        print_table(f"{policy.name}, revision {policy.revision}", tuple(rows[0]), (tuple(row.values()) for row in rows))


@rules_group.command(name="test")
@_folder_option
@format_option
def test_command(folders: tuple[Path, ...], form: str) -> None:
    """Run every rule's own cases and print each; exit with 1 when one fails.

    \b
    Example:
      errclass rules test
    """
    _run_cases(folders, form)


def _load(folders: tuple[Path, ...]) -> Policy:
    from ..rules import Layer
    from ..system.rules_in_use import load_rules
    from ..system.taxonomy_file import load_taxonomy

    return load_rules(load_taxonomy(), (*read_settings().rule_layers, *map(Layer, folders)))


def _run_cases(folders: tuple[Path, ...], form: str) -> None:
    from ..rules import check_policy

    policy = _load(folders)
    results = check_policy(policy)
    failed = [result for result in results if not result.passed]
    if form == "json":
        print_json({"revision": policy.revision, "cases": len(results), "failed": failed, "results": results})
    else:
        rows = (("ok" if r.passed else "FAILED", r.rule, r.case, r.engine, r.message) for r in results)
        print_table("", ("", "rule", "case", "engine", "message"), rows)
        click.echo(
            f"{len(policy.rules)} rules, {len(results)} cases, {len(failed)} failed (revision {policy.revision})"
        )
    sys.exit(1 if failed else 0)


rules_group.add_command(check_command)
