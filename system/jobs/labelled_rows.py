"""Read the labelled texts that a model is measured on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ...core.errors import UsageError
from ...core.taxonomy import Taxonomy
from ...outcomes import HistoryFile, Skipped, read_history
from .label_mapping import LabelMapping

NO_LABEL = "no label"


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """Say where labelled texts are and how to read them."""

    path: Path
    text_column: str | None = None
    label_column: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class LabelledRows:
    """Collect texts with their right types, one for one, and what was left out and why."""

    texts: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    retryables: list[bool | None] = field(default_factory=list)
    """Whether an unchanged re-run would have helped; None where the row does not say."""
    foreign: Counter[str] = field(default_factory=Counter)
    """Label outside the taxonomy -> rows."""
    skipped: Skipped = field(default_factory=Skipped)
    """Rows that could not be read or have no label."""


def read_labelled(file: LabelledFile, taxonomy: Taxonomy) -> LabelledRows:
    """Read what ``train`` reads, and keep the rows whose label is a type of the taxonomy, by mapping or spelling.

    Raises UsageError when the file cannot be read, or what is left of it shows fewer than two types.
    """
    history = read_history(file.path, text_column=file.text_column, label_column=file.label_column)
    found = _collect(history, LabelMapping(taxonomy, file.mapping))
    _require_types(file.path, found, taxonomy)
    return found


def _collect(history: HistoryFile, mapping: LabelMapping) -> LabelledRows:
    found = LabelledRows(skipped=history.skipped)
    for row in history.rows:
        kind = mapping.find(row.label) if row.label else None
        if kind is not None:
            found.texts.append(row.text)
            found.types.append(kind)
            found.retryables.append(row.retryable)
        elif row.label:
            found.foreign[row.label] += 1
        else:
            found.skipped.add(NO_LABEL, row.place)
    return found


def _require_types(path: Path, found: LabelledRows, taxonomy: Taxonomy) -> None:
    kinds = set(found.types)
    if len(kinds) > 1:
        return
    if kinds:
        raise UsageError(
            f"{path}: every labelled text says {kinds.pop()!r}, and figures over one type say nothing; "
            "add texts of other types, or name the right column with --label-column"
        )
    if found.foreign:
        shown = ", ".join(repr(label[:60]) for label, _ in found.foreign.most_common(5))
        raise UsageError(
            f"{path}: none of its labels ({shown}) is a type of the model; translate them with --map FILE into "
            f"{', '.join(taxonomy.names)}"
        )
    raise UsageError(f"{path}: no text has a label to compare with; name the column that holds it with --label-column")
