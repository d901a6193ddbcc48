"""Reading archives from strangers: as streams, within bounds, nothing written to disk."""

from __future__ import annotations

from .budget import Budget
from .member import DAMAGED, DamagedError, Member, MeteredStream, Readable
from .tars import is_tar, iter_tar
from .unpacking import is_gzip, open_unpacked
from .zips import ZipArchive, is_zip

__all__ = [
    "DAMAGED",
    "Budget",
    "DamagedError",
    "Member",
    "MeteredStream",
    "Readable",
    "ZipArchive",
    "is_gzip",
    "is_tar",
    "is_zip",
    "iter_tar",
    "open_unpacked",
]
