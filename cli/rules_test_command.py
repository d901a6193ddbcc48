"""``errclass rules test``: run what a rule set says of itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import format_option, read_settings
from .output import print_json, print_table
from .rule_options import load_policy_of, require_name, rules_option

if TYPE_CHECKING:
    from ..rules import CaseResult, Policy, Rule
    from ..system.settings import Settings


@click.command(name="test")
@click.option("--rule", "rule_id", metavar="ID", help="Only this rule: its own cases, without scenarios.")
@click.option("--mutate", is_flag=True, help="Also take each rule away in turn, and list those that no case misses.")
@click.option("--strict", is_flag=True, help="Fail also where your folders decide a shipped case otherwise.")
@click.option("--verbose", is_flag=True, help="Show the cases that hold too.")
@rules_option
@format_option
def test_command(
    rule_id: str | None, mutate: bool, strict: bool, verbose: bool, folders: tuple[Path, ...], form: str
) -> None:
    """Run every rule's own cases, and every scenario of the whole set, on both engines; exit with 1 when one fails.

    A rule that fires in no case and no scenario when all rules run together fails too. With --mutate a rule fails
    whose absence no case notices, of those that pass when all rules run together. A case that comes with errclass and
    that your folders decide otherwise is told, and fails only with --strict: to change it is what they are for.

    \b
    Examples:
      errclass rules test --rules our-rules/
      errclass rules test --rule strategy/retry
      errclass rules test --mutate
    """
    settings = read_settings()
    policy = load_policy_of(folders, settings)
    require_name("--rule", "rule", rule_id, [rule.id for rule in policy.rules])
    rules = [rule for rule in policy.rules if rule_id in {None, rule.id}]
    results, unnoticed = _run(policy, rules, mutate=mutate)
    failed = [result for result in results if not result.passed]
    otherwise = [] if strict else _pick_shipped(failed, policy, settings)
    failed = [result for result in failed if result not in otherwise]
    if form == "json":
        report = {"revision": policy.revision, "cases": len(results), "failed": failed, "otherwise": otherwise}
        print_json({**report, "results": results} | ({"unnoticed": unnoticed} if mutate else {}))
    else:
        _render([("FAILED", failed), ("otherwise", otherwise)], unnoticed)
        if verbose:
            _render([("ok", [result for result in results if result.passed])], ())
        told = f", {len(otherwise)} decided otherwise by your folders" if otherwise else ""
        told += f", {len(unnoticed)} not missed" if mutate else ""
        click.echo(f"{len(rules)} rules, {len(results)} cases, {len(failed)} failed{told} (revision {policy.revision})")
    sys.exit(1 if failed or unnoticed else 0)


def _pick_shipped(failed: Sequence[CaseResult], policy: Policy, settings: Settings) -> list[CaseResult]:
    """Return the results of cases that come with errclass, where other folders lie over its rules."""
    from ..rules.whole_set import SCENARIO
    from ..system.rules_in_use import load_rules
    from ..system.taxonomy_in_use import find_taxonomy

    shipped = load_rules(find_taxonomy(settings))
    if shipped.revision == policy.revision:
        return []
    known = {(rule.id, case.name) for rule in shipped.rules for case in rule.cases}
    known |= {(SCENARIO, case.name) for case in shipped.scenarios}
    return [result for result in failed if (result.rule, result.case) in known]


def _run(policy: Policy, rules: list[Rule], *, mutate: bool) -> tuple[list[CaseResult], Sequence[str]]:
    from ..rules.checking import check_rules
    from ..rules.mutation import list_unnoticed
    from ..rules.whole_set import check_firing, check_scenarios, run_whole_set

    runs = run_whole_set(policy)
    results = [*check_rules(rules, policy), *check_firing(rules, runs)]
    if len(rules) == len(policy.rules):
        results += check_scenarios(policy)
    return results, list_unnoticed(policy, runs, rules) if mutate else ()


def _render(groups: Sequence[tuple[str, Sequence[CaseResult]]], unnoticed: Sequence[str]) -> None:
    rows = [(word, r.rule, r.case, r.engine, r.message) for word, results in groups for r in results]
    rows += [("FAILED", rule, "taken away", "", "no case that passes notices") for rule in unnoticed]
    if rows:
        print_table("", ("", "rule", "case", "engine", "message"), rows)
