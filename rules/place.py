"""Where in the rule files a value stands, for error messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from ..core.errors import PolicyError
from .reading import Document


@dataclass(frozen=True, slots=True)
class Place:
    """Point to a value of one file."""

    document: Document
    keys: tuple[str | int, ...] = ()
    """The way to it: names of mappings, and places in lists from 0."""

    def at(self, *keys: str | int) -> Place:
        """Return the place below this one."""
        return Place(self.document, (*self.keys, *keys))

    def refuse(self, what: str) -> NoReturn:
        """Raise ``PolicyError`` with file, line, key and ``what``, which says what is wrong and what to do."""
        key = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys).lstrip(".")
        where = f"{self.document.path}:{self.document.find_line(self.keys)}"
        raise PolicyError(f"{where}: {key}: {what}" if key else f"{where}: {what}")
