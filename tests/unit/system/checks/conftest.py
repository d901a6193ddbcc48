"""A home that exists, and a store in it with one merged outcome."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.system.settings import Settings, load_settings

THEN = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def own_home(home: Path) -> Path:
    """Return the home, made as errclass makes it."""
    home.mkdir(mode=0o700)
    return home


@pytest.fixture
def load(own_home: Path, tree: Path) -> Callable[..., Settings]:
    """Return what reads the settings, with these flags, in a working tree of its own."""

    def read(**flags: Any) -> Settings:
        return load_settings(cwd=tree, overrides={key.replace("__", "."): value for key, value in flags.items()})

    return read


@pytest.fixture
def settings(load: Callable[..., Settings]) -> Settings:
    """Return the usual settings."""
    return load()


@pytest.fixture
def folder(settings: Settings) -> Path:
    """Return the folder of a store with one outcome in its history."""
    with Store(settings.store) as store:
        store.record(Outcome(id="a", text="ETIMEDOUT", time=THEN))
        store.merge(wait=10)
    return Path(settings.store)
