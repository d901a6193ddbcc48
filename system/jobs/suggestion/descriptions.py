"""Describe what was looked at and what was found: for programs, and on top of a rule's file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from ....outcomes import LabelledDecision
from .confirmation import Confirmed
from .drafts import describe_rule
from .examples import list_examples
from .figures import Figures
from .judged_cases import JudgedCase, count_causes
from .mining import StageFindings

Halves = tuple[Sequence[JudgedCase], Sequence[JudgedCase]]


def describe_history(
    rows: Sequence[LabelledDecision], cases: Sequence[JudgedCase], types: Collection[str], version: object
) -> dict[str, Any]:
    """Return what there was to learn from, and what of it was left out or is of other models than ``version``."""
    foreign = Counter(row.type for row in rows if row.type is not None and row.type not in types)
    return {
        "causes": count_causes(cases),
        "cases": len(cases),
        "unreadable": sum(row.facts is None for row in rows),
        "foreign_types": dict(sorted(foreign.items())),
        "other_models": sum(row.model_version not in {None, version} for row in rows),
    }


def describe_half(half: Sequence[JudgedCase]) -> dict[str, Any]:
    """Return the number of causes, and the days on which the first and the last of them came up."""
    days = [case.time.date().isoformat() for case in half]
    return {"causes": count_causes(half), "first": min(days, default=None), "last": max(days, default=None)}


def describe_stage(stage: StageFindings) -> dict[str, Any]:
    """Return how many causes were answered wrongly, and how far the search for rules came."""
    return {
        "stage": stage.stage,
        "wrong": len(stage.wrong),
        "found": stage.found,
        "tested": stage.tested,
        "suggested": len(stage.confirmed),
    }


def describe_suggestion(found: Confirmed, stage: StageFindings) -> dict[str, Any]:
    """Return one rule with its figures; ``coverage`` is the share of the wrongly answered causes that it mends."""
    content = describe_rule(found.candidate)
    return {
        "rule": found.rule.id,
        **{key: content[key] for key in ("title", "when", "then")},
        "older": _count(found.older),
        "newer": _count(found.newer),
        "at_least": round(found.at_least, 4),
        "coverage": _measure_coverage(found, stage),
    }


def describe_file(found: Confirmed, stage: StageFindings, halves: Halves) -> tuple[list[str], dict[str, Any]]:
    """Return the comment lines and the content of a rule's file; comments hold figures and no value of a fact."""
    comments = [
        "Suggested from labelled outcomes: read it, then keep, change or delete it.",
        _compose_figures("Older", found.older, halves[0]),
        _compose_figures("Newer", found.newer, halves[1]),
        f"By the newer half alone, {100 * found.at_least:.0f} % of its changes at least are right.",
        f"It mends {100 * _measure_coverage(found, stage):.0f} % of the {len(stage.wrong)} causes answered wrongly.",
    ]
    cases = [case for half in halves for case in half]
    return comments, {**describe_rule(found.candidate), "cases": list_examples(found.candidate, found.rule, cases)}


def _compose_figures(name: str, figures: Figures, half: Sequence[JudgedCase]) -> str:
    span, counts = describe_half(half), _count(figures)
    told = f"right on {counts['right']}, wrong on {counts['wrong']}, of which {counts['made_wrong']} were right before"
    return f"{name} half ({span['first']} to {span['last']}), causes that it changes: {told}."


def _count(figures: Figures) -> dict[str, int]:
    return {
        "right": len(figures.right),
        "wrong": len(figures.wrong),
        "made_wrong": len(figures.broken),
    }


def _measure_coverage(found: Confirmed, stage: StageFindings) -> float:
    return round((len(found.older.right) + len(found.newer.right)) / len(stage.wrong), 4)
