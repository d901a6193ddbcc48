"""The settings: whether they can be read, and what of the working tree's was refused."""

from __future__ import annotations

from ..settings import Settings
from .check import Check
from .finding import Finding, sum_up
from .looking import look_safely
from .words import count_things

_NOT_SET = ("default", "rules (")
"""How origins of values begin that nobody set."""
_ADVICE = "errclass config show tells every setting and where it comes from"


def check_settings(settings: Settings, fault: str = "") -> Check:
    """Look at the settings; ``fault`` is why they could not be read, and these are the usual ones instead."""
    return look_safely("settings", lambda: _look(settings, fault), advice=_ADVICE)


def _look(settings: Settings, fault: str) -> Check:
    findings = [Finding("warning", str(refusal), _advise(refusal.allowable)) for refusal in settings.refused]
    if fault:
        message, _, said = fault.partition("; ")
        findings.append(Finding("problem", message, said or "correct it there"))
        return sum_up("settings", "the other checks look at the usual places instead", findings)
    changed = [row for row in settings.describe() if not str(row["origin"]).startswith(_NOT_SET)]
    origins = sorted({str(row["origin"]) for row in changed})
    said = f"{count_things(len(changed), 'setting')} set by {', '.join(origins)}" if changed else "the usual ones"
    return sum_up("settings", said, findings, {"changed": {row["key"]: row["origin"] for row in changed}})


def _advise(allowable: bool) -> str:  # noqa: FBT001 - of a refusal
    if allowable:
        return "remove it there, or trust the folder: errclass config trust DIR"
    return "correct or remove it there"
