"""Signals, prediction, context and history as facts."""

from __future__ import annotations

import pytest

from errclass.core.types import (
    Chance,
    CodeHit,
    Context,
    Failure,
    History,
    Prediction,
    RecoveryChance,
    Region,
    Signals,
    TypeProbability,
)
from errclass.rules import INPUTS, RENEWED, build_facts, renew_facts
from errclass.rules.facts import find_best_hit

WEAK = CodeHit("http", "404", 0, 3, line=1, type="dependency", strength="weak")
STRONG = CodeHit("errno", "ECONNRESET", 9, 19, line=4, type="network", strength="strong")
EXACT = CodeHit("errno", "ENOSPC", 30, 36, line=9, type="resource", strength="exact", retryable=False)
OUTSIDE = CodeHit("exit", "137", -1, -1, line=0, type="resource", strength="strong")
TAG = CodeHit("npm", "ELIFECYCLE", 0, 5, line=1, strength="exact")
PREDICTION = Prediction((TypeProbability("network", 0.7), TypeProbability("test", 0.2)), abstained="low_margin")


def make_signals(*codes: CodeHit, **fields: object) -> Signals:
    """Return signals with these codes."""
    return Signals(Region("", 1, 1), "", "0123456789abcdef", codes=codes, **fields)  # type: ignore[arg-type]


def test_all_facts_are_in_the_vocabulary() -> None:
    """Rules can read every fact that is made, and know of no other."""
    failure = Failure("x", exception_type="builtins.OSError", exit_code=1)
    facts = build_facts(make_signals(EXACT, TAG, gap="truncated"), PREDICTION, Context(), History(), failure)
    assert set() == set(facts) - set(INPUTS)


def test_strongest_code_is_the_best_wherever_it_stands() -> None:
    """Strength goes before place, place in the text before outside it, and a mere tag never counts."""
    assert find_best_hit([TAG, WEAK, STRONG, EXACT]) is EXACT
    assert find_best_hit([OUTSIDE, STRONG]) is STRONG
    assert find_best_hit([TAG]) is None


def test_evidence_facts_describe_the_best_code() -> None:
    """Type, code, table, strength and retryability of the best hit become facts."""
    facts = build_facts(make_signals(WEAK, EXACT), PREDICTION, Context(), History())
    found = {name: value for name, value in facts.items() if name.startswith("evidence_")}
    assert {
        "evidence_type": "resource",
        "evidence_code": "ENOSPC",
        "evidence_key": "errno:ENOSPC",
        "evidence_table": "errno",
        "evidence_strength": "exact",
        "evidence_retryable": False,
        "evidence_agrees": True,
        "evidence_confirms": False,
    } == found


def test_exact_codes_of_two_types_do_not_agree() -> None:
    """Two exact codes that point to different types contradict each other."""
    other = CodeHit("http", "429", 40, 43, line=10, type="rate_limit", strength="exact")
    facts = build_facts(make_signals(EXACT, other), None, Context(), History())
    assert facts["evidence_agrees"] is False


def test_unknown_values_are_absent() -> None:
    """Without a model, codes and context only what is always known is a fact."""
    facts = build_facts(make_signals(), None, Context(), History())
    assert [
        "attempt", "cancelled", "failing_tests", "flaky_tests", "has_fingerprint", "history_available",
        "history_failed_attempts", "history_incident", "history_jobs", "history_retries", "history_retry_successes",
        "history_seen", "vocabulary",
    ] == sorted(facts)  # fmt: skip


def test_tables_without_a_fact_of_their_own_are_tools() -> None:
    """An npm code is a tool's code; an errno has a fact of its own."""
    facts = build_facts(make_signals(TAG, STRONG), None, Context(), History())
    assert ("ELIFECYCLE", "ECONNRESET") == (facts["code_tool"], facts["code_errno"])


def test_prediction_margin_and_retry_rate_are_computed() -> None:
    """Margin is first less second, the rate successes by re-runs."""
    facts = build_facts(make_signals(), PREDICTION, Context(), History(retries=4, retry_successes=1))
    assert (0.5, "test", 0.25) == (facts["margin"], facts["runner_up"], facts["history_retry_rate"])


def test_chances_are_facts() -> None:
    """The posterior of a re-run, and the recovery that helped most often."""
    chance = Chance(0.71, 0.56, 0.83, 42, 30, "fingerprint")
    history = History(retry=chance, recoveries=(RecoveryChance("clear_cache", chance),), jobs=6, incident=True)
    facts = build_facts(make_signals(), None, Context(), history)
    assert (0.71, 0.83) == (facts["history_retry_odds"], facts["history_retry_odds_high"])
    assert ("clear_cache", 0.71) == (facts["history_best_recovery"], facts["history_best_recovery_odds"])
    assert (6, True) == (facts["history_jobs"], facts["history_incident"])


@pytest.mark.parametrize(
    ("failing", "flaky", "expected"),
    [(("a", "b"), ("a", "b"), True), (("a", "b"), ("a",), False), (("a",), (), False), ((), (), None)],
)
def test_only_flaky_tests(failing: tuple[str, ...], flaky: tuple[str, ...], expected: bool | None) -> None:
    """All of the failing tests must be known to be flaky; without any the fact is absent."""
    facts = build_facts(make_signals(failing_tests=failing), None, Context(), History(flaky_tests=flaky))
    assert (len(flaky), expected) == (facts["flaky_tests"], facts.get("only_flaky_tests"))


def test_renewing_changes_what_model_and_codes_say_and_nothing_else() -> None:
    """Context, history and whatever else was stored stays; what the other model does not say goes."""
    stored = build_facts(
        make_signals(EXACT, gap="truncated"), PREDICTION, Context(operation="deploy", attempt=3), History(seen=7)
    )
    sure = Prediction((TypeProbability("test", 0.9),), retryable=0.25)
    renewed = renew_facts({**stored, "eclipse": True}, make_signals(STRONG), sure)
    fresh = build_facts(make_signals(STRONG), sure, Context(), History())
    assert {name: fresh[name] for name in RENEWED & set(fresh)} == {
        name: renewed[name] for name in RENEWED & set(renewed)
    }
    assert {name: value for name, value in renewed.items() if name not in RENEWED} == {
        **{name: value for name, value in stored.items() if name not in RENEWED},
        "eclipse": True,
    }
    assert ("abstained" in stored, "abstained" in renewed) == (True, False)


def test_renewing_with_the_same_changes_nothing() -> None:
    """So a replay with the model that decided shows no change of its own."""
    stored = build_facts(make_signals(EXACT, STRONG), PREDICTION, Context(), History())
    assert stored == renew_facts(stored, make_signals(EXACT, STRONG), PREDICTION)
