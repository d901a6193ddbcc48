from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from errclass.core.types import Context, Decision, Facts, Region, Signals
from errclass.rules import Derivation, Policy, decide, fold_facts, is_automatic, limit_autonomy

EMPTY = Policy("empty", "No rules at all.", (), (), {})
SIGNALS = Signals(Region("x", 1, 1), "x", None)


@dataclass
class Reckless:
    """An engine that wants a re-run whatever the facts are, as a user's rule may."""

    policy: Policy
    derived: Mapping[str, Any]
    name: str = "reckless"

    def decide(self, facts: Facts) -> Derivation:
        return Derivation({**facts, **self.derived}, ())


def decide_recklessly(context: Context, **derived: Any) -> Decision:
    wish = {"type": "network", "strategy": "retry", "plan_attempts": 4, "retryable": True, **derived}
    engine = Reckless(EMPTY, wish)
    return decide(engine, {}, signals=SIGNALS, prediction=None, context=context)


@pytest.mark.parametrize(
    ("context", "derived"),
    [
        (Context(effect="irreversible"), {}),
        (Context(effect="irreversible"), {"strategy": "recover"}),
        (Context(cancelled=True), {}),
        (Context(), {"unsure": "low_margin"}),
        (Context(), {"unsure": "empty", "strategy": "recover"}),
    ],
)
def test_no_rule_can_have_run_again_what_must_not_be(context: Context, derived: dict[str, Any]) -> None:
    """The promise holds in code, not only in the default rules."""
    decision = decide_recklessly(context, **derived)
    assert ("notify", 1) == (decision.strategy, decision.plan.max_attempts)
    assert "whatever the rules say" in decision.because[-1]


@pytest.mark.parametrize("effect", [None, "read_only", "idempotent", "reversible"])
def test_what_may_be_run_again_is_left_to_the_rules(effect: Any) -> None:
    """The gate says no to nothing else."""
    decision = decide_recklessly(Context(effect=effect))
    assert ("retry", 4, ()) == (decision.strategy, decision.plan.max_attempts, decision.because)


def test_an_escalation_of_an_irreversible_operation_stands() -> None:
    """Asking a person is always allowed."""
    assert "escalate" == decide_recklessly(Context(effect="irreversible"), strategy="escalate").strategy


@pytest.mark.parametrize("strategy", ["retry", "recover", "escalate"])
@pytest.mark.parametrize("facts", [{}, {"effect": "irreversible"}, {"cancelled": True}, {"kill_switch": True}])
def test_stored_facts_are_held_back_alike(facts: dict[str, Any], strategy: str) -> None:
    """The gate hears of the context by its facts, and says the same."""
    context = Context(effect=facts.get("effect"), cancelled=facts.get("cancelled", False))
    derived = {"type": "network", "strategy": strategy, "plan_attempts": 4, "plan_target": "codegen"}
    decision = decide(Reckless(EMPTY, derived), facts, signals=SIGNALS, prediction=None, context=context)
    folded = fold_facts(Derivation({**facts, **derived}, ()), EMPTY)
    assert (decision.strategy, decision.plan, decision.because) == (folded.strategy, folded.plan, folded.because)
    assert (strategy == folded.strategy and folded.plan.target == "codegen") == (
        not facts or (strategy == "escalate" and "effect" in facts)
    )


AUTOMATIC = [("retry", None), ("recover", None)] + [
    ("escalate", name) for name in ("codegen", "environment_reset", "system_reset")
]


@pytest.mark.parametrize(("strategy", "target"), AUTOMATIC)
@pytest.mark.parametrize(
    "facts", [{"cancelled": True}, {"kill_switch": True}, {"autonomy": "suggest"}, {"effect": "irreversible"}, {}]
)
def test_nothing_automatic_happens_that_must_not(facts: dict[str, Any], strategy: str, target: str | None) -> None:
    """Re-runs, recoveries, repairs and resets alike; only a proposed fix of an irreversible operation stands."""
    derived = {"type": "x", "strategy": strategy, "plan_target": target or "", "retryable": True}
    unsure = {} if facts else {"unsure": "low_margin"}
    made = fold_facts(Derivation({**facts, **derived, **unsure}, ()), EMPTY)
    stands = "effect" in facts and target == "codegen"
    assert stands == is_automatic(made.strategy, made.plan.target)


@pytest.mark.parametrize(("strategy", "target"), AUTOMATIC)
@pytest.mark.parametrize("effect", [None, "reversible"])
def test_a_limit_of_the_autonomy_only_lowers_it(strategy: str, target: str | None, effect: Any) -> None:
    """With ``suggest`` nothing is done, with ``ask`` nothing changes without consent, else all stays as it was."""
    facts = {"effect": effect} if effect else {}
    derived = {"type": "x", "strategy": strategy, "plan_target": target or ""}
    made = fold_facts(Derivation({**facts, **derived}, ()), EMPTY)
    changes = strategy != "retry" or effect == "reversible"
    assert made == limit_autonomy(made, None) == limit_autonomy(made, "auto")
    assert changes == limit_autonomy(made, "ask").plan.approval
    suggested = limit_autonomy(made, "suggest")
    assert not is_automatic(suggested.strategy, suggested.plan.target)
    asked = replace(made, plan=replace(made.plan, approval=True))
    assert limit_autonomy(asked, "ask").plan.approval
