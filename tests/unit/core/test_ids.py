"""Identifiers are UUIDs of version 7."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from errclass.core.ids import new_id

if TYPE_CHECKING:
    import pytest


def test_the_layout_is_that_of_version_7(monkeypatch: pytest.MonkeyPatch) -> None:
    """48 bits of milliseconds, the version, a fraction, the variant, random bits."""
    monkeypatch.setattr("time.time_ns", lambda: 0x0123_4567_89AB * 1_000_000 + 500_000)
    identifier = uuid.UUID(new_id())
    assert (identifier.version, identifier.variant) == (7, uuid.RFC_4122)
    assert identifier.int >> 80 == 0x0123_4567_89AB
    assert identifier.int >> 64 & 0xFFF == 0x800


def test_later_ones_sort_after_earlier_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """As text, also within one millisecond."""
    moments = iter(range(1_700_000_000_000_000_000, 1_700_000_000_002_000_000, 10_000))
    monkeypatch.setattr("time.time_ns", lambda: next(moments))
    identifiers = [new_id() for _ in range(200)]
    assert sorted(identifiers) == identifiers


def test_ones_of_the_same_moment_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """62 bits are random."""
    monkeypatch.setattr("time.time_ns", lambda: 1_700_000_000_000_000_000)
    assert len({new_id() for _ in range(1000)}) == 1000


def test_it_is_written_as_uuids_are() -> None:
    """36 characters, lower case."""
    identifier = new_id()
    assert str(uuid.UUID(identifier)) == identifier
