"""Facts into rules, rules into facts."""

from __future__ import annotations

import pytest
from support.rule_sets import policy_of, rule_of

from errclass.rules import Policy
from errclass.rules.conditions import FactRef
from errclass.rules.graph import build_graph, find_role

TIRED = rule_of("guard/tired", {"attempt": {"gte": FactRef("attempts_limit")}}, {"rerun_forbidden": "x"})
RETRY = rule_of("strategy/retry", {}, {"strategy": "retry", "mine": 1}, {"rerun_forbidden": {"missing": False}})
SMALL = policy_of(TIRED, RETRY)


def test_a_graph_has_all_that_is_read_and_set() -> None:
    """Thresholds and vetoes included."""
    graph = build_graph(SMALL)
    assert ("attempt", "attempts_limit", "mine", "rerun_forbidden", "strategy") == graph.facts
    assert ((TIRED, RETRY), ("guard", "strategy")) == (graph.rules, graph.stages)


@pytest.mark.parametrize(
    ("wish", "rules"),
    [
        ({"stage": "guard"}, (TIRED,)),
        ({"stage": "cause"}, ()),
        ({"fact": "rerun_forbidden"}, (TIRED, RETRY)),
        ({"fact": "mine"}, (RETRY,)),
        ({"stage": "guard", "fact": "mine"}, ()),
    ],
)
def test_a_graph_is_cut_to_a_stage_and_a_fact(wish: dict[str, str], rules: tuple[object, ...]) -> None:
    """To rules that read or set it."""
    assert rules == build_graph(SMALL, **wish).rules


@pytest.mark.parametrize(
    ("fact", "role"), [("attempt", "input"), ("attempts_limit", "step"), ("strategy", "output"), ("mine", "own")]
)
def test_every_fact_has_a_role(fact: str, role: str) -> None:
    """Known from the vocabulary."""
    assert role == find_role(fact)


def test_the_shipped_graph_has_every_rule(default_policy: Policy) -> None:
    """And every stage."""
    graph = build_graph(default_policy)
    assert (default_policy.rules, default_policy.stages) == (graph.rules, graph.stages)
