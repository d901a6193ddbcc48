from __future__ import annotations

import pytest
from support.happenings import Scene

from errclass.outcomes import Store


@pytest.fixture(params=["waiting", "merged"])
def scene(request: pytest.FixtureRequest, store: Store) -> Scene:
    """A scene that is read from the inbox, or merged before it is read: the figures must not depend on it."""
    return Scene(store) if request.param == "waiting" else Scene(store, Store.merge)


@pytest.fixture
def waiting(store: Store) -> Scene:
    """A scene that is read from the inbox."""
    return Scene(store)
