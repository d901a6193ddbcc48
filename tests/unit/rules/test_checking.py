"""The cases that rules carry, and the shipped rules by their own cases."""

from __future__ import annotations

from dataclasses import replace

from errclass.core.frozen import FrozenDict
from errclass.rules import DEFAULT_FOLDER, Policy, check_policy, load_policy
from errclass.system.taxonomy_file import load_taxonomy


def test_every_shipped_case_passes_on_every_engine(default_policy: Policy) -> None:
    """Each rule fires in a case and stays silent in one, and does what the case says."""
    assert [] == [result for result in check_policy(default_policy) if not result.passed]


def test_every_shipped_case_passes_with_the_shipped_taxonomy() -> None:
    """The rules and the taxonomy that are shipped fit each other."""
    policy = load_policy(DEFAULT_FOLDER, load_taxonomy().tables())
    assert [] == [result for result in check_policy(policy) if not result.passed]


def test_shipped_set_is_not_small(default_policy: Policy) -> None:
    """Each rule brings its two kinds of cases."""
    results = check_policy(default_policy)
    assert len(default_policy.rules) >= 30
    assert len({(result.rule, result.case) for result in results}) >= 2 * len(default_policy.rules)


def test_wrong_expectation_is_reported(default_policy: Policy) -> None:
    """A case that expects another value says which fact differs."""
    rule = next(rule for rule in default_policy.rules if rule.id == "strategy/retry")
    wrong = replace(rule.cases[0], expect=FrozenDict({"strategy": "notify"}))
    results = check_policy(replace(default_policy, rules=(replace(rule, cases=(wrong, *rule.cases[1:])),)))
    assert {"strategy is 'retry', expected 'notify'"} == {result.message for result in results if not result.passed}


def test_wrong_firing_is_reported_both_ways(default_policy: Policy) -> None:
    """A rule that is silent where it should fire, or fires where it should not, is a problem."""
    rule = next(rule for rule in default_policy.rules if rule.id == "strategy/retry")
    turned = tuple(replace(case, fires=not case.fires) for case in rule.cases)
    results = check_policy(replace(default_policy, rules=(replace(rule, cases=turned),)))
    assert all(not result.passed for result in results)


def test_rule_without_cases_is_reported(default_policy: Policy) -> None:
    """Both kinds of cases are asked for."""
    rule = replace(default_policy.rules[-1], cases=())
    problems = [result.case for result in check_policy(replace(default_policy, rules=(rule,)))]
    assert ["a case that fires", "a case that stays silent"] == problems
