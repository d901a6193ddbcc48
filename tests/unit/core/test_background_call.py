"""A call goes on by itself."""

from __future__ import annotations

import threading

import pytest

from errclass.core.background_call import call_in_background, start_in_background


def test_its_result_comes_when_it_is_there() -> None:
    """Nobody waits for it before."""
    released = threading.Event()
    future = call_in_background(lambda: released.wait(30))
    assert not future.done()
    released.set()
    assert future.result(30)


def test_what_it_raises_is_raised_for_who_asks() -> None:
    """And nowhere else."""
    with pytest.raises(ZeroDivisionError):
        call_in_background(lambda: 1 / 0).result(30)


def test_where_no_thread_starts_it_is_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the interpreter is ending."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread at interpreter shutdown")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert (True, 1) == ((future := call_in_background(lambda: 1)).done(), future.result())
    with pytest.raises(RuntimeError, match="can't start"):
        start_in_background(lambda: 1)
