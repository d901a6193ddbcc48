"""Values become what JSON can say."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from pathlib import PurePosixPath

import pytest

from errclass.core.frozen import FrozenDict
from errclass.core.jsonable import to_jsonable
from errclass.core.types import Context, Failure


@pytest.mark.parametrize("value", [None, True, 3, 0.5, "x", [], {}, ["a", {"b": [None]}]])
def test_what_json_knows_stays(value: object) -> None:
    """No copy changes it."""
    assert to_jsonable(value) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_without_a_word_in_json_become_none(value: float) -> None:
    """``json.dumps`` would write NaN, which no other parser takes."""
    assert to_jsonable([value]) == [None]


def test_times_are_written_in_utc() -> None:
    """Whatever their zone; one without is taken as UTC."""
    local = datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    assert to_jsonable(local) == "2026-01-01T00:00:00+00:00"
    assert to_jsonable(datetime(2026, 1, 1)) == "2026-01-01T00:00:00+00:00"


def test_sets_come_out_in_one_order() -> None:
    """Equal values have equal JSON."""
    assert to_jsonable({"b", "c", "a"}) == ["a", "b", "c"]
    assert to_jsonable(frozenset({2, 1})) == [1, 2]


def test_other_values_become_text() -> None:
    """Keys too."""
    assert to_jsonable({1: PurePosixPath("/a")}) == {"1": "/a"}


def test_dataclasses_become_dicts_all_the_way_down() -> None:
    """Slots and frozen mappings included."""
    context = Context(operation="x", metadata=FrozenDict({"k": "v"}))
    data = to_jsonable(Failure(text="boom", context=context, time=datetime(2026, 1, 1, tzinfo=UTC)))
    assert data["context"]["metadata"] == {"k": "v"}
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_a_dataclass_itself_is_no_value() -> None:
    """The class has no fields to read."""
    assert to_jsonable(Context) == str(Context)
