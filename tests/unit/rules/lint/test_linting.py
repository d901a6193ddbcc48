"""All checks together, over sets as they are."""

from __future__ import annotations

from dataclasses import replace

from errclass.rules import DEFAULT_FOLDER, ForwardChainer, Policy, load_policy
from errclass.rules.lint import CHECKS, lint_policy
from errclass.system.taxonomy_file import load_taxonomy

from .conftest import MakePolicy

ONE = {"when": {"operation": "shop"}, "then": {"strategy": "notify"}}
OTHER = {"when": {"branch": "main"}, "then": {"strategy": "escalate"}}


def test_nothing_is_wrong_with_the_shipped_rules(default_policy: Policy) -> None:
    """And every question about them is decided."""
    shipped = load_policy(DEFAULT_FOLDER, load_taxonomy().tables())
    for policy in (default_policy, shipped):
        report = lint_policy(policy)
        assert ((), ()) == (report.findings, report.undecided)


def test_checks_can_be_chosen(make_policy: MakePolicy) -> None:
    """The others are not run."""
    policy = make_policy({"a/one": ONE, "a/other": OTHER})
    assert {"contradictory", "missing_outcomes", "missing_cases", "never_set"} == {
        f.check for f in lint_policy(policy).findings
    }
    assert {"contradictory"} == {f.check for f in lint_policy(policy, only=["contradictory"]).findings}


def test_every_finding_is_of_the_check_that_made_it(make_policy: MakePolicy) -> None:
    """Names of checks are what findings, options and the documentation share."""
    policy = make_policy({"a/one": ONE, "a/other": OTHER})
    for name in CHECKS:
        assert {name} >= {finding.check for finding in lint_policy(policy, only=[name]).findings}


def test_progress_is_told_check_by_check(make_policy: MakePolicy) -> None:
    """How many are done, and how many there are."""
    steps: list[tuple[int, int]] = []
    lint_policy(make_policy({"a/one": ONE}), show=lambda step, done, total: steps.append((done, total)))
    assert [(done, len(CHECKS)) for done in range(1, len(CHECKS) + 1)] == steps


def test_the_order_of_rules_that_contradict_is_only_their_names(make_policy: MakePolicy) -> None:
    """The proof of such a finding: with the names exchanged the other wins on the same facts."""
    policy = make_policy({"a/one": ONE, "a/other": OTHER})
    facts = lint_policy(policy, only=["contradictory"]).findings[0].facts
    one, other = policy.rules
    turned = replace(policy, rules=(replace(other, id="a/one"), replace(one, id="a/other")))
    outcomes = [ForwardChainer(rules).decide(facts).facts["strategy"] for rules in (policy, turned)]
    assert ["notify", "escalate"] == outcomes
