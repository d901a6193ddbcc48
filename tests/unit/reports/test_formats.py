"""The same report in every format, with what strangers wrote made harmless."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from support.happenings import decide
from support.hostile import HOSTILE, Hostile
from support.random_history import END

from errclass.core.errors import UsageError
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store
from errclass.reports import FORMATS, REPORT_TYPES, Price, Report, make_report, read_schema, render_report
from errclass.reports.figures.numbers import list_numbers
from errclass.reports.formats.page import render_page

OUTSIDE = re.compile(r"(?:src|href|url)\s*[=(]", re.IGNORECASE)


class Page(HTMLParser):
    """Collect the elements, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.scripts: list[str] = []
        self.policy = ""
        self._in_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        self.scripts += [""] if self._in_script else []
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"] or ""
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts[-1] += data
        else:
            self.text += data


@pytest.fixture(scope="module")
def full(history: Store) -> Report:
    """A report with everything in it, the failures too."""
    return make_report(history, window="14d", now=END, include_raw_data=True)


@pytest.fixture(params=HOSTILE, ids=lambda one: one.name)
def hostile(request: pytest.FixtureRequest) -> Hostile:
    found: Hostile = request.param
    return found


@pytest.fixture(scope="module")
def hostile_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store in which every hostile string is the text, the operation, the environment and the component of a failure."""
    with Store(tmp_path_factory.mktemp("hostile") / "store") as store:
        for number, one in enumerate(HOSTILE):
            context = Context(environment=one.text, operation=one.text, component=one.text)
            outcome = Outcome(str(number), one.text, time=END, fingerprint=f"{number:016x}", context=context)
            store.record(
                Outcome(
                    **{f: getattr(outcome, f) for f in outcome.__dataclass_fields__} | {"decision": decide("build")}
                )
            )
        store.merge()
        yield store


@pytest.fixture(scope="module")
def hostile_report(hostile_store: Store) -> Report:
    return make_report(hostile_store, now=END + timedelta(hours=1), include_raw_data=True)


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("window", ["1m", "14d"])
@pytest.mark.parametrize("name", REPORT_TYPES)
def test_json_is_as_its_schema_says(history: Store, name: str, window: str, raw: bool) -> None:
    """With failures and without, and with the failures themselves."""
    report = make_report(history, name, window=window, now=END, include_raw_data=raw, price=Price(0.01, "EUR"))
    found = json.loads(render_report(report, "json"))
    jsonschema.Draft202012Validator(
        read_schema(name), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).validate(found)
    assert raw == ("failures" in found)


@pytest.mark.parametrize("name", REPORT_TYPES)
def test_every_time_in_json_has_its_zone(history: Store, name: str) -> None:
    """A program would take one without for its own."""
    text = render_report(make_report(history, name, window="14d", now=END, include_raw_data=True), "json")
    times = re.findall(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d[^"]*)"', text)
    assert json.loads(text)["data"]["known_from"] in times
    assert [] == [time for time in times if datetime.fromisoformat(time).tzinfo is None]


@pytest.mark.parametrize("name", REPORT_TYPES)
def test_json_of_an_absent_store_is_too(store: Store, name: str) -> None:
    """Every field is there."""
    jsonschema.validate(json.loads(render_report(make_report(store, name), "json")), read_schema(name))


@pytest.mark.parametrize("name", REPORT_TYPES)
def test_every_type_has_a_schema_that_refuses_what_it_does_not_know(name: str) -> None:
    """So that a new field cannot come without it."""
    schema = read_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert {"const": name} == schema["properties"]["type"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", REPORT_TYPES)
def test_the_same_report_is_the_same_bytes(history: Store, name: str, form: str) -> None:
    """Apart from its time: it is made twice at the same one."""
    made = (make_report(history, name, window="14d", now=END, include_raw_data=True) for _ in range(2))
    assert 1 == len({render_report(report, form) for report in made})


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", REPORT_TYPES)
def test_an_empty_store_says_so(store: Store, name: str, form: str) -> None:
    """And is not made."""
    text = render_report(make_report(store, name), form)
    assert form == "json" or "Nothing was ever recorded" in text
    assert not Path(str(store.place)).exists()


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"json"}))
@pytest.mark.parametrize("name", sorted({*REPORT_TYPES} - {"performance"}))
def test_a_window_without_anything_says_so(history: Store, name: str, form: str) -> None:
    """With where the store begins, in case the window is the mistake."""
    text = render_report(make_report(history, name, now=END + timedelta(days=90)), form)
    assert "Nothing that fits was recorded in this window; the store begins at 2026-04-06" in text


def test_what_is_still_open_is_shown_in_any_window(history: Store) -> None:
    """Nothing is recorded any more, and something does not work."""
    text = render_report(make_report(history, "performance", now=END + timedelta(days=90)), "md")
    assert "Oldest open incidents" in text


def test_a_page_without_charts_runs_nothing(full: Report) -> None:
    """No script, no link, no picture, and a policy that forbids them."""
    page = render_report(full, "html", include_charts=False)
    found = Page(page)
    assert set() == found.tags & {"script", "link", "img", "iframe", "object", "form", "a", "base"}
    assert not OUTSIDE.search(page)
    assert found.policy.startswith("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'")
    assert {"table", "svg", "dl", "style"} <= found.tags
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert len(page) < 300_000


def test_a_page_with_charts_runs_only_what_draws_them(full: Report) -> None:
    """Its own scripts, known by their hashes; plotly's once, however many charts there are."""
    page = render_report(full, "html")
    found = Page(page)
    assert set() == found.tags & {"link", "img", "iframe", "object", "form", "a", "base"}
    assert set() == {name for name in found.attributes if name.startswith("on") or name in {"src", "href", "srcset"}}
    document, *scripts = found.scripts
    hashes = (f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts)
    assert f"script-src {' '.join(hashes)}; img-src data:; base-uri" in found.policy
    assert 2 == len(scripts)
    assert 1 == page.count("plotly.js v")
    charts = [chart.id for section in full.sections for chart in section.charts]
    assert charts == [one["id"] for one in json.loads(document)["charts"]]
    assert len(charts) == len(set(charts)) == len(re.findall('role="img" aria-labelledby', page))


