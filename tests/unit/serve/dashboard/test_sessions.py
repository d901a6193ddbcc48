"""Sessions: who is in, for how long, and who is not."""

from __future__ import annotations

import pytest

from errclass.serve.dashboard import sessions
from errclass.serve.dashboard.sessions import IDLE_SECONDS, MOST_SECONDS, SessionBook


@pytest.fixture
def now() -> list[float]:
    """Return the time, to be moved."""
    return [0.0]


@pytest.fixture
def book(now: list[float]) -> SessionBook:
    """Return a book that reads it."""
    return SessionBook(clock=lambda: now[0])


def test_a_cookie_leads_to_its_session_and_is_not_kept(book: SessionBook) -> None:
    """Only its hash is; each session has a token and a secret of its own."""
    first, cookie = book.begin("a")
    second, other = book.begin("a")
    assert (first, second) == (book.find(cookie), book.find(other))
    assert 4 == len({first.csrf, second.csrf, cookie, other})
    assert cookie.partition(".")[2] not in repr(first) + first.digest
    assert not {first.csrf, first.digest} & set(repr(first).split("'"))


@pytest.mark.parametrize("change", [lambda one: one[:-1], lambda one: one + "A", lambda one: one.partition(".")[0],
                                    lambda one: "." + one.partition(".")[2], lambda one: "", lambda one: "é.\ud800"])  # fmt: skip
def test_nothing_else_does(book: SessionBook, change: object) -> None:
    """Not a part of it, nor something like it."""
    _, cookie = book.begin("a")
    assert book.find(change(cookie)) is None  # type: ignore[operator]


def test_a_session_ends_after_its_time_whatever_is_done_in_it(book: SessionBook, now: list[float]) -> None:
    """And earlier where nothing is done."""
    _, cookie = book.begin("a")
    for now[0] in range(0, int(MOST_SECONDS), int(IDLE_SECONDS) - 1):
        assert book.find(cookie)
    now[0] = MOST_SECONDS
    assert book.find(cookie) is None
    _, idle = book.begin("a")
    now[0] += IDLE_SECONDS
    assert (None, None) == (book.find(idle), book.find(idle))


def test_an_ended_session_is_over(book: SessionBook) -> None:
    """The others are not; ending twice is no fault."""
    session, cookie = book.begin("a")
    _, other = book.begin("b")
    book.end(session)
    book.end(session)
    assert (None, True) == (book.find(cookie), book.find(other) is not None)


def test_of_too_many_the_most_silent_ends(book: SessionBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody fills the memory."""
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 2)
    cookies = [book.begin("a")[1] for _ in range(2)]
    book.find(cookies[0])
    cookies.append(book.begin("a")[1])
    assert [True, False, True] == [book.find(cookie) is not None for cookie in cookies]


def test_one_key_signs_nobody_else_out(book: SessionBook) -> None:
    """Of its own sessions the most silent ends."""
    _, other = book.begin("b")
    cookies = [book.begin("a")[1] for _ in range(sessions.MOST_OF_A_KEY + 1)]
    found = [book.find(cookie) is not None for cookie in (other, *cookies)]
    assert [True, False, *[True] * sessions.MOST_OF_A_KEY] == found
