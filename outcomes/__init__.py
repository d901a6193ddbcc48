"""The outcome store: what failed, what was decided, what came of it, and what it teaches.

The names below are imported on first use: a decision that reads its history needs little of this room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.lazy import import_lazily

if TYPE_CHECKING:
    from .background import BackgroundMerger
    from .condition import Backlog, StoreCondition
    from .decided import DecidedFailure, count_decided, iter_decided
    from .disagreements import Disagreement, count_disagreements, list_disagreements
    from .event import Event
    from .events import (
        action_event,
        attempt_events,
        call_before,
        derive_id,
        label_event,
        message_event,
        outcome_events,
        resolution_event,
    )
    from .evidence import Evidence, load_evidence
    from .exporting import export_folder, export_lines
    from .figures import FigureReader, open_figures
    from .filters import FILTERS, Filters, check_filters
    from .finding import find_outcome
    from .importing import ImportReport, import_outcomes
    from .labelled_decisions import LabelledDecision, load_labelled_decisions
    from .marks import CallBefore
    from .mart_sessions import open_marts, read_mart
    from .marts import Column, Mart, list_marts
    from .observed import Observed, load_observed
    from .patience import limited_patience
    from .postgres.address import hide_password, is_address
    from .pruned import Pruned
    from .reading import HistoryFile, Row, Skipped, read_history, read_test_cases
    from .restoring import is_export, restore_export
    from .review_queue import ReviewItem, load_review_queue
    from .store import Store
    from .summary import StoreStats
    from .time_slice import LabelledOutcome, load_labelled, newest_slice
    from .times import from_naive_utc
    from .training_set import load_training_set
    from .unlabelled import UnlabelledCause, iter_unlabelled
    from .windows import Place, Window, read_window

__all__ = [
    "FILTERS",
    "BackgroundMerger",
    "Backlog",
    "CallBefore",
    "Column",
    "DecidedFailure",
    "Disagreement",
    "Event",
    "Evidence",
    "FigureReader",
    "Filters",
    "HistoryFile",
    "ImportReport",
    "LabelledDecision",
    "LabelledOutcome",
    "Mart",
    "Observed",
    "Place",
    "Pruned",
    "ReviewItem",
    "Row",
    "Skipped",
    "Store",
    "StoreCondition",
    "StoreStats",
    "UnlabelledCause",
    "Window",
    "action_event",
    "attempt_events",
    "call_before",
    "check_filters",
    "count_decided",
    "count_disagreements",
    "derive_id",
    "export_folder",
    "export_lines",
    "find_outcome",
    "from_naive_utc",
    "hide_password",
    "import_outcomes",
    "is_address",
    "is_export",
    "iter_decided",
    "iter_unlabelled",
    "label_event",
    "limited_patience",
    "list_disagreements",
    "list_marts",
    "load_evidence",
    "load_labelled",
    "load_labelled_decisions",
    "load_observed",
    "load_review_queue",
    "load_training_set",
    "message_event",
    "newest_slice",
    "open_figures",
    "open_marts",
    "outcome_events",
    "read_history",
    "read_mart",
    "read_test_cases",
    "read_window",
    "resolution_event",
    "restore_export",
]

_HOMES = {
    "background": ("BackgroundMerger",),
    "condition": ("Backlog", "StoreCondition"),
    "decided": ("DecidedFailure", "count_decided", "iter_decided"),
    "disagreements": ("Disagreement", "count_disagreements", "list_disagreements"),
    "event": ("Event",),
    "events": (
        "action_event",
        "attempt_events",
        "call_before",
        "derive_id",
        "label_event",
        "message_event",
        "outcome_events",
        "resolution_event",
    ),
    "evidence": ("Evidence", "load_evidence"),
    "exporting": ("export_folder", "export_lines"),
    "figures": ("FigureReader", "open_figures"),
    "filters": ("FILTERS", "Filters", "check_filters"),
    "finding": ("find_outcome",),
    "importing": ("ImportReport", "import_outcomes"),
    "labelled_decisions": ("LabelledDecision", "load_labelled_decisions"),
    "marks": ("CallBefore",),
    "mart_sessions": ("open_marts", "read_mart"),
    "marts": ("Column", "Mart", "list_marts"),
    "observed": ("Observed", "load_observed"),
    "patience": ("limited_patience",),
    "postgres.address": ("hide_password", "is_address"),
    "pruned": ("Pruned",),
    "reading": ("HistoryFile", "Row", "Skipped", "read_history", "read_test_cases"),
    "restoring": ("is_export", "restore_export"),
    "review_queue": ("ReviewItem", "load_review_queue"),
    "store": ("Store",),
    "summary": ("StoreStats",),
    "time_slice": ("LabelledOutcome", "load_labelled", "newest_slice"),
    "times": ("from_naive_utc",),
    "training_set": ("load_training_set",),
    "unlabelled": ("UnlabelledCause", "iter_unlabelled"),
    "windows": ("Place", "Window", "read_window"),
}

if not TYPE_CHECKING:  # a type checker that saw it would take any name for a public one
    __getattr__ = import_lazily(__name__, _HOMES)
