from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.planted_history import write_planted

from errclass.outcomes import Store


@pytest.fixture(scope="session")
def planted_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with planted truths."""
    with Store(tmp_path_factory.mktemp("planted") / "store") as opened:
        yield write_planted(opened)
