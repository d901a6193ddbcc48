"""Compare both engines with a brute-force reference on random policies; run as a program by ``test_engines_equal``.

A program of its own, so that a crash of the C module ends this process and not the test run. Prints counts as JSON.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errclass.core.frozen import FrozenDict
from errclass.rules.chaining import ForwardChainer
from errclass.rules.conditions import OPERATORS, Condition, FactRef, all_hold
from errclass.rules.durable import DurableEngine, import_durable
from errclass.rules.effects import Constant, Copy, Effect, Lookup
from errclass.rules.engine import Derivation
from errclass.rules.firing import Trigger
from errclass.rules.normalising import normalise_facts
from errclass.rules.policy import Policy, order_rules
from errclass.rules.rule import Rule

STAGES = ("s0", "s1", "s2")
INPUTS = tuple(f"i{number}" for number in range(5))
DERIVED = tuple(tuple(f"d{stage}_{number}" for number in range(3)) for stage in range(len(STAGES)))
CONSTANTS: tuple[Any, ...] = (
    "x",
    "y",
    "",
    'q"\\',
    "\u00fc\x00\U0001f600",
    0,
    1,
    2,
    0.5,
    -3,
    10**9,
    0.0001,
    True,
    False,
)
USUAL = ("x", "y", 1, 2, 0.5, True)
HOSTILE: tuple[Any, ...] = (
    "", 'q"\\', "'; --", "\x00", "\u00fc\x00\U0001f600", "\ud800", "a" * 70_000, "{}", "[1]", "null", "1", "true",
    10**30, -(10**30), 2**63, float("nan"), float("inf"), float("-inf"), 1e300, 5e-324, -0.0, 0.00005, 1.0, 0, 10**9,
    None, [], {}, b"x", object(), False,
)  # fmt: skip
ROWS = FrozenDict({"x": 1, "y": "x", "": True, "1": 0.5})
COUNTS: Counter[str] = Counter()

usual = st.sampled_from(USUAL)
constants = st.one_of(usual, st.sampled_from(CONSTANTS))
bounds = st.sampled_from([0, 1, 2, 0.5, 1.5, -3, 10**9])


@st.composite
def conditions(draw: st.DrawFn, names: tuple[str, ...], *, absence: bool = True) -> Condition:
    """Draw one test on one of the named facts."""
    fact = draw(st.sampled_from(names))
    operator: Any = draw(st.sampled_from(("is", *OPERATORS)))
    if operator == "missing":
        return Condition(fact, operator, absence and draw(st.booleans()))
    if operator in ("in", "not_in"):
        return Condition(fact, operator, tuple(draw(st.lists(constants, min_size=1, max_size=3))))
    if draw(st.integers(0, 5)) == 0:
        return Condition(fact, operator, FactRef(draw(st.sampled_from(names))))
    return Condition(fact, operator, draw(constants if operator in ("is", "not") else bounds))


@st.composite
def effects(draw: st.DrawFn, stage: int) -> tuple[Effect, ...]:
    """Draw what a rule of a stage sets: mostly facts of its own stage, at times one of an earlier."""
    own = DERIVED[stage] * 2 + tuple(name for names in DERIVED[:stage] for name in names)
    seen = INPUTS + tuple(name for names in DERIVED[: stage + 1] for name in names)
    chosen = draw(st.lists(st.sampled_from(own), min_size=1, max_size=2, unique=True))
    return tuple(draw(_one_effect(fact, seen)) for fact in chosen)


@st.composite
def _one_effect(draw: st.DrawFn, fact: str, seen: tuple[str, ...]) -> Effect:
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return Copy(fact, draw(st.sampled_from(seen)))
    if kind == 1:
        otherwise = draw(st.none() | constants)
        by = seen if otherwise is None else INPUTS
        return Lookup(fact, "rows", draw(st.sampled_from(by)), ROWS, otherwise)
    return Constant(fact, draw(constants))


@st.composite
def stage_rules(draw: st.DrawFn, stage: int) -> list[Rule]:
    """Draw the rules of one stage; absence and vetoes keep to facts that no rule of the stage sets."""
    thens = draw(st.lists(effects(stage), min_size=3, max_size=6))
    taken = {effect.fact for then in thens for effect in then}
    earlier = tuple(name for names in DERIVED[:stage] for name in names)
    settled = tuple(name for name in INPUTS + earlier if name not in taken)
    derived = tuple(name for names in DERIVED[: stage + 1] for name in names)
    positive = conditions(INPUTS + derived * 2, absence=False)
    chained = st.sampled_from(derived).map(lambda name: Condition(name, "missing", False))
    vetoes = st.lists(st.lists(conditions(settled), min_size=1, max_size=2).map(tuple), max_size=1)
    return [
        Rule(
            id=f"{STAGES[stage]}/r{number}",
            title="",
            priority=draw(st.sampled_from((10, 50, 50))),
            when=tuple(draw(st.lists(st.one_of(chained, positive, conditions(settled)), max_size=2))),
            unless=tuple(draw(vetoes)),
            then=then,
            because="{i0} {d0_0}",
        )
        for number, then in enumerate(thens)
    ]


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a policy of three stages."""
    rules = {rule.id: rule for stage in range(len(STAGES)) for rule in draw(stage_rules(stage))}
    return Policy("random", "", STAGES, order_rules(rules, STAGES), FrozenDict({"rows": ROWS}))


