"""Which texts a model is measured on, and what is left out and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from errclass.core.errors import UsageError
from errclass.system.jobs.labelled_rows import LabelledFile, read_labelled
from errclass.system.taxonomy_file import load_taxonomy

TAXONOMY = load_taxonomy()
TWO = [{"text": "a", "label": "network"}, {"text": "b", "label": "Rate Limit"}]


def write(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_labels_are_spelled_as_in_training(tmp_path: Path) -> None:
    """Case, blanks and dashes are the same; texts and types stay one for one."""
    rows = read_labelled(LabelledFile(write(tmp_path / "rows.jsonl", *TWO)), TAXONOMY)
    assert (["a", "b"], ["network", "rate_limit"]) == (rows.texts, rows.types)


def test_a_map_translates(tmp_path: Path) -> None:
    """As in training."""
    path = write(tmp_path / "rows.jsonl", *TWO, {"text": "c", "label": "gremlins"})
    rows = read_labelled(LabelledFile(path, mapping={"gremlins": "system"}), TAXONOMY)
    assert (["network", "rate_limit", "system"], {}) == (rows.types, rows.foreign)


def test_columns_may_be_named(tmp_path: Path) -> None:
    """Where their names are unusual."""
    path = write(tmp_path / "rows.jsonl", {"what": "a", "why": "network"}, {"what": "b", "why": "test"})
    rows = read_labelled(LabelledFile(path, text_column="what", label_column="why"), TAXONOMY)
    assert (["a", "b"], ["network", "test"]) == (rows.texts, rows.types)


def test_what_the_rows_say_of_a_re_run_is_kept(tmp_path: Path) -> None:
    """None where a row does not say."""
    path = write(tmp_path / "rows.jsonl", *TWO, {"text": "c", "label": "test", "retryable": False})
    assert [None, None, False] == read_labelled(LabelledFile(path), TAXONOMY).retryables


def test_other_keys_are_passed_over(tmp_path: Path) -> None:
    """A list of acceptable types is no second truth."""
    rows = [{**row, "accept": ["test", "build"], "source": "issue"} for row in TWO]
    found = read_labelled(LabelledFile(write(tmp_path / "rows.jsonl", *rows)), TAXONOMY)
    assert ["network", "rate_limit"] == found.types


def test_rows_without_a_usable_label_are_counted_and_named(tmp_path: Path) -> None:
    """None, a foreign one, no text: each for itself."""
    others = [{"text": "c"}, {"text": "d", "label": "gremlins"}, {"text": "e", "label": "gremlins"}, {"label": "test"}]
    rows = read_labelled(LabelledFile(write(tmp_path / "rows.jsonl", *TWO, *others)), TAXONOMY)
    assert (["a", "b"], {"gremlins": 2}) == (rows.texts, rows.foreign)
    assert ["1 skipped: no label (line 3)", "1 skipped: no text (line 6)"] == rows.skipped.describe()


def test_a_folder_of_logs_is_labelled_by_its_folders(tmp_path: Path) -> None:
    """Whatever training reads."""
    for kind in ("network", "test"):
        (tmp_path / "logs" / kind).mkdir(parents=True)
        (tmp_path / "logs" / kind / "1.log").write_text(kind)
    assert ["network", "test"] == read_labelled(LabelledFile(tmp_path / "logs"), TAXONOMY).types


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"text": "a"}, {"text": "b"}], "no text has a label.*--label-column"),
        ([TWO[0], TWO[0]], "every labelled text says 'network'"),
        ([TWO[0], {"text": "b", "label": "gremlins"}], "every labelled text says 'network'"),
        ([{"text": "a", "label": "gremlins"}], r"\('gremlins'\).*--map.*network, resource"),
        ([], "is empty"),
        ([{"text": " ", "label": "test"}], r"no usable row: 1 skipped: empty text \(line 1\)"),
    ],
)
def test_what_cannot_be_measured_on_is_told(rows: list[Any], message: str, tmp_path: Path) -> None:
    """With the way out, where there is one."""
    with pytest.raises(UsageError, match=message):
        read_labelled(LabelledFile(write(tmp_path / "rows.jsonl", *rows)), TAXONOMY)
