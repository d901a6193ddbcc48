from __future__ import annotations

import json
from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.core.types import Context
from errclass.outcomes.reading import read_history


def test_context_is_taken_over(tmp_path: Path) -> None:
    """Named fields as such, others as metadata, and columns of the row itself go first."""
    path = tmp_path / "a.jsonl"
    row = {
        "text": "boom",
        "job": "ci",
        "context": {"operation": "deploy", "job": "x", "runner": "r1", "deep": {"a": 1}},
    }
    path.write_text(json.dumps(row))
    (found,) = read_history(path).rows
    assert Context(operation="deploy", job="ci", metadata=found.context.metadata) == found.context
    assert {"runner": "r1"} == dict(found.context.metadata)


def test_broken_lines_are_skipped(tmp_path: Path) -> None:
    """Each with its reason; blank lines are nothing."""
    path = tmp_path / "a.ndjson"
    good = '{"text": "boom", "label": "test"}'
    deep = "[" * 100_000
    bad = ['{"text": ', '["boom"]', '{"text": 5}', '{"label": "x"}', '{"text": "x", "label": {}}', deep]
    path.write_text("\n".join([good, "", *bad, good]))
    history = read_history(path)
    assert ["line 1", "line 9"] == [row.place for row in history.rows]
    expected = {
        "broken JSON": ["line 3", "line 8"],
        "not a JSON object": ["line 4"],
        "the text is not a string": ["line 5"],
        "no text": ["line 6"],
        "the label is not a name": ["line 7"],
    }
    assert expected == history.skipped.places


def test_columns_may_differ_between_lines(tmp_path: Path) -> None:
    """A label that only later lines have is found."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n{"text": "b", "label": "test"}\n')
    assert [None, "test"] == [row.label for row in read_history(path).rows]


@pytest.mark.parametrize("content", ['[{"text": "boom"}]', '[\n{"text": "boom"}\n]'])
def test_json_array_is_refused_with_the_way_out(tmp_path: Path, content: str) -> None:
    """The message says how to turn it into lines."""
    path = tmp_path / "a.json"
    path.write_text(content)
    with pytest.raises(UsageError, match="jq -c"):
        read_history(path)
