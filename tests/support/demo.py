"""A demo store, filled once: two weeks that end at a known moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from errclass.outcomes import Store
from errclass.system.jobs.demo import DemoOptions, fill_demo
from errclass.system.settings import load_settings
from errclass.system.wiring import build_parts

UNTIL = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
"""A Friday afternoon."""
DAYS = 14


@dataclass(frozen=True, slots=True)
class DemoStore:
    """Hold where it is, and what it says of itself."""

    folder: Path
    document: dict[str, Any]

    def truth(self, name: str) -> dict[str, Any]:
        """Return one thing that is planted."""
        (found,) = [truth for truth in self.document["truths"] if truth["name"] == name]
        return found

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the tables, none of the marts."""
        with Store(self.folder) as store, store.reading() as session:
            return session.execute(query, list(values)).fetchall()


def write_demo(folder: Path, *, days: int = DAYS, seed: int = 1) -> DemoStore:
    """Fill one in ``folder``, below an empty home of its own."""
    settings = load_settings(overrides={"home": folder / "home", "store": str(folder / "home" / "store")})
    place = folder / "demo"
    document = fill_demo(place, DemoOptions(UNTIL, days, seed), build_parts(settings), progress=lambda *_: None)
    return DemoStore(place, document)
