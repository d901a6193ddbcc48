from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from support.random_history import Truth, draw_history, write_history

from errclass.core.types import Outcome
from errclass.outcomes import Store

SEED = 11


@pytest.fixture(scope="session")
def truth() -> Truth:
    """What really happened."""
    return draw_history(SEED)


@pytest.fixture(scope="session")
def history(truth: Truth, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store in which that was recorded and merged."""
    with Store(tmp_path_factory.mktemp("history") / "store") as store:
        write_history(truth, store).merge()
        yield store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store that nothing was written to yet."""
    with Store(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def write_failures() -> Callable[[Store, int, datetime], None]:
    """Write so many failures at one moment."""

    def write(store: Store, count: int, time: datetime) -> None:
        store.record_many(Outcome(f"{time:%d%H}-{number}", "boom", time=time) for number in range(count))

    return write
