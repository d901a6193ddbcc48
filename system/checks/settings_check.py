"""The settings: whether they can be read, and what of the working tree's was refused."""

from __future__ import annotations

from ..settings import Settings
from ..settings_check import find_doubts
from .check import Check
from .finding import Finding, sum_up
from .looking import look_safely
from .words import count_things

_ADVICE = "errclass config show tells every setting and where it comes from"
_USUAL = ("default", "rules")
"""Origins of what nobody set: it is in the code, or in a preset of the rules."""
_DOUBT = "set there what is meant; errclass config check tells more"


def check_settings(settings: Settings, faults: tuple[str, ...] = ()) -> Check:
    """Look at the settings; ``faults`` are why they could not be read, and these are the usual ones instead."""
    return look_safely("settings", lambda: _look(settings, faults), advice=_ADVICE)


def _look(settings: Settings, faults: tuple[str, ...]) -> Check:
    findings = [Finding("warning", str(refusal), _advise(refusal.allowable)) for refusal in settings.refused]
    if faults:
        findings += map(_tell_fault, faults)
        return sum_up("settings", "the other checks look at the usual places instead", findings)
    findings += [Finding("warning", doubt.message, _DOUBT) for doubt in find_doubts(settings)]
    changed = [row for row in settings.describe() if not str(row["origin"]).startswith(_USUAL)]
    origins = sorted({str(row["origin"]) for row in changed})
    said = f"{count_things(len(changed), 'setting')} set by {', '.join(origins)}" if changed else "the usual ones"
    return sum_up("settings", said, findings, {"changed": {row["key"]: row["origin"] for row in changed}})


def _tell_fault(fault: str) -> Finding:
    message, _, advice = fault.partition("; ")
    return Finding("problem", message, advice or "correct it there")


def _advise(allowable: bool) -> str:  # noqa: FBT001 - of a refusal
    if allowable:
        return "remove it there, or trust the folder: errclass config trust DIR"
    return "correct or remove it there"
