"""Load the tables of exact codes and fixed wordings in ``data/knowledge``."""

from __future__ import annotations

import csv
import functools
import re
from collections import defaultdict
from pathlib import Path
from typing import Literal, NamedTuple

from .phrases import Phrases

FOLDER = Path(__file__).resolve().parent.parent / "data" / "knowledge"
_NOT_CODES = ("families", "phrases", "tools")
_RETRYABLE = {"yes": True, "no": False, "": None}


class Entry(NamedTuple):
    """Describe one code: what it points to, and how surely."""

    table: str
    code: str
    type: str | None
    strength: Literal["exact", "strong", "weak"]
    retryable: bool | None


class Family(NamedTuple):
    """Describe a family of numbered codes, such as ``TS2322``."""

    prefix: str
    pattern: re.Pattern[str]
    entry: Entry


class Knowledge(NamedTuple):
    """Hold all tables, indexed for lookup by token and by wording."""

    codes: dict[str, dict[str, Entry]]
    """Table name -> code -> entry."""
    tokens: dict[str, Entry]
    """Codes that are unmistakable as a bare token (not plain numbers), over all tables."""
    families: dict[str, list[Family]]
    """First character -> families."""
    phrases: Phrases[Entry]
    """Fixed wordings -> the code that each stands for."""
    tools: Phrases[str]
    """Fixed wordings -> the tool that prints them."""


_CONTEXT_TABLES = frozenset({"http", "exit", "curl", "sqlstate", "grpc"})
"""Tables whose codes mean something only in a certain place; ``codes.py`` knows these places."""


@functools.cache
def load_knowledge() -> Knowledge:
    """Return the tables; read once per process."""
    codes = {path.stem: _read_codes(path) for path in sorted(FOLDER.glob("*.csv")) if path.stem not in _NOT_CODES}
    tokens: dict[str, Entry] = {}
    for table, entries in codes.items():
        if table not in _CONTEXT_TABLES:
            tokens |= {code: entry for code, entry in entries.items() if not code.isdigit() and code not in tokens}
    return Knowledge(codes, tokens, _read_families(), _read_phrases(codes), _read_tools())


def _read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _entry(table: str, code: str, row: dict[str, str]) -> Entry:
    strength: Literal["exact", "strong", "weak"] = row["strength"] or "weak"  # type: ignore[assignment]
    return Entry(table, code, row["type"] or None, strength, _RETRYABLE[row["retryable"]])


def _read_codes(path: Path) -> dict[str, Entry]:
    return {row["code"]: _entry(path.stem, row["code"], row) for row in _read_rows(path)}


def _read_families() -> dict[str, list[Family]]:
    families = defaultdict(list)
    for row in _read_rows(FOLDER / "families.csv"):
        entry = _entry(row["table"], row["prefix"], row)
        families[row["prefix"][:1]].append(Family(row["prefix"], re.compile(row["pattern"]), entry))
    return dict(families)


def _read_phrases(codes: dict[str, dict[str, Entry]]) -> Phrases[Entry]:
    rows = _read_rows(FOLDER / "phrases.csv")
    return Phrases((row["phrase"], _entry_of_phrase(row, codes)) for row in rows)


def _entry_of_phrase(row: dict[str, str], codes: dict[str, dict[str, Entry]]) -> Entry:
    known = codes.get(row["table"], {}).get(row["code"])
    return known if known and not row["type"] else _entry(row["table"], row["code"], row)


def _read_tools() -> Phrases[str]:
    return Phrases((row["phrase"], row["tool"]) for row in _read_rows(FOLDER / "tools.csv"))
