"""``errclass rules list``: every rule with all that it says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.escaping import escape_terminal
from .options import format_option, read_settings
from .output import print_json, print_table
from .rule_options import load_policy_of, require_name, rules_option, stage_option

if TYPE_CHECKING:
    from ..rules import Policy, Rule


@click.command(name="list")
@rules_option
@stage_option
@format_option
def list_command(folders: tuple[Path, ...], stage: str | None, form: str) -> None:
    """List all rules in the order in which they are considered; JSON has all that they say.

    \b
    Examples:
      errclass rules list --stage strategy
      errclass rules list --rules our-rules/ --format json
    """
    from ..rules import list_layers
    from ..rules.sources import list_sources
    from ..system.rules_in_use import lay_over

    settings = read_settings()
    policy = load_policy_of(folders, settings)
    require_name("--stage", "stage", stage, policy.stages)
    rules = [rule for rule in policy.rules if stage in {None, rule.stage}]
    if form == "json":
        sources = list_sources(list_layers(lay_over(settings.rule_layers, folders)))
        print_json({"revision": policy.revision, "rules": [_describe(rule, sources) for rule in rules]})
    else:
        _render(policy, rules)


def _render(policy: Policy, rules: list[Rule]) -> None:
    rows = ((rule.stage, rule.id, rule.priority, rule.title, len(rule.cases)) for rule in rules)
    columns = ("stage", "rule", "priority", "title", "cases")
    print_table(f"{escape_terminal(policy.name)}, revision {policy.revision}", columns, rows)


def _describe(rule: Rule, sources: Mapping[str, Path]) -> dict[str, Any]:
    from ..rules.writing import write_conditions, write_effects

    return {
        "stage": rule.stage,
        "rule": rule.id,
        "priority": rule.priority,
        "title": rule.title,
        "when": write_conditions(rule.when),
        "unless": [write_conditions(veto) for veto in rule.unless],
        "then": write_effects(rule.then),
        "because": rule.because,
        "cases": len(rule.cases),
        "cases_that_fire": sum(case.fires for case in rule.cases),
        "file": str(sources[rule.id]),
    }
