"""Read a single file that gzip may have packed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .budget import Budget
from .member import MeteredStream

_GZIP = b"\x1f\x8b"


def is_gzip(head: bytes) -> bool:
    """Tell whether these are the first bytes of what gzip packed."""
    return head.startswith(_GZIP)


@contextmanager
def open_unpacked(path: Path, budget: Budget) -> Iterator[MeteredStream]:
    """Yield what is in a file, unpacked when gzip packed it, and counted."""
    with path.open("rb") as file:
        packed = is_gzip(file.read(len(_GZIP)))
        file.seek(0)
        yield MeteredStream(gzip.GzipFile(fileobj=file) if packed else file, budget)
