"""``errclass rules suggest``: from labelled history to files that hold."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.command_line import call_errclass
from support.judged_history import draw_facts

from errclass.core.clock import utc_now
from errclass.core.types import Decision, Label, Outcome, Scalar
from errclass.outcomes import Store

pytestmark = pytest.mark.usefixtures("use_small_model")


def label_planted(facts: dict[str, Scalar]) -> Label:
    """One component's exit code 2 is configuration; elsewhere the model is right."""
    planted = (facts["component"], facts["exit_code"]) == ("basket", 2)
    return Label("configuration" if planted else str(facts["predicted_type"]), "human")


def record(home: Path, size: int, label: Callable[[dict[str, Scalar]], Label]) -> None:
    """Write a history of the last two months, one labelled cause every few hours."""
    draw, start = random.Random(1), utc_now() - timedelta(days=60)
    with Store(home / "store") as store:
        for number in range(size):
            facts = draw_facts(draw)
            decision = Decision("c", str(facts["predicted_type"]), "low", False, 0.9, "x", model_version="older-1")
            time = start + timedelta(minutes=80_000 * number / size)
            store.record(
                Outcome(str(number), f"boom {number}", time, f"{number:016x}", facts=facts, decision=decision, labels=(label(facts),))
            )  # fmt: skip


def suggest(*options: object) -> dict[str, Any]:
    done = call_errclass("rules", "suggest", "--format", "json", *options)
    assert (0, "") == (done.code, done.err)
    report: dict[str, Any] = done.json
    return report


def read(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*.yaml"))}


NAME = "evidence/exit_code_2_component_basket_is_configuration"


def test_a_suggestion_becomes_a_rule_that_mends(home: Path, tree: Path) -> None:
    """Found, written, checked, tested, and covered once it is laid over the usual rules."""
    record(home, 400, label_planted)
    report = suggest("--out", "suggested")
    (found,) = report["suggestions"]
    assert {"exit_code": 2, "component": "basket"} == found["when"]
    assert {"proven_type": "configuration", "proof": "strong"} == found["then"]
    assert [(0, 0), (0, 0)] == [(found[half]["wrong"], found[half]["made_wrong"]) for half in ("older", "newer")]
    assert all(found[half]["right"] >= 10 for half in ("older", "newer"))
    assert (1.0, 200, 200) == (found["coverage"], *(half["causes"] for half in report["halves"]))
    assert [f"suggested/{NAME}.yaml"] == report["written"]
    for command, found_wrong in (("check", "findings"), ("test", "failed")):
        done = call_errclass("rules", command, "--rules", "suggested", "--format", "json")
        assert (0, []) == (done.code, done.json[found_wrong])
    again = suggest("--rules", "suggested")
    assert ([], "nothing to mend") == (again["suggestions"], again["reason"][-15:])


def test_the_same_history_gives_the_same_files(home: Path, tree: Path) -> None:
    """Merged or not; and a comment tells the figures and the period, and no text of a failure."""
    record(home, 400, label_planted)
    suggest("--out", "one")
    assert 0 == call_errclass("outcomes", "merge").code
    suggest("--out", "two")
    assert ["evidence/" + NAME.partition("/")[2] + ".yaml", "policy.yaml"] == list(read(tree / "one"))
    assert read(tree / "one") == read(tree / "two")
    text = read(tree / "one")[f"{NAME}.yaml"]
    assert text.startswith(
        "# Suggested from labelled outcomes: read it, then keep, change or delete it.\n# Older half ("
    )
    assert "It mends 100 % of the" in text
    assert "boom" not in text


def test_people_see_a_table(home: Path) -> None:
    """With what each rule reads, says and did; without --out nothing is written."""
    record(home, 400, label_planted)
    before = sorted(Path.cwd().rglob("*"))
    done = call_errclass("rules", "suggest")
    assert (0, "errclass: 400 decisions are of models that are no longer in use\n") == (done.code, done.err)
    assert all(word in done.out for word in ("exit_code: 2", "component: basket", "proven_type", "100 %", "of all"))
    assert before == sorted(Path.cwd().rglob("*"))
    written = call_errclass("rules", "suggest", "--out", "suggested")
    assert "rules written to suggested: 1" in written.err


def test_an_empty_store_is_told_and_not_made(home: Path) -> None:
    """How many labels there are, how many it takes, and how to give them."""
    done = call_errclass("rules", "suggest", "--out", "suggested")
    assert (0, "") == (done.code, done.out)
    assert "known of 0 decided causes" in done.err
    assert "needs 10 causes in the older half of history and 10 in the newer" in done.err
    assert [] == [path for path in (home / "store", Path("suggested")) if path.exists()]


def test_labels_that_are_no_types_are_told(home: Path) -> None:
    """They are left out, whatever they go with."""
    record(home, 100, lambda facts: replace(label_planted(facts), type="gremlins"))
    assert {"gremlins": 100} == suggest()["history"]["foreign_types"]
    assert "no types of the model in use are left out: gremlins" in call_errclass("rules", "suggest").err


def test_the_window_counts(home: Path) -> None:
    """What is older than asked for is not looked at."""
    record(home, 60, label_planted)
    assert [60, 29] == [suggest("--since", since)["history"]["causes"] for since in ("90d", "32d")]


def test_a_folder_with_files_is_refused_before_any_work(home: Path, tree: Path) -> None:
    """With --force its own files stay."""
    record(home, 400, label_planted)
    (tree / "ours" / "retry").mkdir(parents=True)
    (tree / "ours" / "notes.txt").write_text("mine")
    refused = call_errclass("rules", "suggest", "--out", "ours")
    assert (2, "", True) == (refused.code, refused.out, "--force" in refused.err)
    assert 1 == len(suggest("--out", "ours", "--force")["written"])
    assert "mine" == (tree / "ours" / "notes.txt").read_text()


def test_force_alone_is_a_slip() -> None:
    """There is nothing to force."""
    done = call_errclass("rules", "suggest", "--force")
    assert (2, True) == (done.code, "--out" in done.err)
