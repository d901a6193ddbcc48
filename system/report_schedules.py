"""Reports that are made again and again, each due time once over all processes that share the store."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from ..actions.notify import Notice
from ..core.clock import utc_now
from ..core.errors import ErrclassError, StoreError, UsageError
from ..core.whole_files import write_whole
from ..outcomes import Store
from ..reports import Report, make_report
from ..reports.wording import write_figure
from .cron import find_last, find_next
from .notifying import make_notifications
from .reporting import check_reporting, find_price, open_shelf, write_report
from .settings import ScheduleSettings, Settings

_log = logging.getLogger("errclass")
STATE: Final = "report-schedules"
"""Kind of the shared states: what was made last, and what somebody is at."""
LEASE: Final = timedelta(minutes=15)
"""After so long whoever was at a report is taken for dead."""
_MOST_AHEAD = timedelta(minutes=10)
"""What is later than that comes from a wrong clock."""
_TOLD_FIGURES = 12


@dataclass(frozen=True, slots=True)
class ScheduledReport:
    """Say what became of a report that was due."""

    name: str
    due: datetime
    report_id: str | None = None
    places: tuple[str, ...] = ()
    """Where it went."""
    fault: str | None = None
    """Why it was not made, or did not go everywhere; unless that was the store's, it is not tried again."""

    def __str__(self) -> str:
        told = (*self.places, *((f"failed: {self.fault}",) if self.fault else ()))
        return f"{self.name}, due {self.due:%Y-%m-%d %H:%M} UTC: {', '.join(told)}"


class ReportSchedules:
    """Make the reports of ``reporting.schedules`` when they are due.

    A schedule counts from when it is first looked at. Of times that were missed only the latest is made up for, and a
    report is about the window before its due time, whenever it is made. Who dies over one leaves it to the next, after
    a quarter of an hour. After a look with a clock that was far ahead, a schedule counts from the next look on.
    """

    def __init__(self, settings: Settings, store: Store, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._zone = ZoneInfo(settings.reporting.timezone)

    def make_due(self) -> list[ScheduledReport]:
        """Make what is due, and return what became of it; raise StoreError where the store cannot be used."""
        claims = ((name, self._claim(name)) for name in self._schedules)
        return [self._make(name, due) for name, due in claims if due is not None]

    def list_next(self) -> list[tuple[str, datetime]]:
        """Return when each schedule is due next, in UTC."""
        now = self._clock()
        return [(name, find_next(one.cron, now, self._zone)) for name, one in self._schedules.items()]

    @property
    def _schedules(self) -> Mapping[str, ScheduleSettings]:
        return self._settings.reporting.schedules

    def _claim(self, name: str) -> datetime | None:
        """Return the due time of a schedule where it is ours to make its report."""
        now = self._clock()
        due = find_last(self._schedules[name].cron, now, self._zone)

        def change(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any] | None, bool]:
            last = _read_time(state, "last")
            if last is None or last > now + _MOST_AHEAD:
                return {"last": now.isoformat()}, False
            until = _read_time(state, "until")
            if due <= last or (until is not None and now < until <= now + LEASE + _MOST_AHEAD):
                return None, False
            return {"last": last.isoformat(), "until": (now + LEASE).isoformat()}, True

        return due if self._store.change_state(STATE, name, change) else None

    def _make(self, name: str, due: datetime) -> ScheduledReport:
        try:
            made = self._deliver(name, due)
        except StoreError as error:  # that it cannot be read now says nothing of the next look
            self._store.change_state(STATE, name, _release)
            return ScheduledReport(name, due, fault=f"{error}; the next look tries again")
        except Exception as error:  # noqa: BLE001 - the rim: the schedules after this one are made all the same
            made = ScheduledReport(name, due, fault=_explain(error))
        self._store.change_state(STATE, name, lambda _: ({"last": due.isoformat()}, None))
        return made

    def _deliver(self, name: str, due: datetime) -> ScheduledReport:
        """Make a report and hand it on; where one place does not take it, the others get theirs."""
        wanted = self._schedules[name]
        check_reporting(self._settings, wanted.type)
        report = make_report(
            self._store,
            wanted.type,
            window=wanted.window,
            filters=wanted.filters,
            price=find_price(self._settings),
            now=due,
        )
        places: list[str] = []
        faults: list[str] = []
        for hand_on in self._list_ways(name, wanted, report):
            try:
                places.append(hand_on())
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - the rim: the other places get theirs
                faults.append(_explain(error))
        return ScheduledReport(name, due, report.id, tuple(places), "; ".join(faults) or None)

    def _list_ways(self, name: str, wanted: ScheduleSettings, report: Report) -> Iterator[Callable[[], str]]:
        """Yield what hands the report on, and returns where it went."""
        content = write_report(report, wanted.format, self._settings)
        if wanted.keep:
            yield partial(self._keep, report.id, wanted.format, content)
        if wanted.folder is not None:
            yield partial(_put, wanted.folder, f"{report.id}.{wanted.format}", content)
        if wanted.notify:
            yield partial(self._tell, name, report)

    def _keep(self, report_id: str, form: str, content: bytes) -> str:
        return f"kept as {open_shelf(self._settings).keep(report_id, form, content, self._clock()).id}"

    def _tell(self, name: str, report: Report) -> str:
        """Queue the main figures for all channels, and send them where that goes at once."""
        notifying = make_notifications(self._settings, self._store)
        receipt = notifying.system.send_notification(make_report_notice(name, report))
        if receipt.error:
            raise UsageError(f"nobody was told: {receipt.error}")
        notifying.system.drain(0.0)
        return "told"


def make_report_notice(name: str, report: Report) -> Notice:
    """Return a notice with the main figures of a report."""
    figures = [figure for section in report.sections for figure in section.figures][:_TOLD_FIGURES]
    return Notice(
        what=f"{name}: {report.title.lower()}, {report.body.record_count} in the window",
        kind="report",
        priority="low",
        evidence=tuple(f"{figure.label}: {write_figure(figure)}" for figure in figures),
        next_step=f"errclass reports show {report.id}",
    )


def _put(folder: Path, name: str, content: bytes) -> str:
    """Write a file into a folder of the user's, which is never made: its disk may not be there just now."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: is no folder, so the report was not written there; create it")
    try:
        write_whole(folder / name, content)
    except OSError as error:
        raise UsageError(
            f"{folder}: the report cannot be written there ({error.strerror}); make it a folder that takes files"
        ) from error
    return f"written to {folder / name}"


def _explain(error: Exception) -> str:
    """Return what went wrong; a fault of errclass itself is logged."""
    if isinstance(error, ErrclassError | OSError):
        return str(error)
    _log.error("errclass.inner_fault", exc_info=error)
    return f"a fault in errclass itself ({type(error).__name__}: {error})"


def _release(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any] | None, None]:
    """Let others have it at once."""
    return {key: value for key, value in (state or {}).items() if key != "until"}, None


def _read_time(state: Mapping[str, Any] | None, key: str) -> datetime | None:
    """Return a moment of a state; None where it is absent or damaged."""
    try:
        found = datetime.fromisoformat((state or {})[key])
    except (KeyError, TypeError, ValueError):
        return None
    return found if found.tzinfo else None
