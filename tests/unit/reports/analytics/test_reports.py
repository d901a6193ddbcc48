"""The reports of analytics in every format."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support import planted_history as planted
from support.happenings import decide
from support.hostile import HOSTILE
from support.random_history import END

from errclass.core.errors import UsageError
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store
from errclass.reports import FORMATS, analyze_patterns, analyze_trends, make_report, read_schema, render_report

TYPES = ("analytics", "trends")
TEXTS = sorted(set(FORMATS) & {"csv", "html", "json", "md"})


@pytest.fixture(params=TYPES)
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def hostile_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store in which hostile strings are whatever a stranger can name, each often enough to be worth an insight."""
    with Store(tmp_path_factory.mktemp("hostile") / "store") as opened:
        opened.record_many(
            Outcome(
                f"{number}-{again}",
                one.text,
                time=END - timedelta(minutes=again),
                fingerprint=f"{number:016x}",
                context=Context(
                    environment=one.text,
                    operation=one.text,
                    operation_id=f"{one.text}{again}",
                    component=one.text,
                    repository=one.text,
                    branch=one.text,
                ),
                tool=one.text,
                decision=decide(one.text[:60] or "build"),
            )
            for number, one in enumerate(HOSTILE)
            for again in range(12)
        )
        opened.merge()
        yield opened


def _validate(store: Store, kind: str, **arguments: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render_report(make_report(store, kind, **arguments), "json"))
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(read_schema(kind), format_checker=checker).validate(found)
    return found


@pytest.mark.parametrize("window", ["1m", "24h", "14d", "60d"])
def test_json_is_as_its_schema_says(history: Store, kind: str, window: str) -> None:
    """With failures and without, and with the failures themselves."""
    found = _validate(history, kind, window=window, now=END, include_raw_data=True)
    assert found["record_count"] == len(found["failures"])


def test_json_of_planted_findings_is_too(planted_store: Store, kind: str) -> None:
    """With anomalies, insights, a change of everything and a forecast."""
    found = _validate(planted_store, kind, window="7d", now=planted.NOW)["data"]
    assert found["insights"]
    assert found["anomalies"] if kind == "analytics" else found["prediction"]["backtest"]["trials"]


def test_the_data_of_a_report_is_the_analysis(planted_store: Store) -> None:
    """A notebook and a report say the same."""
    analyses = {"analytics": analyze_patterns, "trends": analyze_trends}
    for kind, analyze in analyses.items():
        expected = analyze(planted_store, "7d", now=planted.NOW).to_dict()
        assert expected == _validate(planted_store, kind, window="7d", now=planted.NOW)["data"]


@pytest.mark.parametrize("form", TEXTS)
def test_an_empty_store_says_so(store: Store, kind: str, form: str) -> None:
    """And is not made."""
    report = make_report(store, kind)
    assert form == "json" or "Nothing was ever recorded" in render_report(report, form)
    assert 0 == report.body.record_count
    _validate(store, kind)
    assert not Path(str(store.place)).exists()


@pytest.mark.parametrize("form", TEXTS)
def test_a_window_without_anything_says_so(history: Store, kind: str, form: str) -> None:
    """With where the store begins."""
    text = render_report(make_report(history, kind, now=END + timedelta(days=190)), form)
    assert form == "json" or "Nothing that fits was recorded in this window; the store begins at 2026-04-06" in text


@pytest.mark.parametrize("form", TEXTS)
def test_a_single_failure_is_shown_and_nothing_is_made_of_it(store: Store, kind: str, form: str) -> None:
    """There is nothing to judge it by."""
    store.record(Outcome("one", "boom", time=END, fingerprint="a" * 16))
    report = make_report(store, kind, now=END + timedelta(hours=2))
    assert render_report(report, form)
    assert ((), 1) == (report.body.data.insights, report.body.record_count)
    _validate(store, kind, now=END + timedelta(hours=2))


@pytest.mark.parametrize("form", TEXTS)
def test_the_same_report_is_the_same_bytes(planted_store: Store, kind: str, form: str) -> None:
    """It is made twice at the same time."""
    made = (make_report(planted_store, kind, window="7d", now=planted.NOW) for _ in range(2))
    assert 1 == len({render_report(report, form) for report in made})


@pytest.mark.parametrize("form", TEXTS)
def test_hostile_names_do_nothing(hostile_store: Store, kind: str, form: str) -> None:
    """They stand in counts, pairs, causes and insights."""
    report = make_report(hostile_store, kind, now=END + timedelta(hours=1))
    text = render_report(report, form, include_charts=False)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", text)
    assert not re.search(r"^\s*(::[a-z]|##vso\[)", text, re.MULTILINE)
    if form == "md":
        assert not re.search(r"(?<!\\)[<>@]", text.replace("< 0.0001", ""))
        assert not re.search(r"(?<!\\)\]\(", text)
    if form == "html":
        assert not re.search(r"<(img|iframe|object|form)\b", text)
    if form == "csv":
        rows = list(csv.reader(io.StringIO(text)))
        cells = [cell for row in rows for cell in row if not re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", cell)]
        assert [] == [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_charts_draw_what_the_tables_say(planted_store: Store) -> None:
    """The week by hour, and the days with their levels and what is to come."""
    report = make_report(planted_store, "analytics", window="7d", now=planted.NOW)
    (chart,) = (chart for section in report.sections for chart in section.charts)
    (heat,) = chart.draw().data
    assert [list(row) for row in report.body.data.patterns.temporal.week] == [list(row) for row in heat.z]
    report = make_report(planted_store, "trends", window="7d", now=planted.NOW)
    (chart,) = (chart for section in report.sections for chart in section.charts)
    drawn = {trace.name: trace for trace in chart.draw().data}
    assert list(report.body.data.days.counts) == list(drawn["errors a day"].y)
    assert report.body.data.prediction.predicted_error_count / 7 == drawn["forecast"].y[0]


@pytest.mark.parametrize("analyze", [analyze_patterns, analyze_trends])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"window": "day"}, "'day' is no window"),
        ({"window": "30s"}, "'30s' is no window"),
        ({"filters": {"enviroment": "x"}}, "no filter is called 'enviroment' .did you mean 'environment'"),
        ({"filters": {"severity": "hihg"}}, "no severity is called 'hihg'"),
    ],
)
def test_what_there_is_not_is_refused(store: Store, analyze: Any, arguments: dict[str, Any], message: str) -> None:
    """Never taken for something usual."""
    with pytest.raises(UsageError, match=message):
        analyze(store, **arguments)


def test_times_without_round_hours_are_judged_too(history: Store, kind: str) -> None:
    """Also in another zone than that of the store."""
    now = datetime.fromisoformat("2026-05-10T17:43:21.123456+05:30")
    _validate(history, kind, window="36h", now=now)


@pytest.mark.parametrize("window", ["1m", "25h", "9d", "36500d"])
@pytest.mark.parametrize("hours", [-1000, 0, 2.5, 85, 1700])
def test_any_window_at_any_time_gives_a_report(planted_store: Store, kind: str, window: str, hours: float) -> None:
    """Before the store begins, as it begins, and after it ends: what cannot be judged is left out."""
    now = planted.START + timedelta(hours=hours)
    report = make_report(planted_store, kind, window=window, now=now)
    jsonschema.validate(report.to_dict(), read_schema(kind))
    assert report.body.data.frames()
    assert all(chart.draw() for section in report.sections for chart in section.charts)
    assert (hours <= 0) <= (0 == report.body.record_count)