def test_every_number_of_a_chart_stands_in_a_table(full: Report) -> None:
    """For whoever does not see it."""
    found = Page(render_report(full, "html"))
    counts = full.body.data.timeline.counts
    charts = {chart.id: chart for section in full.sections for chart in section.charts}
    numbers = list_numbers(charts["errors-over-time"].draw(), "x")
    assert numbers is not None
    assert list(counts) == [row[1] for row in numbers.rows]
    assert numbers.rows[0][0] in found.text
    shares = list_numbers(charts["rerun-success"].draw(), "x")
    assert shares is not None
    assert ("type", "succeeded", "succeeded, low", "succeeded, high") == tuple(c.name for c in shares.columns)
    assert {name: (rate.rate, rate.low, rate.high) for name, rate in full.body.data.retries_by_type.items()} == {
        row[0]: pytest.approx(row[1:]) for row in shares.rows
    }


def test_nothing_to_draw_brings_no_script(store: Store) -> None:
    """Five megabytes are for charts only."""
    assert "script" not in Page(render_report(make_report(store), "html")).tags


def test_a_hostile_string_is_text_on_a_page(hostile_report: Report) -> None:
    """Elements and attributes are those of a page without any."""
    page = Page(render_report(hostile_report, "html"))
    assert set() == page.tags & {"img", "a", "iframe", "b", "details open"}
    assert set() == {name for name in page.attributes if name.startswith("on") or name in {"src", "href"}}
    assert 3 == len(page.scripts)
    assert not re.search("[<&]", page.scripts[0])


