"""Reports that are made again and again, each due time once over all processes that share the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from .reporting import find_price, open_shelf, write_report
from .settings import ScheduleSettings, Settings

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
        told = f"failed: {self.fault}" if self.fault else ", ".join(self.places)
        return f"{self.name}, due {self.due:%Y-%m-%d %H:%M} UTC: {told}"


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
        except (ErrclassError, OSError) as error:
            made = ScheduledReport(name, due, fault=str(error))
        self._store.change_state(STATE, name, lambda _: ({"last": due.isoformat()}, None))
        return made

    def _deliver(self, name: str, due: datetime) -> ScheduledReport:
        wanted = self._schedules[name]
        report = make_report(
            self._store,
            wanted.type,
            window=wanted.window,
            filters=wanted.filters,
            price=find_price(self._settings),
            now=due,
        )
        return ScheduledReport(name, due, report.id, tuple(self._list_places(name, wanted, report)))

    def _list_places(self, name: str, wanted: ScheduleSettings, report: Report) -> Iterator[str]:
        """Hand the report on, and yield where it went."""
        content = write_report(report, wanted.format, self._settings)
        if wanted.keep:
            shelf = open_shelf(self._settings)
            yield f"kept as {shelf.keep(report.id, wanted.format, content, self._clock()).id}"
        if wanted.folder is not None:
            path = wanted.folder / f"{report.id}.{wanted.format}"
            write_whole(path, content)
            yield f"written to {path}"
        if wanted.notify:
            yield self._tell(name, report)

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


def _release(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any] | None, None]:
    """Let others have it at once."""
    return {key: value for key, value in (state or {}).items() if key != "until"}, None


def _read_time(state: Mapping[str, Any] | None, key: str) -> datetime | None:
    """Return a moment of a state; None where it is absent or damaged."""
    try:
        return datetime.fromisoformat((state or {})[key])
    except (KeyError, TypeError, ValueError):
        return None
