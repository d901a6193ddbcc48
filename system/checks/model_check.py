"""The model that reads failures: whether it loads, how old it is, and whether its types are those of this version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ...classify.artefact import Model, pickled_files
from ...core.clock import utc_now
from ...core.taxonomy import Taxonomy
from ..model_shelf import DEFAULT_MODEL
from ..settings import Settings
from ..taxonomy_file import load_taxonomy
from ..wiring import Parts, find_model
from .check import Check
from .distribution import find_version
from .finding import Finding, sum_up
from .looking import look_safely

OLD_DAYS = 180
"""Age from which on a model of one's own should be measured against what happens now."""
_DAY = 86_400.0
_ADVICE = (
    "name another with errclass models promote NAME/VERSION, "
    "or return to the shipped one: errclass models promote shipped"
)
_MENDED = "train it again: errclass train --again MODEL"


def check_model(settings: Settings, parts: Parts | None = None) -> Check:
    """Look at the model in use; ``parts`` are those that a process works with, without them it is loaded."""
    return look_safely("model", lambda: _look(parts.model if parts else find_model(settings)), advice=_ADVICE)


def _look(model: Model) -> Check:
    shipped = model.folder == DEFAULT_MODEL
    age = _tell_age(model.manifest)
    trust = "needs trust and has it" if pickled_files(model.folder) else "runs no code when loaded"
    old = "" if age is None else f", {age} days old"
    findings = [*_tell_old(age, shipped=shipped), *_tell_taxonomy(model.taxonomy), *_tell_library(model)]
    details = {
        "version": model.version,
        "folder": str(model.folder),
        "shipped": shipped,
        "created": model.manifest.get("created"),
        "age_days": age,
        "types": len(model.taxonomy.names),
    }
    whose = "the shipped one" if shipped else str(model.folder)
    return sum_up("model", f"{model.version} ({whose}){old}; {trust}", findings, details)


def _tell_age(manifest: Mapping[str, Any]) -> int | None:
    try:
        created = datetime.fromisoformat(str(manifest.get("created")))
    except ValueError:
        return None
    aware = created if created.tzinfo else created.replace(tzinfo=UTC)
    return max(0, int((utc_now() - aware).total_seconds() // _DAY))


def _tell_old(age: int | None, *, shipped: bool) -> list[Finding]:
    if shipped or age is None or age <= OLD_DAYS:
        return []
    advice = "errclass models drift --since 30d tells whether to train again"
    return [Finding("warning", f"it was trained more than {OLD_DAYS} days ago", advice)]


def _tell_taxonomy(taxonomy: Taxonomy) -> list[Finding]:
    lacking = sorted(set(load_taxonomy().names) - set(taxonomy.names))
    if not lacking:
        return []
    shown = ", ".join(lacking[:5]) + (", ..." if len(lacking) > 5 else "")
    advice = "leave it so where its taxonomy is your own; otherwise " + _MENDED
    return [Finding("warning", f"it cannot answer {len(lacking)} types of this version: {shown}", advice)]


def _tell_library(model: Model) -> list[Finding]:
    """Tell of pickled files that another scikit-learn wrote: these may load and answer otherwise."""
    wrote = model.manifest.get("libraries", {}).get("scikit-learn")
    here = find_version("scikit-learn")
    if not pickled_files(model.folder) or wrote in (None, here):
        return []
    return [Finding("warning", f"scikit-learn {wrote} wrote it, {here} reads it", _MENDED)]
