"""Read the members of a tar archive, plain or packed by gzip, as one stream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tarfile import AREGTYPE, BLOCKSIZE, CONTTYPE, DIRTYPE, REGTYPE, HeaderError, TarInfo

from ....core.errors import UsageError
from ..history_file import Skipped
from .budget import Budget
from .member import DamagedError, Member, Readable
from .names import has_controls, refuse_outside
from .unpacking import open_unpacked

_MAGIC = slice(257, 262)
_FILES = (REGTYPE, AREGTYPE, CONTTYPE)
_LONG_NAME, _PAX, _PAX_FOR_ALL, _VOLUME = b"L", b"x", b"g", b"V"
_MAX_NOTE = 64 * 1024
"""Bytes of a long name or of a pax header."""
_CHUNK = 64 * 1024


def is_tar(head: bytes) -> bool:
    """Tell whether these, unpacked, are the first bytes of a tar archive."""
    return head[_MAGIC] == b"ustar"


def iter_tar(path: Path, skipped: Skipped) -> Iterator[Member]:
    """Yield the regular files of a tar archive, in its order.

    Raises UsageError, before anything is yielded, when it is damaged, too much, when a member's name leads out of it,
    or when a member is a link or a device: for that it is unpacked twice.
    """
    for _ in _walk(path, Skipped()):
        pass
    yield from _walk(path, skipped)


def _walk(path: Path, skipped: Skipped) -> Iterator[Member]:
    budget = Budget(path)
    seen: set[str] = set()
    with open_unpacked(path, budget) as stream:
        try:
            for name, size in _iter_headers(path, stream):
                budget.admit()
                body = _Body(stream, size)
                if problem := _find_problem(name, seen):
                    skipped.add(problem, ascii(name[:200])[1:-1])
                else:
                    seen.add(name)
                    yield Member(name, body)
                body.skip()
        except (DamagedError, HeaderError) as error:
            raise UsageError(f"{path} is a damaged tar archive: {error}") from error


def _iter_headers(path: Path, stream: Readable) -> Iterator[tuple[str, int]]:
    """Yield name and size of each regular file; the caller reads its body before it asks for the next."""
    name = ""
    while (block := _read_exactly(stream, BLOCKSIZE)).strip(b"\0"):
        info = TarInfo.frombuf(block, "utf-8", "surrogateescape")
        if info.size < 0:
            raise DamagedError("a size below zero")
        if info.type in (_LONG_NAME, _PAX):
            name = _read_name(stream, info) or name
            continue
        name = name or info.name
        refuse_outside(path, name)
        if info.type in _FILES:
            yield name, info.size
        elif info.type in (DIRTYPE, _PAX_FOR_ALL, _VOLUME):
            _Body(stream, info.size).skip()
        else:
            raise UsageError(f"{path}: its member {name[:200]!a} is a link, a device or the like; it was not read")
        name = ""


def _read_name(stream: Readable, info: TarInfo) -> str:
    """Return the name that stands before the header it is for; empty when this one tells other things."""
    if info.size > _MAX_NOTE:
        raise DamagedError(f"a header of {info.size:,} bytes")
    body = _Body(stream, info.size)
    note = _read_exactly(body, info.size)
    body.skip()
    if info.type == _LONG_NAME:
        return note.rstrip(b"\0").decode("utf-8", "surrogateescape")
    # Records are "LENGTH path=NAME\n"; the length is not needed to find the one.
    found = [line.partition(b" path=")[2] for line in note.split(b"\n") if b" path=" in line]
    return found[-1].decode("utf-8", "surrogateescape") if found else ""


def _find_problem(name: str, seen: set[str]) -> str | None:
    if has_controls(name):
        return "control characters in its name"
    return "a second file of that name" if name in seen else None


class _Body:
    """Give the bytes of one member, and skip what is left of it with its padding."""

    def __init__(self, stream: Readable, size: int) -> None:
        self._stream = stream
        self._left = size
        self._padding = -size % BLOCKSIZE

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(min(size, self._left))
        if not data and self._left and size:
            raise DamagedError("it is cut off")
        self._left -= len(data)
        return data

    def skip(self) -> None:
        while self.read(_CHUNK):
            pass
        self._left, self._padding = self._padding, 0
        while self._left:
            self.read(_CHUNK)


def _read_exactly(stream: Readable, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = stream.read(size - len(data))
        if not part:
            raise DamagedError("it is cut off")
        data += part
    return data
