from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from errclass.outcomes import Store


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs just any store on each kind of store; a test that asks for the ``folder`` is about folders."""
    if "place" in metafunc.fixturenames:
        kinds = ["folder"] if "folder" in metafunc.fixturenames else ["folder", "postgres"]
        metafunc.parametrize("place", kinds, indirect=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store folder that does not exist yet."""
    return tmp_path / "home" / "store"


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a store may be made; there is none yet."""
    if request.param == "folder":
        yield str(tmp_path / "home" / "store")
    else:
        with request.getfixturevalue("postgres").lend_place() as address:
            yield address


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """A store that nothing was written to yet."""
    with Store(place) as opened:
        yield opened
