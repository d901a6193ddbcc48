"""The review queue as a CSV file that a person fills in, and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...core.csv_cells import escape_cell, unescape_cell
from ...core.errors import UsageError
from ...core.escaping import escape_terminal
from ...core.taxonomy import Taxonomy
from ...outcomes import ReviewItem, Skipped, Store
from ...outcomes.opinions import measure_reach
from ...outcomes.reading.delimited import read_records
from ...outcomes.review_answers import Answer, add_answers, known_answers, known_outcomes
from .answering import read_retryable, read_type

COLUMNS = ("id", "fingerprint", "count", "type", "confidence", "excerpt", "label", "retryable")
"""A person fills in the last two."""
_NEEDED = ("id", "label")


@dataclass(slots=True)
class FileReport:
    """Count what became of the rows of one file."""

    path: str
    applied: int = 0
    known: int = 0
    """Answers that were given before, by this file or another with the same row."""
    empty: int = 0
    """Rows without an answer."""
    failures: int = 0
    """Failures that the answers speak for now, unless a later one outranks them."""
    refused: list[dict[str, str]] = field(default_factory=list)
    """``place`` and ``reason`` of each row that was left out."""


def write_review_file(path: Path, items: Sequence[ReviewItem]) -> None:
    """Write the queue; a file that is there already is refused, for somebody's answers may be in it."""
    document = io.StringIO(newline="")
    writer = csv.writer(document)
    writer.writerow(COLUMNS)
    writer.writerows(_row(item) for item in items)
    try:
        with path.open("x", encoding="utf-8-sig", errors="replace", newline="") as file:
            file.write(document.getvalue())
    except FileExistsError as error:
        raise UsageError(
            f"{path}: exists already, and may hold answers; take them in with --in, or name another file"
        ) from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def take_review_file(store: Store, path: Path, taxonomy: Taxonomy, *, author: str | None = None) -> FileReport:
    """Store the answers of a file; the same rows again add nothing. Rows that cannot be used are left out and reported.

    Raises UsageError when the file cannot be read, or lacks the columns ``id`` and ``label``.
    """
    skipped, report = Skipped(), FileReport(str(path))
    records = _read(path, skipped)
    report.refused += [{"place": "unreadable", "reason": reason} for reason in skipped.describe()]
    answers = list(_known_only(store, list(_answers(records, taxonomy, report)), report))
    before = known_answers(store, answers)
    fresh = {answer.label_id: answer for answer in answers if answer.label_id not in before}
    add_answers(store, fresh.values(), author=author)
    store.merge()
    report.applied, report.known = len(fresh), len(answers) - len(fresh)
    report.failures = measure_reach(store, [answer.label_id for answer in answers]).counting
    return report


def _row(item: ReviewItem) -> list[object]:
    confidence = None if item.confidence is None else f"{item.confidence:.2f}"
    cells = (item.id, item.fingerprint, item.count, item.type, confidence, escape_terminal(item.excerpt), None, None)
    return [escape_cell(cell) if isinstance(cell, str) else cell for cell in cells]


def _read(path: Path, skipped: Skipped) -> list[tuple[str, Mapping[str, Any]]]:
    try:
        records: list[tuple[str, Mapping[str, Any]]] = list(read_records(path, skipped))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    missing = [name for name in _NEEDED if records and name not in records[0][1]]
    if missing:
        raise UsageError(
            f"{path}: there is no column {missing[0]!r}; write a file to fill in with: errclass outcomes review --out"
        )
    return records


def _answers(
    records: Sequence[tuple[str, Mapping[str, Any]]], taxonomy: Taxonomy, report: FileReport
) -> Iterator[tuple[str, Answer]]:
    for place, record in records:
        cells = {name: unescape_cell(record.get(name) or "") for name in ("id", "label", "retryable")}
        if not any(cells[name].strip() for name in ("label", "retryable")):
            report.empty += 1
            continue
        try:
            yield place, _answer(cells, taxonomy)
        except UsageError as error:
            report.refused.append({"place": place, "reason": str(error)})


def _answer(cells: Mapping[str, str], taxonomy: Taxonomy) -> Answer:
    if not cells["label"].strip():
        raise UsageError("retryable is filled in, but label is not")
    return Answer(cells["id"], read_type(cells["label"], taxonomy), read_retryable(cells["retryable"]))


def _known_only(store: Store, placed: Sequence[tuple[str, Answer]], report: FileReport) -> Iterator[Answer]:
    known = known_outcomes(store, (answer.outcome_id for _, answer in placed))
    for place, answer in placed:
        if answer.outcome_id in known:
            yield answer
        else:
            report.refused.append(
                {"place": place, "reason": f"there is no outcome {answer.outcome_id!r} in {store.place}"}
            )
