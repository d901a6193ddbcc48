"""Suggest rules out of what people, imports and re-runs say that failures were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ...classify.artefact import read_manifest
from ...core.clock import utc_now
from ...core.durations import parse_duration
from ...outcomes import load_labelled_decisions
from ..rules_in_use import load_rules
from ..settings import Settings
from ..taxonomy_in_use import find_taxonomy
from ..wiring import find_model_folder, open_store
from .suggestion.descriptions import (
    describe_file,
    describe_half,
    describe_history,
    describe_stage,
    describe_suggestion,
)
from .suggestion.files import check_folder, write_rules
from .suggestion.judged_cases import count_causes, halve_cases, read_cases
from .suggestion.limits import Limits
from .suggestion.mining import Progress, mine_rules
from .suggestion.verdict import explain_silence


@dataclass(frozen=True, slots=True)
class Target:
    """Say where suggestions are written to."""

    folder: Path
    force: bool = False
    """Whether it may hold files already; those of the same names are replaced."""


def suggest_rules(
    settings: Settings,
    since: str,
    *,
    limits: Limits,
    folders: Sequence[Path] = (),
    target: Target | None = None,
    progress: Progress = lambda step, done, total: None,
    clock: Callable[[], datetime] = utc_now,
) -> dict[str, Any]:
    """Suggest rules out of the last ``since`` (such as ``90d``), write them to ``target``, and return the report.

    ``folders`` of rules are laid over those in use. The report is JSON-ready; its ``reason`` says why it suggests
    nothing. Raises UsageError when ``since`` is no span of time, or the target cannot be written to.
    """
    start = clock() - parse_duration(since)
    if target is not None:
        check_folder(target.folder, force=target.force)
    taxonomy = find_taxonomy(settings)
    policy = load_rules(taxonomy, settings.rule_layers, folders)
    with open_store(settings) as store:
        rows = load_labelled_decisions(store, start)
    cases = read_cases(rows, taxonomy.names)
    halves = halve_cases(cases)
    findings = mine_rules(policy, halves, limits, progress)
    suggested = [(one, stage) for stage in findings for one in stage.confirmed]
    files = {one.rule.id: describe_file(one, stage, halves) for one, stage in suggested}
    return {
        "since": since,
        "start": start.isoformat(timespec="seconds"),
        "rules_revision": policy.revision,
        "history": describe_history(rows, cases, taxonomy.names, _find_version(settings)),
        "halves": [describe_half(half) for half in halves],
        "needed": list(limits.needed),
        "stages": [describe_stage(stage) for stage in findings],
        "suggestions": [describe_suggestion(one, stage) for one, stage in suggested],
        "reason": None if suggested else explain_silence(count_causes(cases), findings, limits),
        "written": [] if target is None else [str(path) for path in write_rules(target.folder, files)],
    }


def _find_version(settings: Settings) -> object:
    return read_manifest(find_model_folder(settings)).get("version")
