"""The home: there or possible, its owner's only, its trust readable."""

from __future__ import annotations

import os
from pathlib import Path

from ..settings import Settings
from ..trust import TrustStore
from .check import Check
from .finding import Finding, sum_up
from .looking import look_safely
from .permissions import find_exposed

_FILES = ("config.toml", "trust.json", "models")
_ADVICE = "set ERRCLASS_HOME to a folder that can be used"


def check_home(settings: Settings) -> Check:
    """Look at the folder of models, trust and settings."""
    return look_safely("home", lambda: _look(settings.home), advice=_ADVICE)


def _look(home: Path) -> Check:
    details = {"place": str(home), "exists": home.is_dir()}
    if not home.is_dir():
        return _tell_absent(home, details)
    trust = TrustStore(home)
    models = len(trust.model_hashes())
    findings = find_exposed(home, [home / name for name in _FILES])
    if not os.access(home, os.W_OK):
        findings.append(Finding("problem", f"{home} cannot be written to", f"make it writable, or {_ADVICE}"))
    return sum_up("home", f"{home}; {models} trusted model files", findings, {**details, "trusted_models": models})


def _tell_absent(home: Path, details: dict[str, object]) -> Check:
    above = next((place for place in (home, *home.parents) if place.exists()), Path("/"))
    findings = []
    if not above.is_dir():
        findings.append(Finding("problem", f"{above} is no folder", f"move it away, or {_ADVICE}"))
    elif not os.access(above, os.W_OK):
        findings.append(Finding("problem", f"{above} cannot be written to", f"make it writable, or {_ADVICE}"))
    message = "" if findings else f"{home} is not there yet; what needs it makes it"
    return sum_up("home", message, findings, details)
