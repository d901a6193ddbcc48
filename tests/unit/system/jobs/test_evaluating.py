"""The model in use is measured on labelled failures, as its users see it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest

from errclass.classify.corpus import load_corpus
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import History, Prediction, Signals, TypeProbability
from errclass.system.jobs import evaluating
from errclass.system.jobs.evaluating import evaluate_model
from errclass.system.jobs.labelled_rows import LabelledFile
from errclass.system.rules_in_use import build_engine, load_rules
from errclass.system.settings import DecisionSettings, Settings
from errclass.system.taxonomy_file import load_taxonomy
from errclass.system.wiring import Parts

TAXONOMY = load_taxonomy()
FEW = load_corpus(TAXONOMY)[::60]
ROWS = [
    {"text": "the gizmo whistles", "label": "build", "retryable": False},
    {"text": "the gizmo hums", "label": "build", "retryable": True},
    {"text": "the widget sulks", "label": "test", "retryable": False},
    {"text": "the widget creaks", "label": "temporary"},
]


class Classifier:
    """Know gizmos for sure and widgets less."""

    def predict_many(self, signals: Sequence[Signals]) -> list[Prediction]:
        sure, unsure = TypeProbability("build", 0.9), TypeProbability("temporary", 0.7)
        rest = [TypeProbability(kind, 0.05) for kind in ("test", "syntax")]
        return [
            Prediction((sure, *rest)) if "gizmo" in one.region.text else Prediction((unsure, sure, *rest))
            for one in signals
        ]


@dataclass
class Model:
    classifier: Classifier
    taxonomy: Taxonomy
    version: str = "stub-1"


class Store:
    """Be asked for nothing."""

    def history(self, *_: object) -> History:
        raise AssertionError


@pytest.fixture
def parts() -> Parts:
    settings = Settings(home=Path("home"), store="store", decision=DecisionSettings())
    model = Model(Classifier(), TAXONOMY)
    return Parts(settings, cast(Any, model), build_engine(load_rules(TAXONOMY)), cast(Any, Store()))


@pytest.fixture(autouse=True)
def use_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the texts that come with errclass be few."""
    monkeypatch.setattr(evaluating, "load_bundled", lambda taxonomy: FEW)


def write(path: Path, rows: Sequence[Any]) -> LabelledFile:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return LabelledFile(path)


def test_the_decision_is_measured_not_the_model_alone(parts: Parts, tmp_path: Path) -> None:
    """An exact code outranks a wrong model, and the figures show what users get."""
    rows = [*ROWS[:2], {"text": "the widget sulks\nERROR:  deadlock detected\nSQLSTATE: 40P01", "label": "database"}]
    found = evaluate_model(write(tmp_path / "rows.jsonl", rows), parts)
    assert ("stub-1", 3, 1.0) == (found["model"], found["examples"], found["results"][0]["accuracy"])


def test_figures_types_and_mistakes(parts: Parts, tmp_path: Path) -> None:
    """Two right of four; who is most mistaken for whom."""
    found = evaluate_model(write(tmp_path / "rows.jsonl", ROWS), parts)
    ours = found["results"][0]
    assert ("errclass", 4, 0.75) == (ours["name"], ours["examples"], ours["accuracy"])
    assert ["build", "temporary", "test"] == [score["type"] for score in ours["types"]]
    assert [{"truth": "test", "answer": "temporary", "examples": 1}] == found["confusions"]
    assert {"brier_skill", "coverage_at_2", "coverage_at_5", "calibration_error", "macro_f1"} <= set(ours)


def test_probabilities_add_up_to_one(parts: Parts, tmp_path: Path) -> None:
    """What the decision's confidence leaves is shared by the model's other types."""
    rows = [{"text": "the gizmo whistles", "label": "build"}] * 3 + [{"text": "the gizmo whistles", "label": "test"}]
    found = evaluate_model(write(tmp_path / "rows.jsonl", rows), parts)
    wrong, right = 0.9**2 + 0.95**2 + 0.05**2, 0.1**2 + 2 * 0.05**2
    assert 1 - (3 * right + wrong) / 4 / 0.375 == pytest.approx(found["results"][0]["brier_skill"], abs=1e-4)


def test_retries_are_judged_where_the_rows_say(parts: Parts, tmp_path: Path) -> None:
    """Right: one re-run in vain saved; wrong: one that would have helped, and one in vain."""
    found = evaluate_model(write(tmp_path / "rows.jsonl", ROWS), parts)
    assert {"examples": 3, "right": 0.3333, "wrongly_retried": 0.3333} == found["retry"]
    silent = [{key: value for key, value in row.items() if key != "retryable"} for row in ROWS]
    assert evaluate_model(write(tmp_path / "rows.jsonl", silent), parts)["retry"] is None


def test_the_clock_counts_the_answers_alone(parts: Parts, tmp_path: Path) -> None:
    """One text at a time: two readings each, a second apart."""
    seconds = count()
    found = evaluate_model(write(tmp_path / "rows.jsonl", ROWS), parts, clock=lambda: next(seconds))
    assert (1e6, 8) == (found["results"][0]["microseconds"], next(seconds))


def test_progress_is_told(parts: Parts, tmp_path: Path) -> None:
    """Text by text."""
    steps: list[tuple[str, int, int]] = []
    evaluate_model(write(tmp_path / "rows.jsonl", ROWS), parts, progress=lambda *step: steps.append(step))
    assert [("reading", 0, 0), *(("errclass", done, 4) for done in range(1, 5))] == steps


def test_what_was_left_out_is_reported(parts: Parts, tmp_path: Path) -> None:
    """Counted, named, with the nearest type."""
    rows = [*ROWS, {"text": "no label"}, {"text": "x", "label": "tests"}]
    found = evaluate_model(write(tmp_path / "rows.jsonl", rows), parts)
    assert ["1 skipped: no label (line 5)"] == found["skipped"]
    assert [{"label": "tests", "rows": 1, "nearest": "test"}] == found["foreign_labels"]
    json.dumps(found)


@pytest.mark.parametrize(("own", "flattering"), [(1, True), (150, False)])
def test_bundled_texts_flatter(own: int, flattering: bool, parts: Parts, tmp_path: Path) -> None:
    """From one in a hundred on."""
    rows = [{"text": FEW[0].text, "label": "network"}] + [ROWS[0]] * own
    found = evaluate_model(write(tmp_path / "rows.jsonl", rows), parts)
    assert (1, flattering) == (found["repeated"], flattering)
    assert flattering is found["flattering"]


def test_baselines_are_measured_on_the_same_texts(parts: Parts, tmp_path: Path) -> None:
    """Each with all figures; here they learn from few texts."""
    found = evaluate_model(write(tmp_path / "rows.jsonl", ROWS), parts, baselines=True)
    names = ["errclass", "majority", "the seed's 13 patterns", "TF-IDF + logistic regression"]
    assert names == [result["name"] for result in found["results"]]
    assert 1 == len({tuple(result) for result in found["results"]})
    assert [4] * 4 == [result["examples"] for result in found["results"]]
