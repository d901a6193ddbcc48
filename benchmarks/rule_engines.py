"""Measure how long the rules take to decide, with both engines, at several sizes of the rule set.

The full default set is timed on the facts of real texts (the bundled captures and corpus, each in a context of its
own); sets of 10, 50 and 200 rules are made for the purpose: five stages, two conditions a rule, a fifth of them fire.
Nothing is remembered between decisions.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.corpus_facts import build_corpus_facts

from errclass.core.frozen import FrozenDict
from errclass.core.types import Facts
from errclass.rules import DEFAULT_FOLDER, DurableEngine, Engine, ForwardChainer, Policy, Rule, load_policy
from errclass.rules.conditions import Condition
from errclass.rules.durable import import_durable
from errclass.rules.effects import Constant
from errclass.rules.policy import order_rules
from errclass.system.taxonomy_file import load_taxonomy

_STAGES = 5
_INPUTS = 20


def main() -> None:
    """Print a table of microseconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--step", type=int, default=10, help="use every n-th text (10)")
    options = parser.parse_args()
    policy = load_policy(DEFAULT_FOLDER, load_taxonomy().tables())
    sets = [(f"default ({len(policy.rules)} rules)", policy, list(build_corpus_facts(options.step)))]
    sets += [(f"{size} rules", make_policy(size), make_facts()) for size in (10, 50, 200)]
    sys.stdout.write("| set | engine | median us | 95 % us |\n|---|---|---:|---:|\n")
    for name, rules, facts in sets:
        for engine in list_engines(rules):
            times = measure(engine, facts)
            sys.stdout.write(f"| {name} | {engine.name} | {median(times):.0f} | {quantiles(times, n=20)[-1]:.0f} |\n")


def list_engines(policy: Policy) -> list[Engine]:
    """Return the engines that run here."""
    return [ForwardChainer(policy), *([DurableEngine(policy)] if import_durable() else [])]


def measure(engine: Engine, facts: Sequence[Facts]) -> list[float]:
    """Return microseconds per decision, after one round to warm up."""
    times = []
    for found in (*facts, *facts):
        start = time.perf_counter()
        engine.decide(found)
        times.append((time.perf_counter() - start) * 1e6)
    return times[len(facts) :]


def make_policy(size: int) -> Policy:
    """Return a set of so many rules in five stages; every fourth reads what the stage before set."""
    draw = random.Random(size)
    rules: dict[str, Rule] = {}
    for number in range(size):
        stage = number * _STAGES // size
        first = Condition(f"d{stage - 1}", "missing", False) if stage and number % 4 == 0 else _draw_condition(draw)
        rule_id = f"s{stage}/r{number:03}"
        effect = Constant(f"d{stage}", f"v{number}")
        rules[rule_id] = Rule(rule_id, "", 50, (first, _draw_condition(draw)), (), (effect,), "{i0} says so")
    stages = tuple(f"s{stage}" for stage in range(_STAGES))
    return Policy("made", "", stages, order_rules(rules, stages), FrozenDict({}))


def _draw_condition(draw: random.Random) -> Condition:
    name = f"i{draw.randrange(_INPUTS)}"
    return (
        Condition(name, "is", draw.choice("abc")) if draw.random() < 0.5 else Condition(name, "not", draw.choice("abc"))
    )


def make_facts() -> list[Facts]:
    """Return two hundred inputs."""
    draw = random.Random(7)
    return [{f"i{number}": draw.choice("abcd") for number in range(_INPUTS)} for _ in range(200)]


if __name__ == "__main__":
    main()
