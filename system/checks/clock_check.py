"""The clock, as far as it can be judged without a network: against what was written and made before."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ...classify.artefact import read_manifest
from ...core.errors import ModelError, StoreError
from ...outcomes import Store
from ..model_shelf import DEFAULT_MODEL
from ..settings import Settings
from .check import Check
from .file_system_check import list_places
from .finding import Finding, sum_up
from .looking import look_safely
from .store_view import view_store
from .words import tell_span

MOST_AHEAD = timedelta(minutes=2)
"""By which what was written may lie ahead: clocks of machines that share a folder differ a little."""
_MOST_STEP = 1.0
"""Seconds by which the clock may move against the time that passed while this looked."""
_WAIT = 2.0
_ADVICE = "set the clock, by NTP or by hand: times of outcomes, breakers and notifications go by it"
_NEWEST = "SELECT max(occurred_at) FROM failures WHERE source IS DISTINCT FROM 'import'"


def check_clock(
    settings: Settings,
    *,
    clock: Callable[[], float] = time.time,
    ticks: Callable[[], float] = time.monotonic,
) -> Check:
    """Compare the clock with the newest outcome and file, with errclass itself, and with the time that passes."""
    return look_safely("clock", lambda: _look(settings, clock, ticks), advice=_ADVICE)


def _look(settings: Settings, clock: Callable[[], float], ticks: Callable[[], float]) -> Check:
    began = clock(), ticks()
    now = datetime.fromtimestamp(began[0], UTC)
    known = dict(_list_known(settings))
    findings = [
        Finding("problem", f"the clock is {tell_span(time_of - now)} behind {what}", _ADVICE)
        for what, time_of in known.items()
        if time_of - now > MOST_AHEAD
    ]
    step = (clock() - began[0]) - (ticks() - began[1])
    if abs(step) > _MOST_STEP:
        findings.append(Finding("warning", f"the clock was moved by {step:+.0f} s while this looked", _ADVICE))
    local = now.astimezone()
    message = f"{now:%Y-%m-%d %H:%M:%S} UTC, here {local:%H:%M} ({local.tzname()}); all is stored in UTC"
    return sum_up("clock", message, findings, {"now": now, "zone": local.tzname(), "newest": known})


def _list_known(settings: Settings) -> Iterator[tuple[str, datetime]]:
    """Yield what lies in the past for sure, where it can be told."""
    yield "this version of errclass", _read_made()
    for name, place in list_places(settings):
        written = _find_written(place) if _is_own(settings, place) else None
        if written is not None:
            yield f"the newest file of the {name}", written
    newest = _find_newest(settings)
    if newest is not None:
        yield "the newest outcome", newest


def _read_made() -> datetime:
    """Return when the shipped model was made; the beginning of times where its manifest does not say."""
    try:
        made = datetime.fromisoformat(str(read_manifest(DEFAULT_MODEL).get("created")))
    except (ModelError, ValueError):
        return datetime.min.replace(tzinfo=UTC)
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def _find_written(folder: Path) -> datetime | None:
    """Return when the newest file of a folder was written; None where there is none."""
    times = []
    for entry in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # logs and drafts come and go
            times.append(entry.stat().st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _is_own(settings: Settings, place: Path) -> bool:
    return place in (settings.home, Path(settings.store))


def _find_newest(settings: Settings) -> datetime | None:
    """Return when the newest failure happened; None where the store has none, or cannot tell: its own check says so."""
    try:
        with view_store(settings, wait=_WAIT) as store:
            return None if store is None else _read_newest(store)
    except StoreError:
        return None


def _read_newest(store: Store) -> datetime | None:
    with store.reading(wait=_WAIT) as session:
        row = session.execute(_NEWEST).fetchone()
    newest: datetime | None = row[0] if row else None
    return newest and newest.replace(tzinfo=UTC)
