"""Alerts: rules over the store's figures, and the course of what they find; values in, values out.

The names below are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.lazy import import_lazily

if TYPE_CHECKING:
    from .alert import ACTIVE, STATES, Alert, describe_finding
    from .book import AlertBook
    from .course import Step, acknowledge, advance
    from .finding import Finding, Measurement
    from .kinds import KINDS, AlertKind
    from .measuring import find_queries, find_start, measure
    from .rule import AlertRule, make_rule
    from .tellings import Telling, list_tellings, mark_told
    from .words import describe_alert

__all__ = [
    "ACTIVE",
    "KINDS",
    "STATES",
    "Alert",
    "AlertBook",
    "AlertKind",
    "AlertRule",
    "Finding",
    "Measurement",
    "Step",
    "Telling",
    "acknowledge",
    "advance",
    "describe_alert",
    "describe_finding",
    "find_queries",
    "find_start",
    "list_tellings",
    "make_rule",
    "mark_told",
    "measure",
]

_HOMES = {
    "alert": ("ACTIVE", "STATES", "Alert", "describe_finding"),
    "book": ("AlertBook",),
    "course": ("Step", "acknowledge", "advance"),
    "finding": ("Finding", "Measurement"),
    "kinds": ("KINDS", "AlertKind"),
    "measuring": ("find_queries", "find_start", "measure"),
    "rule": ("AlertRule", "make_rule"),
    "tellings": ("Telling", "list_tellings", "mark_told"),
    "words": ("describe_alert",),
}

if not TYPE_CHECKING:  # a type checker that saw it would take any name for a public one
    __getattr__ = import_lazily(__name__, _HOMES)
