"""Compare both engines on policies as wide as durable-rules is trusted with; run as a program by ``test_engines_equal``.

A program of its own for the reason that ``engine_comparison`` is one.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

from engine_comparison import CONSTANTS, USUAL, decide_slowly, describe

from errclass.core.frozen import FrozenDict
from errclass.rules.conditions import Condition
from errclass.rules.durable import DurableEngine
from errclass.rules.effects import Constant
from errclass.rules.policy import Policy, order_rules
from errclass.rules.rule import Rule
from errclass.rules.selection import FACT_LIMIT, RULE_LIMIT

STAGES = tuple(f"s{number}" for number in range(10))
INPUTS = tuple(f"i{number}" for number in range(FACT_LIMIT - 2 * len(STAGES)))
DERIVED = tuple(f"d{number}" for number in range(2 * len(STAGES)))


def draw_policy(chance: random.Random) -> Policy:
    """Draw a policy of as many rules as there may be, over nearly as many facts."""
    unread = [*INPUTS]
    rules = {}
    for number in range(RULE_LIMIT):
        stage = number * len(STAGES) // RULE_LIMIT
        names = [unread.pop() if unread else chance.choice(INPUTS)]
        names += chance.sample([*INPUTS, *DERIVED[: 2 * stage]], chance.choice((0, 0, 1, 2)))
        rule = Rule(
            id=f"{STAGES[stage]}/r{number}",
            title="",
            priority=chance.choice((10, 50, 50)),
            when=tuple(draw_condition(chance, name) for name in names),
            unless=((draw_condition(chance, chance.choice(INPUTS)),),) if chance.random() < 0.2 else (),
            then=tuple(Constant(name, chance.choice(USUAL)) for name in DERIVED[2 * stage : 2 * stage + 2]),
            because="",
        )
        rules[rule.id] = rule
    return Policy("wide", "", STAGES, order_rules(rules, STAGES), FrozenDict({}))


def draw_condition(chance: random.Random, fact: str) -> Condition:
    """Draw a test that often holds, so that rules chain."""
    if chance.random() < 0.5:
        return Condition(fact, "missing", False)
    if chance.random() < 0.3:
        return Condition(fact, chance.choice(("gte", "lt")), chance.choice((0, 1, 2)))
    return Condition(fact, chance.choice(("is", "not")), chance.choice(USUAL))


def main(policies: int) -> None:
    """Compare on that many policies, ten sets of facts each, half of them with every input."""
    chance = random.Random(20261129)
    fired = most = reads = 0
    for _ in range(policies):
        policy = draw_policy(chance)
        engine = DurableEngine(policy)
        reads = max(reads, len(policy.reads))
        for case in range(10):
            names = INPUTS if case % 2 else chance.sample(INPUTS, len(INPUTS) // 2)
            facts: dict[str, Any] = {name: chance.choice(USUAL + CONSTANTS) for name in names}
            derivation = engine.decide(facts)
            assert describe(decide_slowly(policy, facts)) == describe(derivation), facts
            fired, most = fired + len(derivation.trace), max(most, len(derivation.trace))
        engine.close()
    sys.stdout.write(json.dumps({"fired": fired, "most": most, "reads": reads, "rules": RULE_LIMIT}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
