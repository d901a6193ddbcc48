"""Bytes from one file to another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from errclass.actions.run.streams import Pump, Sink, close_all_but, make_pipe


@pytest.fixture
def pipes() -> list[int]:
    """Two pipes: what is written to the second file comes out of the pump's source, and its sink is the third."""
    return [*make_pipe(), *make_pipe()]


def test_bytes_come_out_as_they_went_in(pipes: list[int]) -> None:
    """And are seen on their way."""
    source, writer, reader, sink = pipes
    seen: list[bytes] = []
    pump = Pump(source, Sink(sink, ours=True), seen.append)
    os.write(writer, b"\x00\xffa\r\n")
    assert b"\x00\xffa\r\n" == pump.carry()
    assert (b"\x00\xffa\r\n", [b"\x00\xffa\r\n"], 5) == (os.read(reader, 100), seen, pump.carried)


def test_the_end_of_the_source_ends_the_pump(pipes: list[int]) -> None:
    """An empty read is no block."""
    source, writer, _, sink = pipes
    pump = Pump(source, Sink(sink, ours=True))
    os.close(writer)
    assert (b"", False) == (pump.carry(), pump.open)


def test_nothing_to_read_yet_is_no_end(pipes: list[int]) -> None:
    """The pump stays open."""
    source, _, _, sink = pipes
    pump = Pump(source, Sink(sink, ours=True))
    assert (b"", True) == (pump.carry(), pump.open)


def test_a_slow_reader_gets_everything_and_delays_nobody(pipes: list[int]) -> None:
    """What the pipe does not take is kept; meanwhile nothing more is read."""
    _, _, reader, sink = pipes
    target = Sink(sink, ours=True)
    data = os.urandom(3 << 20)
    target.write(data)
    assert target.full
    received = b""
    while len(received) < len(data):
        received += os.read(reader, 1 << 20)
        target.flush()
    assert (data, False, False) == (received, target.full, target.broken)


def test_a_reader_that_is_gone_is_noticed(pipes: list[int]) -> None:
    """And what was to be written to it is dropped."""
    source, writer, reader, sink = pipes
    pump = Pump(source, Sink(sink, ours=True))
    os.close(reader)
    os.write(writer, b"x")
    pump.carry()
    assert (True, False, False) == (pump.sink.broken, pump.sink.full, pump.open)


def test_a_shared_pipe_keeps_its_own_mode() -> None:
    """Others who write to it are not to be surprised by writes that do not wait."""
    _, shared = os.pipe()
    sink = Sink(shared)
    assert os.get_blocking(shared)
    assert not os.get_blocking(sink.fd)


def test_a_file_is_written_in_place(tmp_path: Path) -> None:
    """It is not opened again: its place would be another."""
    with (tmp_path / "out").open("wb") as file:
        file.write(b"before ")
        file.flush()
        Sink(file.fileno()).write(b"after")
    assert b"before after" == (tmp_path / "out").read_bytes()


def test_nothing_to_keep_closes_no_empty_range(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty range from 0 would close every file of the process."""
    ranges: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "closerange", lambda first, last: ranges.append((first, last)))
    close_all_but([0, 1, 5])
    assert [(2, 5), (6, 4096)] == ranges


def test_what_is_closed_twice_costs_nobody_a_file(pipes: list[int], tmp_path: Path) -> None:
    """By the second time their numbers may be those of files of others, such as the store's."""
    source, _, _, sink = pipes
    pump = Pump(source, Sink(sink, ours=True))
    pump.close()
    pump.sink.close()
    others = [os.open(tmp_path / str(number), os.O_CREAT | os.O_RDWR) for number in range(4)]
    assert {source, sink} <= set(others)
    pump.close()
    pump.sink.close()
    for other in others:
        os.fstat(other)
        os.close(other)