def fact_sets(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Draw a batch of ten inputs for one policy."""
    facts = st.dictionaries(st.sampled_from(INPUTS), values, min_size=1)
    return st.lists(facts, min_size=10, max_size=10)


def decide_slowly(policy: Policy, facts: dict[str, Any]) -> Derivation:
    """Apply the semantics word by word."""
    known, trace = normalise_facts(facts), []
    for rules in policy.by_stage:
        left = list(rules)
        while ready := [rule for rule in left if all_hold(rule.conditions, known) and not rule.is_vetoed(known)]:
            rule = min(ready, key=lambda rule: (rule.priority, rule.id))
            left.remove(rule)
            trace.append(Trigger(rule).fire(known))
    return Derivation(FrozenDict(known), tuple(trace))


def compare(policy: Policy, batch: list[dict[str, Any]]) -> None:
    """Assert that all engines agree on every member of the batch, in whatever order its facts come."""
    engines: list[Any] = [ForwardChainer(policy), *([DurableEngine(policy)] if import_durable() else [])]
    for facts in batch:
        expected = describe(decide_slowly(policy, facts))
        shuffled = dict(random.Random(len(COUNTS)).sample(list(facts.items()), len(facts)))
        for engine in engines:
            assert expected == describe(engine.decide(facts)), (engine.name, facts)
            assert expected == describe(engine.decide(shuffled)), (engine.name, facts)
        count(policy, engines[0].decide(facts))
    for engine in engines[1:]:
        engine.close()


def describe(derivation: Derivation) -> str:
    """Return facts and trace as text that tells 1, 1.0 and True apart and compares NUL and surrogates exactly."""
    trace = [(firing.rule, sorted(firing.sets.items()), sorted(firing.overridden.items()), firing.because,
              sorted(firing.used.items()))
             for firing in derivation.trace]  # fmt: skip
    return ascii((sorted(derivation.facts.items()), trace))


def count(policy: Policy, derivation: Derivation) -> None:
    """Note which of the hard situations the case held."""
    rules = {rule.id: rule for rule in policy.rules}
    fired = [rules[firing.rule] for firing in derivation.trace]
    depth: dict[str, int] = {}
    for firing, rule in zip(derivation.trace, fired, strict=True):
        level = 1 + max((depth.get(name, 0) for name in rule.reads), default=0)
        depth.update(dict.fromkeys(firing.sets, level))
    chained = max(depth.values(), default=0) >= 3
    collided = len({(rule.stage, rule.priority) for rule in fired}) < len(fired)
    ready = [rule for rule in rules.values() if all_hold(rule.conditions, derivation.facts)]
    vetoed = any(rule.is_vetoed(derivation.facts) for rule in ready)
    COUNTS.update(cases=1, fired=bool(fired), chained=chained, collided=collided, vetoed=vetoed)
    COUNTS.update(hard=chained or collided or vetoed)


def main(policies_to_draw: int, kind: str) -> None:
    """Compare on that many policies, with ``usual`` or ``hostile`` facts, and print the counts."""
    values = usual if kind == "usual" else st.one_of(usual, st.sampled_from(HOSTILE))
    profile = settings(
        max_examples=policies_to_draw,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )

    @profile
    @given(policies(), fact_sets(values))
    def run(policy: Policy, batch: list[dict[str, Any]]) -> None:
        compare(policy, batch)

    run()
    sys.stdout.write(json.dumps({"durable": import_durable() is not None, **COUNTS}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
