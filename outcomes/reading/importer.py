"""What every importer, built in or third party, must offer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from .history_file import Row
from .source import Source


@runtime_checkable
class Importer(Protocol):
    """Read past failures from one kind of file. Found by the entry-point group ``errclass.importers``.

    The entry point gives the name and leads to any object with these two functions: a module will do.
    """

    def recognises(self, source: Source) -> bool:
        """Tell, from the suffix and the first bytes alone, whether this is a file or folder to ``read``.

        May raise UsageError, naming ``source.path``, for one that no importer should read, such as a damaged archive.
        """
        ...

    def read(self, source: Source) -> Iterator[Row]:
        """Yield one row per failure, and count in ``source.skipped`` what cannot be used.

        Raises UsageError, naming ``source.path``, for what cannot be read at all. A row is neither masked nor cleaned.
        """
        ...
