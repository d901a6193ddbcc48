"""The notebooks run over the demo, and find what is planted in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.notebooks import NOTEBOOKS, Notebook, list_texts, read_probe, render_page, run_notebook

import errclass

END = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
Run = Callable[[str, str], Notebook]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first notebook makes the demo, and the others find it."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Run:
    """Runs a notebook, and asks for the value of an expression after its last cell."""
    return lambda name, probe: run_notebook(NOTEBOOKS / f"{name}.ipynb", tmp_path / f"{name}.ipynb", home, probe=probe)


def read_truths(home: Path) -> dict[str, Any]:
    """What the demo says that it planted, by name."""
    document = json.loads((home / "demo" / "truths.json").read_text(encoding="utf-8"))
    return {truth["name"]: truth for truth in document["truths"]}


def test_patterns_and_trends_name_what_is_planted(run: Run, home: Path, tmp_path: Path) -> None:
    """The regression is the one new cause that stands out, the outage the greatest spike of its day; the page needs nothing from elsewhere."""
    ran = run(
        "02-patterns-and-trends",
        "[new_causes, then.to_dict('records'), week.to_dict()]",
    )
    new_causes, unusual, week = read_probe(ran)
    truths = read_truths(home)
    assert [*truths["regression"]["found"]["fingerprints"]] == new_causes
    (cause,) = (one for one in unusual if one["kind"] == "new_fingerprint")
    assert truths["outage"]["found"]["fingerprints"] == {cause["subject"]: cause["observed"]}
    spike = max((one for one in unusual if one["kind"] == "frequency_spike"), key=lambda one: one["observed"])
    hours = [datetime.fromisoformat(truths["outage"][side]) for side in ("since", "until")]
    assert hours == [datetime.fromisoformat(spike[side]) for side in ("since", "until")]
    assert (
        week == errclass.ErrorAnalytics(errclass.Store(home / "demo"), clock=lambda: END).analyze_trends("7d").to_dict()
    )
    page = render_page(tmp_path / "02-patterns-and-trends.ipynb")
    assert page.count("Plotly.newPlot(") >= 2
    assert 'src="http' not in page


def test_reliability_by_sql_is_what_tracking_says(run: Run, home: Path) -> None:
    """To the rounding of tracking; and the planted incident is the first one that is down."""
    ran = run(
        "03-reliability", "[reliability.to_dict('records'), recovery.to_dict('records'), down.to_dict('records')]"
    )
    reliability, recovery, down = read_probe(ran)
    found = errclass.FailureTracking(errclass.Store(home / "demo"), clock=lambda: END).get_current_metrics("30d")
    assert (
        [*found.by_environment]
        == [row["environment"] for row in reliability]
        == ["development", "production", "staging"]
    )
    for row in reliability:
        expected = found.by_environment[row["environment"]]
        assert (expected.calls, expected.incidents) == (row["calls"], row["incidents"])
        assert expected.success_rate is not None
        assert (expected.success_rate.value, expected.availability) == pytest.approx(
            (row["success_rate"], row["availability"]), abs=1e-6
        )
        assert (expected.mtbf_seconds, expected.mttr.mean_seconds) == pytest.approx(
            (row["mtbf_hours"] * 3600, row["mttr_hours"] * 3600), abs=0.01
        )
    assert len(recovery) > 5
    for row in recovery:
        mttr = found.by_type[row["type"]].mttr
        assert (mttr.mean_seconds, mttr.open) == (pytest.approx(row["mean_minutes"] * 60, abs=0.01), row["open"])
    assert "The largest difference of 15 figures is 0.000000." in "".join(list_texts(ran))
    truth = read_truths(home)["open_incident"]
    planted = (truth["where"]["operation"][0], truth["where"]["environment"], truth["type"], truth["found"]["failures"])
    assert planted == tuple(down[0][name] for name in ("operation", "environment", "type", "failures"))
