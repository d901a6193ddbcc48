from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from errclass.outcomes import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store folder that does not exist yet."""
    return tmp_path / "home" / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """A store that nothing was written to yet."""
    with Store(folder) as opened:
        yield opened
