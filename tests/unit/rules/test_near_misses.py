"""Rules that one condition or one veto kept silent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from support.rule_sets import policy_of, rule_of

from errclass.core.frozen import FrozenDict
from errclass.rules import ForwardChainer, Policy
from errclass.rules.conditions import Condition, FactRef
from errclass.rules.effects import Lookup
from errclass.rules.near_misses import NearMiss, find_near_misses

LIMIT = rule_of("cause/limit", {}, {"attempts_limit": 4})
TIRED = rule_of("guard/tired", {"attempt": {"gte": FactRef("attempts_limit")}}, {"rerun_forbidden": "attempts"})
HELD = rule_of("strategy/held", {"rerun_forbidden": {"missing": False}}, {"strategy": "notify"}, priority=10)
RETRY = rule_of("strategy/retry", {}, {"strategy": "retry"}, {"effect": "irreversible"}, {"effect": "reversible"})
SET = (LIMIT, TIRED, HELD, RETRY)


def find(policy: Policy, **facts: Any) -> dict[str, NearMiss]:
    """Return the near misses by rule, in order."""
    found = find_near_misses(policy, ForwardChainer(policy).decide(facts))
    return {miss.rule: miss for miss in found}


def test_one_condition_that_does_not_hold() -> None:
    """With the facts that it is about, and what would have been otherwise."""
    miss = find(policy_of(*SET), attempt=3)["guard/tired"]
    assert (TIRED.when[0], ()) == (miss.condition, miss.veto)
    assert {"attempt": 3, "attempts_limit": 4} == dict(miss.found)
    assert {"strategy": "notify"} == dict(miss.changes)


def test_one_veto_that_holds() -> None:
    """Of two."""
    miss = find(policy_of(*SET), attempt=1, effect="reversible")["strategy/retry"]
    assert (None, RETRY.unless[1]) == (miss.condition, miss.veto)
    assert ({"effect": "reversible"}, {"strategy": "retry"}) == (dict(miss.found), dict(miss.changes))


def test_what_is_never_run_again_stays_so() -> None:
    """Whatever a rule would have said: the decision holds it back."""
    assert {} == dict(find(policy_of(*SET), attempt=1, effect="irreversible")["strategy/retry"].changes)


def test_two_obstacles_are_no_near_miss() -> None:
    """Two conditions, two vetoes, or one of each."""
    two = rule_of("guard/two", {"branch": "main", "tool": "npm"}, {"severity": "high"})
    both = rule_of("guard/both", {"branch": "main"}, {"severity": "high"}, {"effect": "idempotent"})
    doubly = rule_of("guard/doubly", {}, {"severity": "high"}, {"effect": "idempotent"}, {"attempt": 1})
    assert [] == [*find(policy_of(two, both, doubly), attempt=1, effect="idempotent")]


def test_a_rule_that_fired_is_none() -> None:
    """Also when all that it would set was set."""
    late = replace(RETRY, id="strategy/sate", unless=())
    assert {} == find(policy_of(RETRY, late), attempt=1)


def test_a_fact_of_a_later_stage_does_not_count() -> None:
    """Its absence was the truth when the rule was asked."""
    early = rule_of("cause/early", {"severity": {"missing": True}, "branch": "main"}, {"type": "x"})
    late = rule_of("guard/late", {}, {"severity": "high"})
    assert "branch" == find(policy_of(early, late), attempt=1)["cause/early"].condition.fact  # type: ignore[union-attr]


def test_what_it_lacks_to_set_is_told_and_nothing_of_what_would_be() -> None:
    """A row of a table that is not there has no value."""
    looking = replace(TIRED, when=(), then=(Lookup("severity", "rows", "tool", FrozenDict({"npm": "high"})),))
    miss = find(policy_of(looking), tool="pip")["guard/tired"]
    assert (Condition("tool", "in", ("npm",)), {}) == (miss.condition, dict(miss.changes))


def test_a_condition_that_is_asked_twice_is_one() -> None:
    """Once by ``when``, once since it is copied."""
    copying = rule_of("guard/copy", {"tool": {"missing": False}}, {"channels": FactRef("tool")})
    assert ["guard/copy"] == [*find(policy_of(copying), attempt=1)]


def test_what_would_have_changed_most_comes_first() -> None:
    """The strategy, the type, whether a re-run helps, the severity, then nothing; in each the later stage."""
    asked = {"branch": "main"}
    rules = [
        rule_of("strategy/nothing", asked, {"channels": "x"}),
        rule_of("strategy/severity", asked, {"severity": "high"}),
        rule_of("guard/retryable", asked, {"retryable": True}),
        rule_of("cause/type", asked, {"type": "build"}),
        rule_of("cause/early", asked, {"strategy": "escalate"}),
        rule_of("strategy/late", asked, {"strategy": "ignore"}),
    ]
    wanted = ["strategy/late", "cause/early", "cause/type", "guard/retryable", "strategy/severity", "strategy/nothing"]
    assert wanted == [*find(policy_of(*rules), attempt=1)]


def test_the_shipped_set_has_some_for_any_facts(default_policy: Policy) -> None:
    """And what would have changed is another value each time."""
    facts = {"predicted_type": "network", "confidence": 0.95, "attempt": 1, "history_failed_attempts": 1}
    found = find(default_policy, **facts)
    assert {"guard/attempts_used_up", "strategy/cancelled"} <= set(found)
    assert all(value is not None for miss in found.values() for value in miss.changes.values())
    assert "strategy" in next(iter(found.values())).changes
