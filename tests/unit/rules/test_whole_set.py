"""The whole set on the cases that it carries, and what is missed when a rule is taken away."""

from __future__ import annotations

from dataclasses import replace

from support.rule_sets import fires, policy_of, rule_of, silent

from errclass.rules import DEFAULT_FOLDER, Policy, find_obstacle, load_policy
from errclass.rules.conditions import FactRef
from errclass.rules.mutation import list_unnoticed
from errclass.rules.whole_set import SCENARIO, check_firing, check_scenarios, run_whole_set
from errclass.system.taxonomy_file import load_taxonomy

ATTEMPT = {"attempt": 4}
TIRED = rule_of(
    "guard/tired",
    {"attempt": {"gte": 3}},
    {"rerun_forbidden": "attempts"},
    cases=(fires(ATTEMPT, {"rerun_forbidden": "attempts"}), silent({"attempt": 2})),
)
STOP = rule_of(
    "strategy/stop",
    {"rerun_forbidden": {"missing": False}},
    {"strategy": "notify"},
    priority=10,
    cases=(fires({"rerun_forbidden": "x"}, {"strategy": "notify"}), silent(ATTEMPT)),
)
RETRY = rule_of("strategy/retry", {}, {"strategy": "retry"}, cases=(fires({"attempt": 1}, {"strategy": "retry"}),))


def unnoticed(policy: Policy) -> tuple[str, ...]:
    return list_unnoticed(policy, run_whole_set(policy), policy.rules)


def test_every_scenario_runs_on_every_engine() -> None:
    """The whole set together."""
    policy = policy_of(TIRED, STOP, RETRY, scenarios=(fires(ATTEMPT, {"strategy": "notify"}, "tired"),))
    engines = ["own", *(["durable-rules"] if find_obstacle(policy) is None else [])]
    assert [(SCENARIO, "tired", engine, "") for engine in engines] == [
        (result.rule, result.case, result.engine, result.message) for result in check_scenarios(policy)
    ]


def test_a_scenario_that_comes_out_otherwise_says_how() -> None:
    """All expected facts have to come out."""
    wanted = {"strategy": "retry", "rerun_forbidden": "attempts", "severity": "low"}
    policy = policy_of(TIRED, STOP, RETRY, scenarios=(fires(ATTEMPT, wanted),))
    messages = {"strategy is 'notify', expected 'retry'; severity is not set, expected 'low'"}
    assert messages == {result.message for result in check_scenarios(policy)}


def test_a_set_without_scenarios_has_no_results() -> None:
    """And needs no engine."""
    assert () == check_scenarios(policy_of(TIRED))


def test_a_rule_that_never_fires_is_told() -> None:
    """Here another always sets first what it asks to be absent."""
    dead = rule_of("strategy/dead", {"rerun_forbidden": {"missing": True}}, {"channels": "x"}, cases=(silent(ATTEMPT),))
    always = rule_of("guard/always", {}, {"rerun_forbidden": "always"})
    policy = policy_of(always, dead, RETRY)
    assert ["strategy/dead"] == [result.rule for result in check_firing(policy.rules, run_whole_set(policy))]
    assert () == check_firing(policy.rules[:1], run_whole_set(policy))


def test_a_scenario_may_be_what_makes_a_rule_fire() -> None:
    """No case of its own does."""
    bare = rule_of("cause/bare", {"branch": "main"}, {"type": "x"})
    assert 1 == len(check_firing([bare], run_whole_set(policy_of(bare, TIRED))))
    policy = policy_of(bare, TIRED, scenarios=(fires({"branch": "main"}, {"type": "x"}),))
    assert () == check_firing([bare], run_whole_set(policy))


def test_no_rule_of_a_well_tested_set_is_unnoticed() -> None:
    """Each is missed by a case of its own or of another."""
    assert () == unnoticed(policy_of(TIRED, STOP, RETRY))


def test_a_rule_whose_effect_another_has_too_is_unnoticed() -> None:
    """That it does not fire in its own case tells nothing: what it sets comes out all the same."""
    twin = replace(TIRED, id="guard/tired_too")
    assert ("guard/tired", "guard/tired_too") == unnoticed(policy_of(TIRED, twin, STOP, RETRY))


def test_a_rule_whose_case_expects_nothing_is_unnoticed() -> None:
    """Unless a case of another rule needs it, or needs to be silent for it."""
    loose = replace(TIRED, cases=(fires(ATTEMPT),))
    assert ("guard/tired",) == unnoticed(policy_of(loose, STOP))
    needing = replace(RETRY, unless=(STOP.when,), cases=(*RETRY.cases, silent(ATTEMPT)))
    assert () == unnoticed(policy_of(loose, replace(STOP, cases=STOP.cases[:1]), needing))


def test_a_case_that_fails_anyway_notices_nothing() -> None:
    """Only what passes on the whole set counts."""
    wrong = replace(RETRY, cases=(fires(ATTEMPT, {"strategy": "retry"}),))
    assert ("strategy/retry",) == unnoticed(policy_of(TIRED, STOP, wrong))


def test_a_derived_fact_of_a_case_is_given() -> None:
    """No rule can set it again."""
    copier = rule_of("strategy/copy", {}, {"channels": FactRef("rerun_forbidden")})
    policy = policy_of(TIRED, copier, scenarios=(fires({"attempt": 9, "rerun_forbidden": "mine"}),))
    (run,) = [run for run in run_whole_set(policy) if run.owner is None]
    assert ("mine", "mine") == (run.derivation.facts["rerun_forbidden"], run.derivation.facts["channels"])


def test_the_shipped_set_holds_as_a_whole() -> None:
    """Every scenario comes out, every rule fires, and none could be taken away unnoticed."""
    policy = load_policy(DEFAULT_FOLDER, load_taxonomy().tables())
    runs = run_whole_set(policy)
    assert [] == [result for result in check_scenarios(policy) if not result.passed]
    assert () == check_firing(policy.rules, runs)
    assert () == list_unnoticed(policy, runs, policy.rules)
