"""What the history says: how much failed lately, what was done about it, and how reliable it all is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from ...actions.escalate import TARGETS
from ...core.happenings import ActionResult, MessageStatus
from ...core.types import Severity, Strategy
from ...outcomes import FigureReader, from_naive_utc, open_figures
from ...system.settings import Settings
from .known_values import choose
from .metric import Sample
from .readable_store import open_readable

COUNTED, JUDGED = timedelta(hours=24), timedelta(days=7)
QUERIES = (
    "action_counts",
    "answer_counts",
    "call_counts",
    "known_span",
    "message_counts",
    "operation_sums",
    "recovery_reruns",
    "recovery_time",
    "retry_counts",
)
_ENDS = ("resolved", "given_up", "pending")
_RESULTS: tuple[ActionResult, ...] = get_args(ActionResult)
_SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Hold the names that stand in labels as they are; all others are ``other``."""

    types: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    recipes: frozenset[str] = frozenset()


def read_figures(settings: Settings, known: KnownNames, now: datetime) -> Iterator[Sample]:
    """Yield the figures; raises StoreError where the history cannot be read."""
    with open_readable(settings) as (store, _):
        if store is None:
            return
        with open_figures(store, *QUERIES, since=now - JUDGED) as reader:
            yield from _Figures(reader, known, now).read()


class _Figures:
    def __init__(self, reader: FigureReader, known: KnownNames, now: datetime) -> None:
        self._reader, self._known, self._now = reader, known, now

    def read(self) -> Iterator[Sample]:
        yield from self._read_reliability()  # first, for its window holds the others
        yield from self._read_newest()
        yield from self._read_failures()
        yield from self._read_calls()
        yield from self._read_retries()
        yield from self._read_actions()
        yield from self._read_messages()

    def _ask(self, name: str, window: timedelta = COUNTED) -> list[_Row]:
        return list(self._reader.read(name, self._now - window, self._now))

    def _read_newest(self) -> Iterator[Sample]:
        newest = self._ask("known_span")[0]["known_until"]
        if newest is not None:
            yield Sample("errclass_store_newest_timestamp_seconds", from_naive_utc(newest).timestamp())

    def _read_failures(self) -> Iterator[Sample]:
        rows = self._ask("answer_counts")
        yield from _count("errclass_recent_failures", ((self._name_failure(row), row["failures"]) for row in rows))
        decided = [row for row in rows if row["strategy"] is not None]
        yield from _count("errclass_recent_decisions", ((self._name_decision(row), row["failures"]) for row in decided))
        ends = [*(((end,), 0) for end in _ENDS), *(((row["ending"],), row["failures"]) for row in rows)]
        yield from _count("errclass_recent_failure_ends", ends)
        yield Sample("errclass_recent_failures_escalated", sum(row["escalated"] for row in rows))
        yield Sample("errclass_recent_decisions_unsure", sum(row["unsure"] for row in decided))

    def _name_failure(self, row: _Row) -> tuple[str, ...]:
        kind = choose(row["type"], self._known.types)
        return kind, choose(row["category"], self._known.categories), choose(row["severity"], _SEVERITIES)

    def _name_decision(self, row: _Row) -> tuple[str, ...]:
        category = choose(row["decided_category"], self._known.categories)
        return choose(row["strategy"], get_args(Strategy)), category, choose(row["severity"], _SEVERITIES)

    def _read_calls(self) -> Iterator[Sample]:
        counts = self._ask("call_counts")[0]
        yield from _split("errclass_recent_calls", [((), counts["calls"], counts["successes"])])

    def _read_retries(self) -> Iterator[Sample]:
        rows = [row for row in self._ask("retry_counts") if row["dimension"] == "type"]
        named = [((choose(row["value"], self._known.types),), row["retries"], row["successes"]) for row in rows]
        yield from _split("errclass_recent_retries", named)
        reruns = self._ask("recovery_reruns")
        named = [((choose(row["name"], self._known.recipes),), row["reruns"], row["successes"]) for row in reruns]
        yield from _split("errclass_recent_recovery_reruns", named)

    def _read_actions(self) -> Iterator[Sample]:
        rows = self._ask("action_counts")
        named = {"recover": self._known.recipes, "escalate": TARGETS, "reset": ()}
        for kind, name in (
            ("recover", "errclass_recent_recoveries"),
            ("escalate", "errclass_recent_escalations"),
            ("reset", "errclass_recent_resets"),
        ):
            found = [row for row in rows if row["kind"] == kind]
            yield from _count(name, _by_result(found, named[kind]))

    def _read_messages(self) -> Iterator[Sample]:
        statuses = get_args(MessageStatus)
        yield from _count(
            "errclass_recent_messages",
            (
                ((choose(row["status"], statuses), choose(row["priority"], _SEVERITIES)), row["messages"])
                for row in self._ask("message_counts")
            ),
        )

    def _read_reliability(self) -> Iterator[Sample]:
        sums = self._ask("operation_sums", JUDGED)[0]
        time = next(iter(self._ask("recovery_time", JUDGED)), {})
        yield Sample("errclass_recent_incidents", time.get("recovered") or 0, ("recovered",))
        yield Sample("errclass_recent_incidents", time.get("censored") or 0, ("open",))
        found = {
            "errclass_mttr_seconds": time.get("mean_seconds"),
            "errclass_recovery_median_seconds": time.get("median_seconds"),
            "errclass_mtbf_seconds": sums["mtbf_seconds"],
            "errclass_availability_ratio": sums["availability"],
        }
        yield from (Sample(name, float(value)) for name, value in found.items() if value is not None)


def _by_result(rows: Iterable[_Row], names: Collection[str]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield how many there are of each name, where there are any names, and result."""
    for row in rows:
        for result in _RESULTS:
            name = (choose(row["name"], names),) if names else ()
            yield (*name, result), row[result]


def _split(name: str, rows: Iterable[tuple[tuple[str, ...], int, int]]) -> Iterator[Sample]:
    """Yield successes and failures of rows of labels, all and successes."""
    pairs: list[tuple[tuple[str, ...], int]] = []
    for labels, total, successes in rows:
        pairs += [((*labels, "success"), successes), ((*labels, "failure"), total - successes)]
    return _count(name, pairs)


def _count(name: str, pairs: Iterable[tuple[tuple[str, ...], int]]) -> Iterator[Sample]:
    """Yield a sample for each labels, of which several rows may be the same once strangers' names are gone."""
    counts: Counter[tuple[str, ...]] = Counter()
    for labels, number in pairs:
        counts[labels] += number
    return (Sample(name, number, labels) for labels, number in sorted(counts.items()))
