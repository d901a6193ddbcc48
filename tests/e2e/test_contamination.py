"""No failure that the model is measured on stands in this repository; only where these failures are at hand."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.contamination import find_contaminated
from support.source import find_source, list_tracked

SOURCE = find_source()
FOLDER = Path(os.environ.get("ERRCLASS_EVAL") or SOURCE.parent / "shared" / "eval")


def read_records(folder: Path) -> dict[str, str]:
    """Return the measured texts by id: those of the tables, and whole logs."""
    records = {}
    for path in sorted(folder.rglob("*.jsonl")):
        rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        records |= {f"{path.stem}/{row.get('id', number)}": str(row.get("text", "")) for number, row in enumerate(rows)}
    for path in sorted({*folder.rglob("*.log"), *folder.rglob("*.txt")}):
        records[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8", errors="replace")
    return records


def read_tracked() -> Iterator[tuple[str, str]]:
    """Yield the tracked files that are text, each with its name."""
    for name in list_tracked(SOURCE):
        content = (SOURCE / name).read_bytes()
        if b"\0" not in content:
            yield name, content.decode("utf-8", errors="replace")


@pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the measured failures are not here; name their folder in ERRCLASS_EVAL"
)
@pytest.mark.skipif(not (SOURCE / ".git").exists(), reason="no checkout: what is tracked cannot be told")
def test_no_measured_text_is_in_the_repository() -> None:
    """More than half of its runs of eight words in one file, or one run of twenty-five, is a copy."""
    records = read_records(FOLDER)
    assert records
    # Not the texts: whoever reads the message must not learn what is measured.
    found = [f"{one.record} in {one.file} ({one.share:.0%})" for one in find_contaminated(records, read_tracked())]
    if found:
        pytest.fail("\n".join(sorted(found)), pytrace=False)


def test_records_are_read_by_id(tmp_path: Path) -> None:
    """From tables and from whole logs, wherever below the folder."""
    (tmp_path / "long").mkdir()
    (tmp_path / "long" / "one.log").write_text("a log", encoding="utf-8")
    (tmp_path / "long" / "one.json").write_text("{}", encoding="utf-8")
    (tmp_path / "set.jsonl").write_text('{"id": "x1", "text": "a text"}\n\n{"text": "no id"}\n', encoding="utf-8")
    assert {"set/x1": "a text", "set/1": "no id", "long/one.log": "a log"} == read_records(tmp_path)


def test_binary_files_are_passed_over() -> None:
    """All others are read: code, texts, models in JSON."""
    names = {name for name, _ in read_tracked()}
    assert {"README.md", "models/default/manifest.json", "data/taxonomy.yaml"} <= names
    assert "models/default/weights.npz" not in names
