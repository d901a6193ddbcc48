"""A review, key by key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from errclass.cli.review_session import ReviewSession
from errclass.core.types import TypeProbability
from errclass.outcomes import ReviewItem

NOW = datetime(2026, 11, 24, tzinfo=UTC)
HOSTILE = "\x1b[2J\x1b]0;owned\x07boom\n::error::gotcha"

Press = Callable[..., list[Any]]


def item(name: str, kind: str | None = "test", **fields: Any) -> ReviewItem:
    values: dict[str, Any] = dict.fromkeys(ReviewItem.__dataclass_fields__)
    values |= {"id": name, "type": kind, "count": 3, "first_seen": NOW, "last_seen": NOW, "excerpt": "boom"}
    values |= {"alternatives": (), "evidence": (), "reasons": ("seen 3 times",), "opinions": ()}
    return ReviewItem(**values | fields)


@pytest.fixture
def press() -> Press:
    """Press keys, and return what was stored and taken back."""

    def run(keys: str, *items: ReviewItem) -> list[Any]:
        done: list[Any] = []

        def say(one: ReviewItem, kind: str, retryable: bool | None) -> str:
            done.append((one.id, kind, retryable))
            return f"label of {one.id}"

        read: Iterator[str] = iter(keys)
        asked = items or (item("a"), item("b", "build"), item("c", None))
        ReviewSession(asked, ["build", "test", "network"], say, done.append).run(lambda: next(read))
        return done

    return run


@pytest.mark.parametrize(
    ("keys", "done"),
    [
        ("\r\rq", [("a", "test", None), ("b", "build", None)]),
        ("321", [("a", "network", None), ("b", "test", None), ("c", "build", None)]),
        ("sss", []),
        ("q", []),
        ("ss\r1", [("c", "build", None)]),
        ("r1rr\rq", [("a", "build", True), ("b", "build", False)]),
        ("rrr1q", [("a", "build", None)]),
        ("rs1q", [("b", "build", None)]),
        ("1uq", [("a", "build", None), "label of a"]),
        ("1su3q", [("a", "build", None), "label of a", ("a", "network", None)]),
        ("12uu1q", [("a", "build", None), ("b", "test", None), "label of b", "label of a", ("a", "build", None)]),
        ("uu1q", [("a", "build", None)]),
        ("x?9\x1b1q", [("a", "build", None)]),
    ],
)
def test_what_keys_do(press: Press, keys: str, done: list[Any]) -> None:
    """Each answer is stored when its key is pressed, and the review ends with the last cause."""
    assert done == press(keys)


def test_an_interruption_keeps_what_was_answered(press: Press) -> None:
    """The answer before it is stored already."""
    said: list[str] = []
    keys = iter(["1"])

    def read() -> str:
        for key in keys:
            return key
        raise KeyboardInterrupt

    session = ReviewSession(
        [item("a"), item("b")], ["build"], lambda one, *_: said.append(one.id) or one.id, said.append
    )  # type: ignore[func-returns-value]
    with pytest.raises(KeyboardInterrupt):
        session.run(read)
    assert ["a"] == said


def test_all_that_helps_is_shown(press: Press, capsys: pytest.CaptureFixture[str]) -> None:
    """Where one is, what was decided, why it is asked about, and the keys."""
    shown = item(
        "a", confidence=0.81, retryable=False, alternatives=(TypeProbability("build", 0.15),), evidence=("boom",)
    )
    press("r?q", shown, item("b"))
    out = capsys.readouterr().out
    for words in (
        "1 of 2", "seen 3 times", "test (81 %), a re-run does not help; otherwise build 15 %", "> boom", "1 build  2 test",
        "a re-run helps: yes", "q = quit",
    ):  # fmt: skip
        assert words in out


def test_hostile_text_does_nothing(press: Press, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever it stands."""
    press("s", item(HOSTILE, HOSTILE, excerpt=HOSTILE, evidence=(HOSTILE,), reasons=(HOSTILE,), abstained=HOSTILE))
    out = capsys.readouterr().out
    assert "boom" in out
    assert "\x1b" not in out.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert not [line for line in out.splitlines() if line.lstrip().startswith("::error")]
