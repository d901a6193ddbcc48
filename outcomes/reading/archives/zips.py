"""Read the members of a zip archive without unpacking it to disk."""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ....core.errors import UsageError
from ..history_file import Skipped
from .budget import MAX_MEMBERS, Budget
from .member import DamagedError, MeteredStream, tell_damage
from .names import has_controls, refuse_outside

_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_ENTRY = b"PK\x01\x02"
_MAX_DIRECTORY = 64 * 1024**2
_READ_TWICE = 65_557 // 46
"""Entries in the last 64 KB of a file, which are first searched for where the directory begins."""
_ENCRYPTED = 0x1
# bzip2 and LZMA would unpack gigabytes from one small read, before anything could be counted.
_METHODS = (ZIP_STORED, ZIP_DEFLATED)


def is_zip(head: bytes) -> bool:
    """Tell whether these are the first bytes of a zip archive."""
    return head.startswith(_MARKS)


class ZipArchive:
    """Give the regular files of a zip archive by name, in its order.

    Raises UsageError, before anything is read, when it is damaged, when a member's name leads out of it, when a member
    is a link or a device, and when its own directory admits more than is allowed.
    """

    def __init__(self, path: Path, skipped: Skipped) -> None:
        self._budget = Budget(path)
        self._file = _Directory(path)
        try:
            with tell_damage():
                self._zip = ZipFile(self._file)
            self._file.is_read = True
            self._infos = self._admit(skipped)
        except DamagedError as error:
            self._file.close()
            raise UsageError(f"{path} is damaged or no zip archive: {error}") from error
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._zip.close()
        self._file.close()

    @property
    def names(self) -> list[str]:
        """The names of the files that can be read."""
        return list(self._infos)

    @contextmanager
    def open(self, name: str) -> Iterator[MeteredStream]:
        """Yield the content of a member; it and its reading raise DamagedError where it cannot be unpacked."""
        with tell_damage():
            stream = self._zip.open(self._infos[name])
        with stream:
            yield MeteredStream(stream, self._budget)

    def _admit(self, skipped: Skipped) -> dict[str, ZipInfo]:
        infos: dict[str, ZipInfo] = {}
        admitted = Budget(self._budget.path)
        for info in self._zip.infolist():
            admitted.admit()
            admitted.spend(info.file_size)
            self._refuse(info)
            if problem := _find_problem(info, infos):
                skipped.add(problem, ascii(info.filename[:200])[1:-1])
            elif not info.is_dir():
                infos[info.filename] = info
        return infos

    def _refuse(self, info: ZipInfo) -> None:
        refuse_outside(self._budget.path, info.orig_filename)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            named = f"{self._budget.path}: its member {info.filename[:200]!a}"
            raise UsageError(f"{named} is a link, a device or the like; it was not read")


class _Directory(io.FileIO):
    """A file that refuses to give a zip's directory of more members than are allowed.

    All of the directory is read at once and becomes objects, however many the header says that there are.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._path = path
        self._entries = 0
        self.is_read = False

    def read(self, size: int | None = -1, /) -> bytes:
        if not self.is_read and size is not None and size > _MAX_DIRECTORY:
            raise UsageError(f"{self._path} holds too many files; import them in several archives")
        data = super().read(size) or b""
        if not self.is_read:
            self._entries += data.count(_ENTRY)
            if self._entries > MAX_MEMBERS + _READ_TWICE:
                raise UsageError(f"{self._path} holds more than {MAX_MEMBERS:,} files; import them in several archives")
        return data


def _find_problem(info: ZipInfo, infos: dict[str, ZipInfo]) -> str | None:
    if has_controls(info.orig_filename):
        return "control characters in its name"
    if info.filename in infos:
        return "a second file of that name"
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    return None if info.compress_type in _METHODS else "compressed by another method than deflate"
