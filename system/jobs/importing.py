"""Take a history file into the store, its labels translated into the taxonomy's types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...classify.training import signals_of
from ...core.failure import mask_context
from ...core.masking import mask_secrets
from ...core.taxonomy import Taxonomy
from ...outcomes import Row, Store, import_outcomes, read_history
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


def import_history(
    path: Path, options: ImportOptions, store: Store, taxonomy: Taxonomy | None = None
) -> dict[str, Any]:
    """Import one file and report rows, labels, and what was skipped and why.

    A label that neither the taxonomy nor the map knows is left off its row, and counted.
    """
    known = taxonomy or load_taxonomy()
    history = read_history(
        path, text_column=options.text_column, label_column=options.label_column, importer=options.importer
    )
    foreign: Counter[str] = Counter()
    rows = _prepare(history.rows, LabelMapping(known, options.mapping), foreign)
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    report = import_outcomes(
        store, rows, mask=mask_secrets, fingerprint=lambda text: signals_of(text).fingerprint, time=written
    )
    store.merge()
    return {
        "path": str(path),
        "rows": report.rows,
        "labelled": report.labelled,
        "skipped": history.skipped.describe(),
        "foreign_labels": [
            {"label": label, "rows": count, "nearest": known.nearest(label)} for label, count in foreign.most_common()
        ],
    }


def _prepare(rows: Iterable[Row], mapping: LabelMapping, foreign: Counter[str]) -> Iterator[Row]:
    for row in rows:
        kind = mapping.find(row.label) if row.label else None
        if row.label and kind is None:
            foreign[row.label] += 1
        tool = mask_secrets(row.tool) if row.tool else row.tool
        yield replace(row, label=kind, tool=tool, context=mask_context(row.context))
