"""What an importer is handed: where to read, how, and where to note what it finds out."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .archives import is_gzip
from .history_file import Skipped

HEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class Source:
    """Name a file or folder of past failures, and collect what is noted while it is read.

    It has no slots, so that the first bytes are read once however many importers look at them.
    """

    path: Path
    text_column: str | None = None
    """Column of a table that holds the text; None leaves it to the importer."""
    label_column: str | None = None
    skipped: Skipped = field(default_factory=Skipped)
    """Where to count what cannot be used."""
    columns: dict[str, str] = field(default_factory=dict)
    """Where to note which column of a table was taken for which field."""

    @property
    def suffix(self) -> str:
        """The file's last suffix in lower case, with its dot."""
        return self.path.suffix.lower()

    @property
    def inner_suffix(self) -> str:
        """The suffix in lower case, without a ``.gz`` after it."""
        return Path(self.path.stem).suffix.lower() if self.suffix == ".gz" else self.suffix

    @cached_property
    def packed_head(self) -> bytes:
        """The first 64 KB as they are; none of a folder."""
        if self.path.is_dir():
            return b""
        with self.path.open("rb") as stream:
            return stream.read(HEAD_BYTES)

    @cached_property
    def head(self) -> bytes:
        """The first 64 KB, unpacked when they are gzip's."""
        return unpack_head(self.packed_head)


def unpack_head(data: bytes) -> bytes:
    """Return at most 64 KB of what gzip packed into ``data``; ``data`` itself when it is none of gzip's."""
    if not is_gzip(data):
        return data
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, HEAD_BYTES)
    except zlib.error:
        return b""
