from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from errclass.core.types import Context, Outcome
from errclass.outcomes import Store


def test_threads_share_a_store(tmp_path: Path) -> None:
    """Recording, merging and reading at once in one process loses nothing and raises nothing."""
    with Store(tmp_path / "store") as store, ThreadPoolExecutor(4) as pool:

        def work(number: int) -> str:
            name = store.record(Outcome(str(number), "boom", fingerprint="f" * 16))
            if number % 10 == 0:
                store.merge()
            if number % 25 == 0:
                store.history("f" * 16, Context())
            return name

        names = list(pool.map(work, range(100)))
        store.merge(wait=5)
        assert Counter(names) == Counter(outcome.id for outcome in store.outcomes())
