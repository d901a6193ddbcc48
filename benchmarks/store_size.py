"""Measure how much disk outcomes take, as they are recorded: the failing region, and the decision with facts and trace.

The bundled training texts are decided by the model in use and recorded again and again, each time as another run of
another commit. Prints megabytes per million outcomes, after a vacuum, and what the parts of them take.

    python benchmarks/store_size.py --outcomes 50000
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from errclass.classify.bundled import load_bundled
from errclass.core.failure import failure_from_text
from errclass.core.ids import new_id
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store
from errclass.system.pipeline import answer_failure, to_outcome
from errclass.system.settings import load_settings
from errclass.system.taxonomy_file import load_taxonomy
from errclass.system.wiring import build_parts

_PARTS = {
    "texts": "SELECT sum(strlen(text)) FROM failures",
    "decisions, as JSON": "SELECT sum(strlen(document)) FROM decisions",
    "facts, as JSON": "SELECT sum(strlen(facts)) FROM decisions",
    "traces, as JSON": "SELECT sum(strlen(trace)) FROM decisions",
}


def make_outcomes(count: int, distinct: int) -> Iterator[Outcome]:
    """Yield decided outcomes of so many distinct texts, over one year."""
    parts = build_parts(load_settings())
    parts = replace(parts, store=None)
    texts = [example.text for example in load_bundled(load_taxonomy())][:distinct]
    decided = [to_outcome(answer_failure(failure_from_text(text), parts), parts.engine) for text in texts]
    draw = random.Random(1)
    for number, outcome in enumerate(islice(cycle(decided), count)):
        context = Context(
            environment=draw.choice(["staging", "production"]),
            operation=f"deploy {draw.randrange(50)}",
            operation_id=f"run-{number}",
            component=f"component {draw.randrange(20)}",
            repository=f"shop/service-{draw.randrange(30)}",
            branch="main",
            commit=f"{draw.getrandbits(160):040x}",
            job=f"job {draw.randrange(200)}",
        )
        time = outcome.time - timedelta(seconds=draw.randrange(365 * 86_400))
        decision = outcome.decision and replace(outcome.decision, context=context, decision_id=new_id())
        yield replace(outcome, id=new_id(), time=time, context=context, decision=decision)


def main() -> None:
    """Record, merge, vacuum, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outcomes", type=int, default=50_000, help="default: 50000")
    parser.add_argument("--distinct", type=int, default=5_000, help="distinct texts among them (default: 5000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="errclass-size-") as folder, Store(folder) as store:
        store.record_many(make_outcomes(options.outcomes, options.distinct))
        waiting = (Path(folder) / "inbox.sqlite").stat().st_size
        store.merge(wait=60)
        store.vacuum()
        size = (Path(folder) / "outcomes.duckdb").stat().st_size
        scale = 1_000_000 / options.outcomes / 1e6
        print(f"history: {size * scale:,.0f} MB per million outcomes")
        print(f"inbox, before they were merged: {waiting * scale:,.0f} MB per million outcomes")
        with store.reading() as session:
            for part, query in _PARTS.items():
                (total,) = session.execute(query).fetchall()[0]
                print(f"  {part}: {int(total) * scale:,.0f} MB before DuckDB's compression")


if __name__ == "__main__":
    main()
