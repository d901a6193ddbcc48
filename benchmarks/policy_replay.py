"""Measure how fast stored decisions are decided anew by other rules, beside doing it one by one.

Texts of the corpus are decided by the shipped model, and again in ever other circumstances; all of it is recorded as
any outcome is. Then a set of rules with another threshold is replayed over it. Beside it stands the plain way: take
each outcome out of the store and decide its facts as the pipeline does. Both must give the same matrix.

    PYTHONPATH=tests python benchmarks/policy_replay.py --outcomes 100000
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple, TypeVar

from support.decided import decide_facts, make_outcomes

from errclass.classify.bundled import load_bundled
from errclass.core.clock import utc_now
from errclass.outcomes import Store
from errclass.rules import Layer
from errclass.system.jobs.replay.ruling import summarise_decision
from errclass.system.jobs.replaying import ReplayRequest, replay_rules
from errclass.system.rules_in_use import build_engine, load_rules
from errclass.system.settings import Settings, load_settings
from errclass.system.taxonomy_file import load_taxonomy
from errclass.system.wiring import Parts, build_parts

Matrix = Counter[tuple[str, str]]
T = TypeVar("T")

_RULE = """
title: Two calls are enough
priority: 1
when:
  attempt: {gte: 2}
unless:
  cancelled: true
then:
  strategy: notify
because: It was called {attempt} times.
cases:
  fires:
    - name: the second call
      facts: {attempt: 2}
      expect: {strategy: notify}
  silent:
    - name: the first call
      facts: {attempt: 1}
"""


def fill(store: Store, parts: Parts, outcomes: int, texts: int) -> None:
    """Decide and record."""
    examples = load_bundled(load_taxonomy())
    chosen = [example.text for example in examples[:: max(1, len(examples) // texts)][:texts]]
    store.record_many(make_outcomes(parts, chosen, outcomes, utc_now() - timedelta(days=25)))
    store.merge(wait=60)


def write_rules(folder: Path) -> Path:
    """Write the other rules and return their folder."""
    (folder / "strategy").mkdir(parents=True)
    (folder / "strategy" / "two_calls.yaml").write_text(_RULE)
    return folder


def decide_one_by_one(store: Store, settings: Settings, rules: Path) -> Matrix:
    """Return the matrix of actions as the pipeline itself would make it."""
    engine = build_engine(load_rules(load_taxonomy(), [Layer(rules)]))
    matrix: Matrix = Counter()
    for outcome in store.outcomes():
        assert outcome.decision is not None  # noqa: S101 - for the type checker
        made = decide_facts(engine, outcome.facts, outcome.context, settings.decision)
        matrix[summarise_decision(outcome.decision).action, summarise_decision(made).action] += 1
    return matrix


def main() -> int:
    """Fill, replay, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outcomes", type=int, default=100_000, help="default: 100000")
    parser.add_argument("--texts", type=int, default=300, help="texts of the corpus among them (default: 300)")
    parser.add_argument("--folder", type=Path, help="keep the store there and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="errclass-replay-") as temporary:
        place = options.folder or Path(temporary) / "store"
        settings = load_settings(overrides={"home": temporary, "store": str(place)})
        rules = write_rules(Path(temporary) / "rules")
        with Store(place) as store:
            if not store.exists():
                fill(store, build_parts(settings), options.outcomes, options.texts)
            return compare(store, settings, rules)


def compare(store: Store, settings: Settings, rules: Path) -> int:
    """Print how long both ways take; return 1 where they differ."""
    report, replayed = clock(lambda: replay_rules(settings, ReplayRequest("60d", (rules,))))
    naive, plain = clock(lambda: decide_one_by_one(store, settings, rules))
    found = Counter({(cell["before"], cell["after"]): cell["decisions"] for cell in report["matrix"]})
    count = report["decisions"]["replayed"]
    print(f"{count} decisions, {report['changed']} changed")
    for name, seconds in (("replayed", replayed), ("one by one", plain)):
        print(f"{name}: {seconds.wall:.1f} s, {seconds.cpu:.1f} s of CPU, {1e6 * seconds.cpu / count:.0f} us each")
    print(f"one by one takes {plain.wall / replayed.wall:.1f} times as long, {plain.cpu / replayed.cpu:.1f} of CPU")
    if found != naive:
        print(f"THEY DIFFER: {found - naive} beside {naive - found}")
    return int(found != naive)


class Seconds(NamedTuple):
    """Hold how long something took, and how long a processor worked for it."""

    wall: float
    cpu: float


def clock(act: Callable[[], T]) -> tuple[T, Seconds]:
    """Return what comes of it, and how long it took; a busy machine shows in the one and not in the other."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = act()
    return made, Seconds(time.perf_counter() - wall, time.process_time() - cpu)


if __name__ == "__main__":
    sys.exit(main())
