"""Expressions of PromQL, held against the metrics that there are: names, labels, and counters that are rated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import promql_parser as promql

TARGET = frozenset({"instance", "job"})
"""What Prometheus adds to every series."""
_RATES = frozenset({"changes", "delta", "increase", "irate", "rate", "resets"})
_FOR_GAUGES = frozenset({"changes", "delta"})


@dataclass(frozen=True)
class Series:
    """What is known of the series of one name."""

    labels: frozenset[str]
    counts: bool
    """Whether it only rises while the process lives."""


def find_faults(expression: str, known: Mapping[str, Series]) -> list[str]:
    """Return what is wrong with an expression; a syntax error is raised."""
    return list(_Check(known).faults(promql.parse(expression)))


def list_labels(expression: str, known: Mapping[str, Series]) -> frozenset[str]:
    """Return the labels that the result of an expression has."""
    return _Check(known).labels(promql.parse(expression))


class _Check:
    def __init__(self, known: Mapping[str, Series]) -> None:
        self._known = known

    def labels(self, node: Any) -> frozenset[str]:
        if isinstance(node, promql.MatrixSelector):
            return self.labels(node.vector_selector)
        if isinstance(node, promql.VectorSelector):
            series = self._known.get(node.name)
            return TARGET | (series.labels if series else frozenset())
        if isinstance(node, promql.AggregateExpr):
            return self._group(node)
        if isinstance(node, promql.Call):
            inner = frozenset().union(*(self.labels(one) for one in node.args))
            return inner - {"le"} if node.func.name == "histogram_quantile" else inner
        if isinstance(node, promql.BinaryExpr):
            return self.labels(node.lhs) or self.labels(node.rhs)
        if isinstance(node, promql.ParenExpr | promql.UnaryExpr | promql.SubqueryExpr):
            return self.labels(node.expr)
        return frozenset()

    def faults(self, node: Any, inside: str = "") -> Iterator[str]:
        if isinstance(node, promql.MatrixSelector):
            yield from self.faults(node.vector_selector, inside)
        elif isinstance(node, promql.VectorSelector):
            yield from self._judge_selector(node, inside)
        elif isinstance(node, promql.AggregateExpr):
            wanted = frozenset(node.modifier.labels if node.modifier else ())
            yield from self._judge_labels(wanted, self.labels(node.expr), f"{node.op} by")
            yield from self.faults(node.expr)
        elif isinstance(node, promql.Call):
            yield from self._judge_call(node)
        elif isinstance(node, promql.BinaryExpr):
            yield from self._judge_pair(node)
        elif isinstance(node, promql.ParenExpr | promql.UnaryExpr | promql.SubqueryExpr):
            yield from self.faults(node.expr)

    def _group(self, node: Any) -> frozenset[str]:
        if node.modifier is None:
            return frozenset()
        names = frozenset(node.modifier.labels)
        by = node.modifier.type == promql.AggModifierType.By
        return names if by else self.labels(node.expr) - names

    def _judge_selector(self, node: Any, inside: str) -> Iterator[str]:
        series = self._known.get(node.name)
        if series is None:
            yield f"no metric {node.name!r}"
            return
        names = frozenset(matcher.name for matcher in node.matchers.matchers)
        yield from self._judge_labels(names, self.labels(node), node.name)
        if series.counts and inside not in _RATES:
            yield f"{node.name} is a counter, and is not rated"
        if not series.counts and inside in _RATES - _FOR_GAUGES:
            yield f"{node.name} is a gauge, and is rated"

    def _judge_call(self, node: Any) -> Iterator[str]:
        if node.func.name == "histogram_quantile" and "le" not in self.labels(node.args[1]):
            yield "histogram_quantile without le"
        for one in node.args:
            yield from self.faults(one, node.func.name)

    def _judge_pair(self, node: Any) -> Iterator[str]:
        matching = node.modifier.matching if node.modifier else None
        if matching is not None:
            for side in (node.lhs, node.rhs):
                yield from self._judge_labels(frozenset(matching.labels), self.labels(side), f"{node.op} on")
        yield from self.faults(node.lhs)
        yield from self.faults(node.rhs)

    @staticmethod
    def _judge_labels(wanted: frozenset[str], there: frozenset[str], where: str) -> Iterator[str]:
        for name in sorted(wanted - there):
            yield f"{where}: no label {name!r}"
