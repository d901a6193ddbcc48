"""The review queue: at a terminal, as a table, and as a file."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import pytest
from support.command_line import Finished, call_errclass

from errclass.core.types import Decision, Label, Outcome
from errclass.outcomes import Store
from errclass.outcomes.opinions import list_opinions

pytestmark = pytest.mark.usefixtures("use_small_model")
HOSTILE = "\x1b[2J\x1b]0;owned\x07\n::error::gotcha\nconnect ECONNREFUSED 10.0.0.1:443"


def decided(kind: str, confidence: float) -> Decision:
    return Decision("transient", kind, "medium", True, confidence, "x", evidence=("connect ECONNREFUSED 10.0.0.1:443",))


@pytest.fixture(autouse=True)
def filled(home: Path) -> None:
    """Three causes: one unsure, one sure, one that an import disputes."""
    with Store(home / "store") as store:
        store.record_many(
            Outcome(f"unsure-{n}", HOSTILE, fingerprint="a" * 16, decision=decided("network", 0.3)) for n in range(4)
        )
        store.record(Outcome("sure-one", HOSTILE, fingerprint="b" * 16, decision=decided("network", 0.99)))
        disputed = Outcome("disputed", HOSTILE, fingerprint="c" * 16, decision=decided("network", 0.9))
        store.record(disputed)
        store.label("disputed", "syntax", "import")


def review(*arguments: object) -> Finished:
    return call_errclass("outcomes", "review", *arguments)


def said(home: Path, name: str) -> list[Any]:
    with Store(home / "store") as store:
        return [(one.type, one.source, one.retryable) for one in list_opinions(store, name) if one.counts]


def test_elsewhere_the_queue_is_printed(home: Path) -> None:
    """Best first, to people and to programs; nothing is asked."""
    items = review("--format", "json").json
    assert ["unsure-3", "disputed", "sure-one"] == [item["id"] for item in items]
    assert ["unsure-3"] == [item["id"] for item in review("--format", "json", "--limit", 1).json]
    assert {"cost", "uncertainty", "frequency", "priority", "reasons"} <= set(items[0])
    shown = review().out
    assert "unsure-3" in shown
    assert "\x1b" not in shown


def test_an_empty_queue_says_so(home: Path) -> None:
    """On standard error."""
    for name in ("unsure-0", "disputed", "sure-one"):
        call_errclass("outcomes", "label", name, "network")
    done = review()
    assert (0, "", True) == (done.code, done.out, "no cause" in done.err)
    assert [] == review("--format", "json").json


def test_the_file_goes_out_and_comes_in(home: Path, tree: Path) -> None:
    """Refused rows make the exit code 1, and the others count."""
    assert "3 causes" in review("--out", "queue.csv").out
    rows = list(csv.DictReader((tree / "queue.csv").read_text(encoding="utf-8-sig").splitlines()))
    answers = {"unsure-3": ("database", "yes"), "sure-one": ("", ""), "disputed": ("netwrok", "")}
    with (tree / "queue.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        for row in rows:
            if row["id"] in answers:
                writer.writerow({**row, "label": answers[row["id"]][0], "retryable": answers[row["id"]][1]})
    done = review("--in", "queue.csv")
    assert (1, "") == (done.code, done.err)
    assert "1 answers taken, 0 known before, 1 left empty, 1 refused; they speak for 4 failures" in done.out
    assert "did you mean network?" in done.out
    assert [("database", "human", True)] == said(home, "unsure-0")
    again = review("--in", "queue.csv", "--format", "json")
    assert (1, 0, 1) == (again.code, again.json["applied"], again.json["known"])
    assert 2 == review("--out", "queue.csv").code


def test_disagreements_are_listed_with_who_wins(home: Path) -> None:
    """A person before an import."""
    assert "no cause is labelled in two ways" in review("--disagreements").out
    call_errclass("outcomes", "label", "disputed", "network", "--author", "alice")
    (found,) = review("--disagreements", "--format", "json").json
    assert ("disputed", "network", "alice") == (found["id"], found["winner"]["type"], found["winner"]["author"])
    assert "syntax by import" in review("--disagreements").out


def test_training_tells_of_disagreements(home: Path, tmp_path: Path) -> None:
    """And where to see them; what exact codes say of unlabelled causes is learned as well."""
    with Store(home / "store") as store:
        for number in range(8):
            label = Label(("network", "syntax")[number % 2], "import")
            store.record(
                Outcome(f"more-{number}", f"step {number} went wrong", fingerprint=f"{number:016}", labels=(label,))
            )
        store.label("disputed", "network", author="alice")
        store.record(Outcome("coded", "connect ECONNREFUSED 10.0.0.1:443", fingerprint="d" * 16))
    done = call_errclass("train", "--no-corpus", "--classifier", "bayes", "--out", tmp_path / "model")
    assert 0 == done.code, done.err
    assert "1 cause is labelled in two ways; see: errclass outcomes review --disagreements" in done.out
    assert "9 store, 1 weak" in done.out


@pytest.mark.parametrize(
    "arguments", [("--in", "a.csv", "--out", "b.csv"), ("--in", "a.csv", "--disagreements"), ("--limit", "0")]
)
def test_a_mistake_is_told(arguments: tuple[str, ...]) -> None:
    """Exit code 2."""
    assert 2 == review(*arguments).code


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_single_keys_at_a_terminal(home: Path) -> None:
    """Each answer counts at once, the last one is taken back, and hostile text does nothing."""
    from support.terminal import press_keys

    code, shown = press_keys(
        ["outcomes", "review", "--author", "alice"],
        [
            ("1 of 3", "r"),
            ("a re-run helps: yes", "\r"),
            ("-> network, for 4 failures", ""),
            ("2 of 3", "1"),
            ("3 of 3", "u"),
            ("2 of 3", "s"),
            ("3 of 3", "q"),
        ],
    )
    assert (0, True) == (code, "1 of 3 causes answered" in shown)
    assert ("\x1b[2J" in shown, "\x1b]0" in shown, "\n::error" in shown) == (False, False, False)
    assert [("network", "human", True)] == said(home, "unsure-0")
    assert [("syntax", "import", None)] == said(home, "disputed")
    assert [] == said(home, "sure-one")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_an_interrupted_review_keeps_what_was_answered(home: Path) -> None:
    """Ctrl-C at the second cause."""
    from support.terminal import press_keys

    code, shown = press_keys(["outcomes", "review"], [("1 of 3", "\r"), ("2 of 3", "\x03")])
    assert (130, True) == (code, "interrupted" in shown)
    assert "Traceback" not in shown
    assert [("network", "human", None)] == said(home, "unsure-0")
    assert [("syntax", "import", None)] == said(home, "disputed")
