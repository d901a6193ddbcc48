"""A connection ends when its time is over."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from errclass.core.cutter import Cutter


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a connection; one that is never cut gives up in time."""
    one, two = socket.socketpair()
    one.settimeout(30)
    with one, two:
        yield one, two


def test_whoever_waits_gets_the_end(pair: tuple[socket.socket, socket.socket]) -> None:
    """Though nothing came and nobody closed."""
    with Cutter(0.05) as cutter:
        cutter.watch(pair[0])
        assert b"" == pair[0].recv(1)
        assert cutter.expired


def test_what_comes_too_late_is_cut_at_once(pair: tuple[socket.socket, socket.socket]) -> None:
    """A name may take long to be looked up."""
    with Cutter(0.0) as cutter:
        cutter._timer.join(30)
        cutter.watch(pair[0])
        assert (b"", True) == (pair[0].recv(1), cutter.expired)


def test_a_socket_that_was_wrapped_is_cut_too(pair: tuple[socket.socket, socket.socket]) -> None:
    """TLS takes it over, and leaves an empty one."""
    with Cutter(0.05) as cutter:
        cutter.watch(pair[0])
        with socket.socket(fileno=pair[0].detach()) as wrapped:
            wrapped.settimeout(30)
            assert b"" == wrapped.recv(1)


def test_what_ends_in_time_is_left_open(pair: tuple[socket.socket, socket.socket]) -> None:
    """Also where nothing was ever connected."""
    with Cutter(30) as cutter:
        cutter.watch(pair[0])
    with Cutter(30) as unused:
        pass
    cutter._timer.join(30)
    pair[1].sendall(b"x")
    assert (b"x", False, False) == (pair[0].recv(1), cutter.expired, unused.expired)


def test_it_cuts_when_it_is_told(pair: tuple[socket.socket, socket.socket]) -> None:
    """Before its time, and what comes later too."""
    cutter = Cutter(30)
    cutter.watch(pair[0])
    cutter.cut()
    cutter.watch(pair[1])
    assert (b"", b"", True) == (pair[0].recv(1), pair[1].recv(1), cutter.expired)
