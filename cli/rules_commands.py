"""``errclass rules``: what decides, and whether it holds."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .options import format_option
from .output import print_json, print_table
from .rule_options import load_policy_of, rules_option
from .rules_graph_command import graph_command
from .rules_list_command import list_command
from .rules_new_command import new_command
from .rules_schema_command import schema_command
from .rules_test_command import test_command
from .rules_why_command import why_command


@click.group(name="rules")
def rules_group() -> None:
    """Look at the rules, write them, test them, and ask them why.

    \b
    Examples:
      errclass rules list
      errclass rules new guard/shop_gateway --rules our-rules/
      errclass rules check --rules our-rules/
      errclass rules why build.log
    """


@rules_group.command(name="check")
@rules_option
@format_option
def check_command(folders: tuple[Path, ...], form: str) -> None:
    """Load the rules strictly, and run every rule's own cases; exit with 1 when one fails.

    \b
    Example:
      errclass rules check --rules our-rules/
    """
    from ..rules import check_policy

    policy = load_policy_of(folders)
    results = check_policy(policy)
    failed = [result for result in results if not result.passed]
    if form == "json":
        print_json({"revision": policy.revision, "cases": len(results), "failed": failed})
    else:
        if failed:
            rows = (("FAILED", r.rule, r.case, r.engine, r.message) for r in failed)
            print_table("", ("", "rule", "case", "engine", "message"), rows)
        click.echo(
            f"{len(policy.rules)} rules, {len(results)} cases, {len(failed)} failed (revision {policy.revision})"
        )
    sys.exit(1 if failed else 0)


for _command in (list_command, test_command, new_command, why_command, graph_command, schema_command):
    rules_group.add_command(_command)
