"""Who says what of a cause: the standing opinions, by source and author."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .reader import ask
from .times import from_naive_utc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class CauseOpinion:
    """Hold one type that one author of one source names for a cause."""

    type: str
    source: str
    author: str | None
    time: datetime
    """When it was said last."""
    failures: int
    """Failures of the cause for which it is what counts."""

    @property
    def voice(self) -> str:
        """Who says so: ``human (alice)``."""
        return name_voice(self.source, self.author)


def name_voice(source: str, author: str | None) -> str:
    """Name who says something: its source, and the author where one is known."""
    return f"{source} ({author})" if author else source


def ask_opinions(session: DuckDBPyConnection, causes: Sequence[str]) -> dict[str, tuple[CauseOpinion, ...]]:
    """Return the opinions on each cause that has any: strongest source first, then the latest."""
    found: defaultdict[str, list[CauseOpinion]] = defaultdict(list)
    for row in ask(session, "cause_opinions", {"causes": list(causes)}):
        time = from_naive_utc(row["labelled_at"])
        found[row["cause"]].append(CauseOpinion(row["type"], row["source"], row["author"], time, int(row["failures"])))
    return {cause: tuple(opinions) for cause, opinions in found.items()}
