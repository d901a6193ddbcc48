"""Managers that do not wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.escalations import WallClock

from errclass.actions.escalate import EscalationManager
from errclass.actions.retry import Naps


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def make(clock: WallClock) -> Callable[..., EscalationManager]:
    """Return a function that makes a manager; its waits put the clock forward."""

    def build(**options: Any) -> EscalationManager:
        return EscalationManager(clock=clock, naps=Naps(sleep=clock.sleep, asleep=clock.asleep), **options)

    return build
