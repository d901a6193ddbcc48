"""One file inside of an archive, as a stream."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import BadGzipFile
from typing import Protocol
from zipfile import BadZipFile

from .budget import Budget

# What the standard library raises at archives that lie, are cut off, or use what it does not know.
_DAMAGES = (
    BadGzipFile,
    BadZipFile,
    EOFError,
    LookupError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)


DAMAGED = "damaged, or not as large as the archive says"


class DamagedError(Exception):
    """A packed file cannot be unpacked further; the message says why."""


class Readable(Protocol):
    """What gives bytes."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """Hold one file of an archive; its stream is good until the next member is asked for."""

    name: str
    stream: Readable


class MeteredStream:
    """Hand on what a stream unpacks, counted; raises DamagedError where it cannot go on."""

    def __init__(self, stream: Readable, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, size: int) -> bytes:
        """Return at most ``size`` bytes, none at the end."""
        with tell_damage():
            data = self._stream.read(size)
        self._budget.spend(len(data))
        return data


@contextmanager
def tell_damage() -> Iterator[None]:
    """Raise DamagedError for whatever the standard library raises at a broken archive."""
    try:
        yield
    except _DAMAGES as error:
        raise DamagedError(str(error) or type(error).__name__) from error
