"""Alerts in words, ours and those of strangers as they are; whoever shows them escapes them."""

from __future__ import annotations

from collections.abc import Mapping

from ..sections import Unit
from ..wording import write_cell, write_span
from .alert import Alert
from .kinds import KINDS


def describe_alert(alert: Alert) -> str:
    """Return one line: what it is, its number, what that rests on, its threshold and where it is."""
    kind = KINDS.get(alert.kind)
    what = kind.what if kind else alert.kind
    rests = f" of {alert.cases} {kind.cases}" if kind and not kind.counts and kind.unit != "seconds" else ""
    span = f" in {write_span(alert.window_seconds)}"
    threshold = _write(alert.threshold, alert.unit)
    return f"{what}: {describe_value(alert)}{rests}{span} (threshold {threshold}){_place(alert.labels)}"


def describe_value(alert: Alert) -> str:
    """Return its number; ``-`` where it is not known."""
    return _write(alert.value, alert.unit)


def name_labels(labels: Mapping[str, str]) -> str:
    """Return labels as ``environment=production``; ``-`` without any."""
    return ", ".join(f"{name}={value}" for name, value in labels.items()) or "-"


def _place(labels: Mapping[str, str]) -> str:
    return f", {name_labels(labels)}" if labels else ""


def _write(value: float | None, unit: Unit) -> str:
    if unit == "" and value is not None:
        return f"{value:g}" if value == round(value) else f"{value:.1f}"
    if unit in ("share", "points") and value is not None:
        return f"{100 * value:.3g} %" if unit == "share" else f"{100 * value:+.3g} points"
    return write_cell(value, unit)