def test_a_hostile_string_is_no_formula(hostile_report: Report) -> None:
    """No cell begins like one, and each line has six."""
    rows = list(csv.reader(io.StringIO(render_report(hostile_report, "csv"))))
    assert {6} == {len(row) for row in rows}
    texts = [cell for row in rows for cell in row if not re.fullmatch(r"-?[0-9.]+", cell)]
    assert [] == [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_hostile_string_does_nothing_in_markdown(hostile_report: Report) -> None:
    """Links, pictures, mentions and elements are escaped, and rows stay rows."""
    text = render_report(hostile_report, "md")
    assert not re.search(r"(?<!\\)[<>@]", text)
    assert not re.search(r"(?<!\\)\]\(", text)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    widths = [len(re.findall(r"(?<!\\)\|", line)) for line in rows]
    assert set(widths) <= {3 + 1, 2 + 1, 5 + 1, 9 + 1, 8 + 1, 15 + 1}


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_hands_controls_on(hostile_report: Report, form: str) -> None:
    """Neither escape sequences nor commands of CI systems at the start of a line."""
    text = render_report(hostile_report, form)
    if form == "html":
        page = Page(text)
        text = page.text + page.scripts[0]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", text)
    assert not re.search(r"^\s*(::[a-z]|##vso\[)", text, re.MULTILINE)


def test_figures_are_the_same_in_json_and_csv(full: Report) -> None:
    """What a spreadsheet sums up is what a program reads."""
    rows = list(csv.DictReader(io.StringIO(render_report(full, "csv"))))
    values = {row["name"]: row["value"] for row in rows if row["section"] == "Overview" and row["field"] == "value"}
    data = json.loads(render_report(full, "json"))["data"]
    assert str(data["total_errors"]) == values["Errors"]
    assert data["retries"]["rate"] == float(values["Re-runs that succeeded"])
    by_type = {row["row"]: row["value"] for row in rows if row["name"] == "By type" and row["field"] == "errors"}
    assert list(data["errors_by_type"].values()) == [int(value) for value in by_type.values()]


def test_raw_data_are_the_failures(full: Report) -> None:
    """All of the window, newest first, in every format."""
    assert full.failures is not None
    assert full.body.data.total_errors == len(full.failures)
    times = [failure["time"] for failure in full.failures]
    assert sorted(times, reverse=True) == times
    assert f"<td>{full.failures[0]['id']}</td>" in render_report(full, "html")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"type": "sumary"}, "no report type is called 'sumary' .did you mean 'summary'"),
        ({"window": "yesterday"}, "'yesterday' is no window"),
        ({"window": "30s"}, "'30s' is no window"),
        ({"window": "0h"}, "'0h'"),
        ({"window": "-1h"}, "is no window"),
        ({"window": "99999999w"}, "99999999w"),
        ({"window": ""}, "is no window"),
        ({"filters": {"enviroment": "x"}}, "no filter is called 'enviroment' .did you mean 'environment'"),
        ({"filters": {"environment": ""}}, "the filter environment needs a value"),
        ({"filters": {"environment": []}}, "the filter environment needs a value"),
        ({"filters": {"severity": "hihg"}}, "no severity is called 'hihg' .did you mean 'high'"),
    ],
)
def test_what_there_is_not_is_refused(store: Store, arguments: dict[str, str], message: str) -> None:
    """Never taken for something usual."""
    with pytest.raises(UsageError, match=message):
        make_report(store, **arguments)  # type: ignore[arg-type]


def test_an_unknown_format_is_refused(full: Report) -> None:
    """With those that there are."""
    with pytest.raises(UsageError, match="no format is called 'pdf'; there are csv, html, json, md"):
        render_report(full, "pdf")


def test_a_template_of_ones_own(full: Report) -> None:
    """It has the report and its filters, escapes, and reaches nothing else."""
    source = "{{ report.title }} {{ report.body.data.total_errors }} {{ '<b>' }} {{ report.sections[0].figures[0] | figure }}"
    count = full.body.data.total_errors
    assert f"Summary of failures {count} &lt;b&gt; {count}\n" == render_page(full, source)
    with pytest.raises(UsageError, match="the template cannot be used"):
        render_page(full, "{{ report.__class__.__mro__ }}")
    for fault in (
        "{% if %}",
        "{{ 1 / 0 }}",
        "{{ report.title + 1 }}",
        "{% include 'x' %}",
        "{{ range(10 ** 9) | list }}",
    ):
        with pytest.raises(UsageError, match="the template cannot be used"):
            render_page(full, fault)
