"""What a failure really was: said, listed, and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.command_line import Finished, call_errclass

from errclass.core.types import Outcome
from errclass.outcomes import Store

pytestmark = pytest.mark.usefixtures("use_small_model")
NAMES = ("failure-1", "failure-2", "failure-3")


@pytest.fixture(autouse=True)
def filled(home: Path) -> None:
    """Three failures of one cause and one without fingerprint."""
    with Store(home / "store") as store:
        store.record_many(Outcome(name, "boom", fingerprint="f" * 16) for name in NAMES)
        store.record(Outcome("lonely-1", "bang"))


def label(*arguments: object) -> Finished:
    return call_errclass("outcomes", "label", *arguments)


def good(*arguments: object) -> Any:
    done = label(*arguments, "--format", "json")
    assert (0, "") == (done.code, done.err)
    return done.json


def counting(name: str) -> list[str]:
    return [one["type"] for one in good(name)["labels"] if one["counts"]]


def test_a_label_speaks_for_the_whole_cause() -> None:
    """And says for how many failures."""
    done = label("failure-1", "Network", "--not-retryable", "--author", "alice")
    assert (0, "") == (done.code, done.err)
    assert "failure-1 is network; this speaks for 3 failures" in done.out
    assert [["network"]] * 3 == [counting(name) for name in NAMES]
    (said,) = good("failure-2")["labels"]
    assert ("human", "alice", False, True, "failure-1") == (
        said["source"], said["author"], said["retryable"], said["spreads"], said["outcome_id"],
    )  # fmt: skip


def test_or_for_one_failure_only() -> None:
    """A label on a failure itself outranks one that spread to it."""
    assert {"said": 1, "counting": 1} == good("failure-1", "network", "--only-this")["reach"]
    done = label("failure-2", "syntax")
    assert "speaks for 2 failures" in done.out
    assert "1 failure with the same fingerprint keep" in done.out
    assert [["network"], ["syntax"], ["syntax"]] == [counting(name) for name in NAMES]
    assert {"said": 1, "counting": 1} == good("lonely-1", "network")["reach"]


def test_the_author_is_the_user_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or nobody, where the system has no name for it."""
    monkeypatch.setenv("LOGNAME", "carol")
    good("failure-1", "network")

    def fail() -> str:
        raise OSError("no username set in the environment")

    monkeypatch.setattr("getpass.getuser", fail)
    good("failure-1", "network")
    assert ["carol", None] == [one["author"] for one in good("failure-1")["labels"]]


def test_taking_back_restores_what_stood_before() -> None:
    """What was taken back is still listed."""
    first = good("failure-1", "network")["label_id"]
    second = good("failure-2", "syntax", "--author", "bob")["label_id"]
    assert [["network"], ["syntax"], ["syntax"]] == [counting(name) for name in NAMES]
    done = label("failure-3", "--undo", second)
    assert (0, True) == (done.code, done.out.startswith("syntax is taken back; network counts now, by human"))
    assert [["network"]] * 3 == [counting(name) for name in NAMES]
    assert "was taken back before" in label("failure-3", "--undo", second).out
    assert "nothing is said" in label("failure-1", "--undo", first).out
    shown = label("failure-1").out.splitlines()
    assert [first, second] == [line.split()[0] for line in shown]
    assert all(line.endswith(": taken back") for line in shown)


def test_the_beginning_of_an_id_is_enough() -> None:
    """If it is long enough, and means one."""
    assert "lonely-1" == good("lonely-1"[:8], "network")["outcome_id"]
    with_many = label("failure-", "network")
    assert (2, True) == (with_many.code, all(name in with_many.err for name in NAMES))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("failure-1", "netwrok"), "did you mean network?"),
        (("failure-1", "test-like-thing"), "there is no type"),
        (("failure-9", "network"), "no outcome 'failure-9'"),
        (("failure-9",), "no outcome 'failure-9'"),
        (("fail", "network"), "no outcome 'fail'"),
        (("failure-1", "--undo", "nothing"), "no label 'nothing'"),
        (("failure-1", "network", "--undo", "x"), "one after the other"),
        (("failure-1", "--retryable"), "need a TYPE"),
        (("failure-1", "network", "--weight", "-1"), "--weight"),
        (("failure-1", "network", "--weight", "nan"), "weight"),
        (("failure-1", "network", "--weight", "inf"), "weight"),
    ],
)
def test_a_mistake_adds_nothing(arguments: tuple[str, ...], words: str) -> None:
    """It is told in one line."""
    done = label(*arguments)
    assert (True, "", True) == (done.code in (1, 2), done.out, words in done.err)
    assert [] == good("failure-1")["labels"]
    assert "nobody said" in label("failure-1").out


def test_hostile_names_do_nothing(home: Path) -> None:
    """Nothing that a terminal would act on is printed."""
    hostile = "\x1b]0;owned\x07evil-id\n::error::x"
    with Store(home / "store") as store:
        store.record(Outcome(hostile, "boom"))
        store.label(hostile, "\x1b[31mred", "import", author="\x1b[2J")
    for done in (label(hostile, "network", "--author", "\x1b[2J"), label(hostile), label(hostile, "--undo", hostile)):
        assert "\x1b" not in done.out + done.err
        assert not [line for line in (done.out + done.err).splitlines() if line.startswith("::error")]
