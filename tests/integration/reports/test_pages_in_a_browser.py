"""Pages of reports as a real browser shows them: offline, without a word on its console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.browsers import needs_browser, open_page
from support.happenings import decide
from support.hostile import HOSTILE
from support.random_history import END, draw_history, write_history

from errclass.core.errors import UsageError
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store
from errclass.reports import REPORT_TYPES, make_report, print_report, render_report
from errclass.reports.formats.browser import run_browser

pytestmark = needs_browser
DRAWN = 'class="main-svg"'
MARKS = (
    "<b>bold</b>",
    '<a href="javascript:alert(1)">go</a>',
    "</script><script>document.title='broken'</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; $x^2$ %{x}",
    "__proto__",
)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("history") / "store") as store:
        write_history(draw_history(5), store).merge()
        yield store


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store in which strangers chose the environment, and with it the labels of a chart."""
    texts = [*MARKS, *(one.text for one in HOSTILE)]
    with Store(tmp_path_factory.mktemp("hostile") / "store") as store:
        for number, text in enumerate(texts):
            context = Context(environment=text, operation=text)
            for again in range(20 if number < len(MARKS) else 1):  # so that these are among those that have a bar
                store.record(Outcome(f"{number}-{again}", text, time=END, context=context, decision=decide("build")))
        store.merge()
        yield store


def write(page: str, tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", REPORT_TYPES)
def test_a_page_opens_offline_without_a_word_on_the_console(name: str, history: Store, tmp_path: Path) -> None:
    """And all its charts are drawn."""
    report = make_report(history, name, window="14d", now=END)
    opened = open_page(write(render_report(report, "html"), tmp_path), tmp_path / "profile")
    assert [] == opened.console
    charts = sum(len(section.charts) for section in report.sections)
    assert charts == opened.count('class="js-plotly-plot"')
    assert charts <= opened.count(DRAWN)


def test_a_script_that_is_not_ours_does_not_run(history: Store, tmp_path: Path) -> None:
    """The policy names ours by their hashes; so the console of the tests above would have said something."""
    page = render_report(make_report(history, window="14d", now=END), "html")
    page = page.replace("</main>", "<script>document.title = 'broken'</script></main>")
    opened = open_page(write(page, tmp_path), tmp_path / "profile")
    assert 1 == len([line for line in opened.console if "Content Security Policy" in line])
    assert "<title>broken" not in opened.dom
    assert DRAWN in opened.dom


def test_a_page_is_dark_where_the_system_is(history: Store, tmp_path: Path) -> None:
    """Its charts too."""
    page = write(render_report(make_report(history, window="14d", now=END), "html"), tmp_path)
    light = open_page(page, tmp_path / "light")
    dark = open_page(page, tmp_path / "dark", "--blink-settings=preferredColorScheme=0")
    assert ([], []) == (light.console, dark.console)
    paper = r'main-svg"[^>]*style="background: rgb\(13, 17, 23\)'
    assert 0 == light.count(paper) < dark.count(paper)


def test_marks_of_strangers_are_text_in_charts(hostile: Store, tmp_path: Path) -> None:
    """Neither elements of the page nor marks of plotly's own come of them, and no script."""
    report = make_report(hostile, now=END + timedelta(hours=1))
    opened = open_page(write(render_report(report, "html"), tmp_path), tmp_path / "profile")
    assert [] == opened.console
    assert [] == re.findall(r"<img|<a |<b>|<tspan style|<title>broken", opened.dom)
    assert 3 == opened.count("<script")
    assert 1 <= opened.count(r">&lt;b&gt;bold&lt;/b&gt;</text>")
    assert 1 <= opened.count(r">&lt;a href=\"javascript:alert\(1\)\"&gt;go&lt;/a&gt;</text>")
    assert 1 <= opened.count(r">&amp;lt;b&amp;gt; \$x\^2\$ %\{x\}</text>")


def test_a_pdf_is_printed(history: Store) -> None:
    """The same report is the same bytes, dated as the report is."""
    report = make_report(history, window="14d", now=END)
    first, second = (print_report(report) for _ in range(2))
    assert first.startswith(b"%PDF-")
    assert first.rstrip().endswith(b"%%EOF")
    assert f"/CreationDate (D:{END:%Y%m%d%H%M%S}".encode() in first
    assert first == second
    assert len(print_report(report, include_charts=False)) < len(first)


def test_a_browser_that_is_none_is_told(history: Store, tmp_path: Path) -> None:
    """One that is missing, one that fails, one that prints nothing."""
    report = make_report(history, window="14d", now=END)
    for name, script, said in (
        ("missing", None, "is no program"),
        ("failing", "#!/bin/sh\necho 'no display' >&2\nexit 3\n", "ended with 3: no display"),
        ("idle", "#!/bin/sh\n", "printed nothing"),
        ("broken", "#!/no/such/shell\n", "cannot be run"),
    ):
        program = tmp_path / name
        if script is not None:
            program.write_text(script)
            program.chmod(0o700)
        with pytest.raises(UsageError, match=said):
            print_report(report, str(program))


def test_a_browser_that_hangs_is_ended_with_its_helpers(tmp_path: Path) -> None:
    """None of them outlives it."""
    program, note = tmp_path / "hanging", tmp_path / "note"
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {note}\nwait\n")
    program.chmod(0o700)
    with pytest.raises(UsageError, match=r"was not done after 0\.5 s"):
        run_browser(program, tmp_path / "page.html", timeout=0.5)
    helper = int(note.read_text())
    status = Path(f"/proc/{helper}/stat")
    assert not status.exists() or " Z " in status.read_text()
