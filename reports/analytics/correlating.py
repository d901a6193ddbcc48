"""What comes together more or less often than by chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

from .counting import MOST_VALUES
from .data import Correlations, Pair, PairList
from .look import Look, Row, tidy
from .statistics.adjusting import LEVEL, adjust_p_values
from .statistics.shares import judge_pair

MOST_PAIRS: Final = 10
_SITUATIONS: Final = ("same_run", "ten_minutes")
"""Situations without a failure are not counted, so that types that have nothing to do with each other seem to avoid
each other: only what comes together more often is told."""


def read_correlations(look: Look) -> Correlations:
    """Return the pairs of the window, all judged together at a false discovery rate of 5 %."""
    rows = look.read("attribute_pairs", size=MOST_VALUES) + look.read("types_together")
    values = [_judge(row) for row in rows]
    pairs = [_describe(*parts) for parts in zip(rows, values, adjust_p_values(values), strict=True)]
    return Correlations(
        **{name: _list(pair for row, pair in zip(rows, pairs, strict=True) if row["kind"] == name) for name in _KINDS}
    )


_KINDS: Final[Sequence[Any]] = ("type_environment", "severity_component", "type_operation", *_SITUATIONS)


def _judge(row: Row) -> float:
    more, fewer = judge_pair(row["together"], row["seen"], row["other_seen"], row["failures"])
    return more if row["kind"] in _SITUATIONS else min(1.0, 2 * min(more, fewer))


def _describe(row: Row, p_value: float, q_value: float) -> Pair:
    expected = row["seen"] * row["other_seen"] / row["failures"]
    side: Literal["more", "less"] = "more" if row["together"] > expected else "less"
    return Pair(
        row["value"],
        row["other_value"],
        row["together"],
        row["seen"],
        row["other_seen"],
        row["failures"],
        tidy(expected),
        tidy(row["together"] / expected),
        tidy(p_value),
        tidy(q_value),
        side if q_value <= LEVEL else None,
    )


def _list(pairs: Iterable[Pair]) -> PairList:
    found = sorted(pairs, key=lambda pair: (pair.p_value, -pair.together, pair.value, pair.other_value))
    return PairList(len(found), tuple(found[:MOST_PAIRS]))
