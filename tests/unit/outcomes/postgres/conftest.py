from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from errclass.outcomes import Store

if TYPE_CHECKING:
    from support.postgres import PostgresServer


@pytest.fixture
def address(postgres: PostgresServer) -> Iterator[str]:
    """The address of a schema that does not exist yet."""
    with postgres.lend_place() as place:
        yield place


@pytest.fixture
def schema(address: str) -> str:
    """The name of that schema."""
    return address.rpartition("=")[2]


@pytest.fixture
def server_store(address: str) -> Iterator[Store]:
    """A store in the server that nothing was written to yet."""
    with Store(address) as opened:
        yield opened
