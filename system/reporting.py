"""Reports for Python programs, over the store and in the home of the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..core.clock import utc_now
from ..core.errors import UsageError
from ..core.frozen import FrozenDict
from ..core.suggesting import join_names, suggest_name
from ..outcomes import Store
from ..reports import KeptReport, Price, Report, ReportShelf, make_report, print_report, render_report
from ..reports.formats.page import render_page
from ..reports.registry import PRINTED
from .analytics import check_analytics
from .settings import Settings, load_settings
from .wiring import use_store

_OF_ANALYTICS = frozenset({"analytics", "trends"})
"""Types of reports that look for patterns and trends."""


def check_reporting(settings: Settings, kind: str | None = None) -> None:
    """Raise UsageError where reports are switched off; of a ``kind`` also where what it takes is."""
    if not settings.enable.reporting:
        raise UsageError("reports are switched off; set enable.reporting to true")
    if kind in _OF_ANALYTICS:
        check_analytics(settings)


def find_price(settings: Settings) -> Price | None:
    """Return what a minute costs, as the settings say; None where they do not."""
    wanted = settings.reporting
    if wanted.cost_per_minute is None or wanted.currency is None:
        return None
    return Price(wanted.cost_per_minute, wanted.currency)


def write_report(report: Report, form: str, settings: Settings, *, include_charts: bool = True) -> bytes:
    """Return a report as what a file of the format holds; raise UsageError for a format that cannot be made."""
    if form in PRINTED:
        return print_report(report, settings.reporting.browser, include_charts=include_charts)
    return render_report(report, form, include_charts=include_charts).encode()


def open_shelf(settings: Settings) -> ReportShelf:
    """Return the kept reports of the settings."""
    return ReportShelf(settings.home / "reports")


@dataclass(frozen=True, slots=True)
class GeneratedReport:
    """Hold a report and what a file of it holds."""

    report: Report
    format: str
    data: bytes
    kept: KeptReport | None = None
    """The file, where it was to be kept."""

    @property
    def content(self) -> str:
        """It as text; raises UsageError for a PDF, which is none."""
        if self.format in PRINTED:
            raise UsageError(f"a {self.format} is no text; take data, its bytes")
        return self.data.decode()

    @property
    def id(self) -> str:
        """The id that ``get_report`` takes, where it was kept."""
        return self.report.id

    def to_dict(self) -> dict[str, Any]:
        """Return the document of the report, whatever the format, JSON-ready."""
        return self.report.to_dict()


class ErrorReporting:
    """Make reports, and keep those that are to be kept.

    Without a store that of the settings, opened for one report at a time; there ``enable.reporting`` has to be on, and
    ``enable.analytics`` for reports of type ``analytics`` and ``trends``. Kept reports are files in ``reports`` in the
    home of the settings, or in ``folder``.
    """

    def __init__(
        self, store: Store | None = None, *, folder: Path | None = None, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._store = store
        self._folder = folder
        self._clock = clock
        self._settings: Settings | None = None
        self._templates: dict[str, str] = {}

    def generate_report(
        self,
        type: str = "summary",  # noqa: A002 - it is what the value is called everywhere
        format: str = "json",  # noqa: A002 - as in the system that this one replaces
        time_range: str = "24h",
        filters: Mapping[str, str | Sequence[str]] = FrozenDict(),
        include_raw_data: bool = False,  # noqa: FBT001, FBT002 - as in the system that this one replaces
        *,
        include_charts: bool = True,
        template: str | None = None,
        keep: bool = False,
    ) -> GeneratedReport:
        """Return a report on the last ``time_range`` in a format: csv, html, json, md or pdf.

        ``filters``: name -> value or values, such as ``{"environment": "production"}``. ``include_raw_data`` adds the
        newest 5,000 failures; ``include_charts=False`` makes html and pdf without any. ``template``: the name of a
        registered one, for html. ``keep`` writes it to a file, of 10 MB at most, where it stays for 30 days. Raises
        UsageError for what there is not, StoreError where the store cannot be read.
        """
        if template is not None and format != "html":
            raise UsageError(f"a template is for html, not for {format}")
        now = self._clock()
        with use_store(self._store, lambda: self._load_allowed(type)) as store:
            report = make_report(
                store,
                type,
                window=time_range,
                filters=filters,
                include_raw_data=include_raw_data,
                price=find_price(self._load()),
                now=now,
            )
        if template is None:
            data = write_report(report, format, self._load(), include_charts=include_charts)
        else:
            data = render_page(report, self._find_template(template)).encode()
        kept = self._shelf().keep(report.id, format, data, now) if keep else None
        return GeneratedReport(report, format, data, kept)

    def register_template(self, name: str, source: str) -> None:
        """Add the text of a Jinja template for ``html`` under a name; see ``reports.formats.page.render_page``."""
        self._templates[name] = source

    def list_reports(self) -> list[KeptReport]:
        """Return the kept reports, newest first."""
        return self._shelf().list()

    def get_report(self, report_id: str, format: str | None = None) -> str:  # noqa: A002 - as above
        """Return the text of a kept report; raise UsageError where there is none, and for a PDF.

        That is a file: ``list_reports`` says where.
        """
        kept = self._shelf().find(report_id, format)
        if kept.format in PRINTED:
            raise UsageError(f"a {kept.format} is no text; it is in {kept.path}")
        return self._shelf().read(report_id, kept.format).decode()

    def delete_report(self, report_id: str) -> int:
        """Drop a kept report in all its formats, and return how many files these were."""
        return self._shelf().delete(report_id)

    def _find_template(self, name: str) -> str:
        if name not in self._templates:
            near = suggest_name(name, self._templates)
            raise UsageError(f"no template {name!r} is registered{near}; there are {join_names(self._templates)}")
        return self._templates[name]

    def _load_allowed(self, kind: str) -> Settings:
        check_reporting(self._load(), kind)
        return self._load()

    def _shelf(self) -> ReportShelf:
        return ReportShelf(self._folder) if self._folder else open_shelf(self._load())

    def _load(self) -> Settings:
        if self._settings is None:
            self._settings = load_settings()
        return self._settings
