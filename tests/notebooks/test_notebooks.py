"""The notebooks run over the demo, and find what is planted in it."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.notebooks import NOTEBOOKS, Notebook, list_texts, read_probe, render_page, run_notebook

import errclass
from errclass.outcomes import load_review_queue, load_training_set
from errclass.system.deciding import forget_parts

END = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
Run = Callable[[str, str], Notebook]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo is that the notebooks make, or find."""
    folder = tmp_path_factory.mktemp("home")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ERRCLASS_")}
    command = (sys.executable, "-m", "errclass", "demo", "--days", "90", "--seed", "1", "--until", "2026-03-06T15:30")
    subprocess.run(command, env={**environ, "ERRCLASS_HOME": str(folder)}, cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the library says outside of a notebook is said by the shipped model, whoever runs the tests."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "own"))
    forget_parts()


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


def test_a_log_becomes_a_decision_and_labels_a_model(run: Run, home: Path) -> None:
    """The log is decided as anywhere; the model is trained on what people said, judged, and refused where it is worse."""
    ran = run(
        "01-from-logs-to-model",
        "[LOG, answer, len(examples), by_type.to_dict('records'), trained, models.to_dict('records')]",
    )
    log, answer, texts, by_type, trained, models = read_probe(ran)
    decision = errclass.decide(log, operation="build-web", effect="idempotent")
    assert ("network", "retry", "yes") == (decision.type, decision.strategy, answer["does a re-run help"])
    assert [decision.type, f"{decision.confidence:.1%}", decision.strategy] == [
        answer[key] for key in ("what failed", "how sure", "what to do")
    ]
    store = errclass.Store(home / "demo")
    kinds = Counter(example.type for example in load_training_set(store))
    assert texts == kinds.total()
    assert kinds == {row["type"]: row["labelled causes"] for row in by_type}
    assert texts == trained["training"]["by_source"]["store"]
    judged = trained["newest_slice"]
    assert "refused" == judged["verdict"]
    assert judged["comparison"]["challenger"]["accuracy"] < judged["comparison"]["champion"]["accuracy"]
    assert judged["reasons"][0] in html.unescape("".join(list_texts(ran)))
    assert [("shipped", True), (trained["model"]["reference"], False)] == [
        (one["reference"], one["promoted"]) for one in models
    ]


def test_a_replay_shows_what_another_rule_changes(run: Run, home: Path) -> None:
    """The careful rule changes nothing but recoveries of settings, and loses no success; the bold one loses some, and is refused."""
    ran = run("04-policy-replay", "[changed.to_dict('records'), figures.to_dict(), recipes.to_dict('records')]")
    changed, figures, recipes = read_probe(ran)
    careful, bold = figures["careful"], figures["bold"]
    with errclass.Store(home / "demo").reading() as session:
        query = """
            SELECT json_extract_string(document, '$.plan.recipe') AS recipe, count(*) FROM decisions
            WHERE strategy = 'recover' AND type = 'configuration' GROUP BY recipe
        """
        decided = dict(session.execute(query).fetchall())
    assert careful["decisions changed"] == sum(decided.values()) == sum(row["decisions"] for row in changed) > 0
    assert {"escalate"} == {row["after"] for row in changed}
    assert 0 == careful["successes lost"] < bold["successes lost"]
    assert careful["decisions changed"] < bold["decisions changed"]
    rates = {row["recipe"]: (row["tries"], row["successes"]) for row in recipes}
    for name in ("recovery_that_works", "recovery_that_does_not"):
        truth = read_truths(home)[name]
        assert (truth["found"]["recovery"]["tries"], truth["found"]["recovery"]["passes"]) == rates[truth["recovery"]]
    printed = [line.strip() for line in list_texts(ran)[-2].splitlines() if line.strip()]
    assert [
        "careful:",
        "passed",
        "bold:",
        f"errclass: successes_lost>0: it is {bold['successes lost']:.0f}",
        "refused",
    ] == printed


def test_a_label_is_learned_and_no_longer_asked_for(run: Run, home: Path) -> None:
    """In the copy; the demo's own labels stay as they were."""
    store = errclass.Store(home / "demo")
    known, queue = load_training_set(store), load_review_queue(store, limit=6, now=END)
    ran = run(
        "05-model-review-and-labels",
        "[asked['failure'].tolist(), item.id, item.id in waiting, len(before), len(after), [[one.text, one.type, one.retryable] for one in learned], float(right), float(total)]",
    )
    asked, item, waiting, before, after, learned, right, total = read_probe(ran)
    assert [one.id for one in queue] == asked
    assert (asked[0], False) == (item, waiting)
    assert (len(known), len(known) + 1) == (before, after)
    with store.reading() as session:
        (text,) = session.execute("SELECT text FROM failures WHERE id = ?", [item]).fetchone() or ("",)
    assert [[text, "system", False]] == learned
    assert read_truths(home)["labels"]["found"]["labelled"] == total >= right > 0.9 * total
    assert known == load_training_set(store)
