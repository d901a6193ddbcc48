"""History files are taken into the store."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.outcomes import Store
from errclass.system.jobs.importing import ImportOptions, import_history


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with Store(tmp_path / "store") as store:
        yield store


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_rows_become_labelled_outcomes(store: Store, tmp_path: Path) -> None:
    """Labels are translated, everything that was read is counted."""
    file = write(
        tmp_path / "a.jsonl",
        {"text": "link down", "label": "Net"},
        {"text": "odd", "label": "what"},
        {"text": "bare"},
        "{",
    )
    report = import_history(file, ImportOptions(mapping={"net": "network"}), store)
    assert (str(file), 3, 1) == (report["path"], report["rows"], report["labelled"])
    assert [{"label": "what", "rows": 1, "nearest": None}] == report["foreign_labels"]
    assert 1 == len(report["skipped"])
    stored = list(store.outcomes())
    assert {"link down": ["network"], "odd": [], "bare": []} == {
        o.text: [label.type for label in o.labels] for o in stored
    }
    assert {"import"} == {outcome.context.source for outcome in stored}


def test_a_foreign_label_names_the_nearest_type(store: Store, tmp_path: Path) -> None:
    """So that a slip in the spelling is seen at once."""
    report = import_history(write(tmp_path / "a.jsonl", {"text": "x", "label": "Databases"}), ImportOptions(), store)
    assert "database" == report["foreign_labels"][0]["nearest"]


def test_secrets_are_masked_wherever_they_stand(store: Store, tmp_path: Path) -> None:
    """In the text, the tool, and what else a row says."""
    token = "ghp_" + "Ab3dEf6hIj" * 4
    row = {"text": f"push {token} refused", "tool": f"git {token}", "operation": f"push {token}", "job": f"x {token}"}
    import_history(write(tmp_path / "a.jsonl", row), ImportOptions(), store)
    (outcome,) = store.outcomes()
    assert token not in json.dumps([outcome.text, outcome.tool, outcome.context.to_dict()])
    assert "refused" in outcome.text


def test_rows_without_a_time_get_the_files(store: Store, tmp_path: Path) -> None:
    """When it was written, not when it was imported."""
    file = write(tmp_path / "a.jsonl", {"text": "link down", "label": "network"})
    moment = datetime(2026, 3, 2, 10, tzinfo=UTC)
    os.utime(file, (moment.timestamp(), moment.timestamp()))
    import_history(file, ImportOptions(), store)
    assert [moment] == [outcome.time for outcome in store.outcomes()]


def test_the_same_file_again_adds_nothing(store: Store, tmp_path: Path) -> None:
    """However often."""
    file = write(tmp_path / "a.jsonl", {"text": "link down", "label": "network"}, {"text": "link up"})
    for _ in range(2):
        import_history(file, ImportOptions(), store)
    assert 2 == len(list(store.outcomes()))


def test_named_columns_are_used(store: Store, tmp_path: Path) -> None:
    """Where the names are unusual."""
    (tmp_path / "a.csv").write_text("was,wieso\nlink down,network\n")
    report = import_history(tmp_path / "a.csv", ImportOptions("was", "wieso"), store)
    assert (1, 1) == (report["rows"], report["labelled"])


@pytest.mark.parametrize("options", [ImportOptions(text_column="nope"), ImportOptions(mapping={"a": "nope"})])
def test_a_wrong_option_writes_nothing(options: ImportOptions, store: Store, tmp_path: Path) -> None:
    """The user's slip is told first."""
    with pytest.raises(UsageError, match="nope"):
        import_history(write(tmp_path / "a.jsonl", {"text": "x"}), options, store)
    assert not store.exists()
