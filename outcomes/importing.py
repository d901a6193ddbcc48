"""Take rows of past failures into the store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final

from ..core.types import Label, Outcome
from .event import Event
from .events import label_event, outcome_events
from .reading import Row
from .store import Store

IMPORT_SOURCE: Final = "import"
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Count what an import read; rows that were stored before are counted too, but not stored again."""

    rows: int = 0
    labelled: int = 0


def import_outcomes(
    store: Store,
    rows: Iterable[Row],
    *,
    mask: Callable[[str], str],
    fingerprint: Callable[[str], str | None],
    time: datetime,
) -> ImportReport:
    """Record rows as outcomes with labels of source ``import``; importing the same rows again adds nothing.

    ``mask`` takes secrets out of the text; ``fingerprint`` gets the masked text. ``time`` stands for rows that have
    none: the file's own time is the honest choice. A row whose label was corrected in the file gets the new label too.
    """
    remaining, count, labelled = iter(rows), 0, 0
    while chunk := list(islice(remaining, _CHUNK)):
        store.add_events(event for row in chunk for event in _row_events(row, mask, fingerprint, time))
        count += len(chunk)
        labelled += sum(row.label is not None for row in chunk)
    return ImportReport(count, labelled)


def _row_events(
    row: Row, mask: Callable[[str], str], fingerprint: Callable[[str], str | None], time: datetime
) -> Iterator[Event]:
    text = mask(row.text)
    outcome = Outcome(
        id=_digest(row.text, row.place, str(row.time), str(row.context.to_dict())),
        text=text,
        time=row.time or time,
        fingerprint=fingerprint(text),
        context=replace(row.context, source=IMPORT_SOURCE),
        exit_code=row.exit_code,
        success=row.success,
        tool=row.tool,
    )
    yield from outcome_events(outcome)
    if row.label is not None:
        yield label_event(outcome.id, _label(row, row.label, time), _digest(outcome.id, row.label, str(row.retryable)))


def _label(row: Row, label: str, time: datetime) -> Label:
    return Label(label, IMPORT_SOURCE, retryable=row.retryable, time=time)


def _digest(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:32]
