"""Take a history file into the store, its labels translated into the taxonomy's types."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...classify.training import signals_of
from ...core.errors import UsageError
from ...core.failure import mask_context
from ...core.happenings import CaseResult
from ...core.masking import mask_secrets
from ...core.taxonomy import Taxonomy
from ...core.types import Context
from ...outcomes import (
    Row,
    Skipped,
    Store,
    import_outcomes,
    is_export,
    read_history,
    read_test_cases,
    restore_export,
)
from ..taxonomy_file import load_taxonomy
from .label_mapping import LabelMapping


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Say how to read a history file."""

    text_column: str | None = None
    label_column: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    importer: str | None = None
    """Name of the importer to read with; None takes the one that recognises the file."""
    context: Context = field(default_factory=Context)
    """What holds for all of the file, where a row does not say otherwise."""


def import_history(
    path: Path, options: ImportOptions, store: Store, taxonomy: Taxonomy | None = None
) -> dict[str, Any]:
    """Import one file and report rows, labels, test results, and what was skipped and why.

    A label that neither the taxonomy nor the map knows is left off its row, and counted. What another store exported is
    taken in as it is.
    """
    if is_export(path):
        return _restore(path, store)
    if (path / "failures.csv").is_file():
        raise UsageError(
            f"{path} is an export in CSV, for other programs; export JSON lines or Parquet to take it in again"
        )
    known = taxonomy or load_taxonomy()
    cases, failing = _import_cases(path, options.context, store) if path.suffix == ".xml" else (0, True)
    report = _import_rows(path, options, store, known) if failing else _report(path)
    store.merge()
    return report | {"test_results": cases}


def _restore(path: Path, store: Store) -> dict[str, Any]:
    skipped = Skipped()
    counts = restore_export(store, path, skipped)
    report = _report(path, rows=counts.total(), labelled=counts["labels"], skipped=skipped.describe())
    return report | {"test_results": counts["test_results"], "tables": dict(counts)}


def _import_rows(path: Path, options: ImportOptions, store: Store, known: Taxonomy) -> dict[str, Any]:
    history = read_history(
        path, text_column=options.text_column, label_column=options.label_column, importer=options.importer
    )
    foreign: Counter[str] = Counter()
    rows = _prepare(history.rows, LabelMapping(known, options.mapping), foreign, options.context)
    report = import_outcomes(
        store, rows, mask=mask_secrets, fingerprint=lambda text: signals_of(text).fingerprint, time=_time_of(path)
    )
    return _report(
        path,
        rows=report.rows,
        labelled=report.labelled,
        skipped=history.skipped.describe(),
        foreign_labels=[
            {"label": label, "rows": count, "nearest": known.nearest(label)} for label, count in foreign.most_common()
        ],
    )


def _report(path: Path, **found: Any) -> dict[str, Any]:
    return {"path": str(path), "rows": 0, "labelled": 0, "skipped": [], "foreign_labels": [], **found}


def _import_cases(path: Path, context: Context, store: Store) -> tuple[int, bool]:
    """Record how each test of a report went, and return their number and whether any failed."""
    failed = False

    def results() -> Iterator[CaseResult]:
        nonlocal failed
        for number, case in enumerate(read_test_cases(path, Skipped())):
            failed = failed or not case.passed
            parts = (case.test, number, case.time, case.seconds, context.commit, context.repository)
            yield CaseResult(
                id=hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32],
                test=case.test,
                passed=case.passed,
                commit=context.commit,
                repository=context.repository,
                operation=context.operation,
                seconds=case.seconds,
                time=case.time or _time_of(path),
            )

    return store.record_cases(results()), failed


def _time_of(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _prepare(rows: Iterable[Row], mapping: LabelMapping, foreign: Counter[str], context: Context) -> Iterator[Row]:
    usual = {name: value for name, value in context.to_dict().items() if name not in {"attempt", "metadata"}}
    for row in rows:
        kind = mapping.find(row.label) if row.label else None
        if row.label and kind is None:
            foreign[row.label] += 1
        tool = mask_secrets(row.tool) if row.tool else row.tool
        own = {name: value for name, value in usual.items() if getattr(row.context, name) is None}
        yield replace(row, label=kind, tool=tool, context=mask_context(replace(row.context, **own)))
