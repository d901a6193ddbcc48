"""``errclass rules test``: run what a rule set says of itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import format_option
from .output import print_json, print_table
from .rule_options import load_policy_of, require_name, rules_option

if TYPE_CHECKING:
    from ..rules import CaseResult, Policy, Rule


@click.command(name="test")
@click.option("--rule", "rule_id", metavar="ID", help="Only this rule: its own cases, without scenarios.")
@click.option("--mutate", is_flag=True, help="Also take each rule away in turn, and list those that no case misses.")
@rules_option
@format_option
def test_command(rule_id: str | None, mutate: bool, folders: tuple[Path, ...], form: str) -> None:
    """Run every rule's own cases, and every scenario of the whole set, on both engines; exit with 1 when one fails.

    A rule that fires in no case and no scenario when all rules run together fails too. With --mutate a rule fails
    whose absence no case notices, of those that pass when all rules run together.

    \b
    Examples:
      errclass rules test --rules our-rules/
      errclass rules test --rule strategy/retry
      errclass rules test --mutate
    """
    policy = load_policy_of(folders)
    require_name("--rule", "rule", rule_id, [rule.id for rule in policy.rules])
    rules = [rule for rule in policy.rules if rule_id in {None, rule.id}]
    results, unnoticed = _run(policy, rules, mutate=mutate)
    failed = [result for result in results if not result.passed]
    if form == "json":
        report = {"revision": policy.revision, "cases": len(results), "failed": failed, "results": results}
        print_json({**report, "unnoticed": unnoticed} if mutate else report)
    else:
        _render(results, unnoticed)
        told = f", {len(unnoticed)} not missed" if mutate else ""
        click.echo(f"{len(rules)} rules, {len(results)} cases, {len(failed)} failed{told} (revision {policy.revision})")
    sys.exit(1 if failed or unnoticed else 0)


def _run(policy: Policy, rules: list[Rule], *, mutate: bool) -> tuple[list[CaseResult], Sequence[str]]:
    from ..rules.checking import check_rules
    from ..rules.mutation import list_unnoticed
    from ..rules.whole_set import check_firing, check_scenarios, run_whole_set

    runs = run_whole_set(policy)
    results = [*check_rules(rules, policy), *check_firing(rules, runs)]
    if len(rules) == len(policy.rules):
        results += check_scenarios(policy)
    return results, list_unnoticed(policy, runs, rules) if mutate else ()


def _render(results: Sequence[CaseResult], unnoticed: Sequence[str]) -> None:
    rows = [("ok" if r.passed else "FAILED", r.rule, r.case, r.engine, r.message) for r in results]
    rows += [("FAILED", rule, "taken away", "", "no case that passes notices") for rule in unnoticed]
    print_table("", ("", "rule", "case", "engine", "message"), rows)
