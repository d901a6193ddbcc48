"""Reports as PDF: our own page, printed by a browser of this machine."""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from ...core.errors import UsageError
from ..report import Report
from .browser import find_browser, run_browser
from .page import render_page

_DATE = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)[0-9]{14}[+\-Z][0-9']*\)")


def print_pdf(report: Report, browser: str | None = None, *, include_charts: bool = True) -> bytes:
    """Return the report as a PDF, dated as the report is.

    ``browser`` is a Chromium; without it the first that is found. Raises UsageError where there is none, or it fails.
    """
    program = find_browser(browser)
    with tempfile.TemporaryDirectory(prefix="errclass-pdf-") as folder:
        page, printed = Path(folder) / "report.html", Path(folder) / "report.pdf"
        page.write_text(render_page(report, include_charts=include_charts), encoding="utf-8")
        run_browser(program, page, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
        if not printed.is_file():
            raise UsageError(f"{program}: printed nothing; name another one in reporting.browser")
        return _set_dates(printed.read_bytes(), report.generated_at)


def _set_dates(content: bytes, time: datetime) -> bytes:
    """Return a PDF with these dates in the place of the clock's: of the same length, since places in it are counted."""
    stamp = f"{time.astimezone(UTC):%Y%m%d%H%M%S}".encode()

    def replace(found: re.Match[bytes]) -> bytes:
        rest = found[0][len(found[1]) + len(stamp) :]
        return found[1] + stamp + rest

    return _DATE.sub(replace, content)
