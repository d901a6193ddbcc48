"""What becomes of models is kept, and a store that cannot keep it stops nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from errclass.core.errors import StoreError
from errclass.system.registering import register_model


class Keeper:
    """A store that keeps such events, or fails at it."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.kept: list[tuple[Any, ...]] = []
        self.fault = fault

    def register(self, kind: str, version: str, event: str, document: Mapping[str, Any], *, author: str = "") -> None:
        if self.fault:
            raise self.fault
        self.kept.append((kind, version, event, dict(document), author))


def test_an_event_is_kept() -> None:
    """As one of a model."""
    keeper = Keeper()
    register_model(keeper, "linear-1", "promoted", {"forced": False}, author="ann")
    assert [("model", "linear-1", "promoted", {"forced": False}, "ann")] == keeper.kept


def test_a_broken_store_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """And the promotion goes on."""
    register_model(Keeper(StoreError("disk full")), "linear-1", "trained", {})
    assert ["errclass.model_not_registered: disk full"] == [record.message for record in caplog.records]


def test_another_fault_is_no_store_error() -> None:
    """A mistake of ours is not swept under the carpet."""
    with pytest.raises(KeyError):
        register_model(Keeper(KeyError("x")), "linear-1", "trained", {})
