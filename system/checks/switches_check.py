"""What may be done at all: the kill switch, the autonomy, and the components that are switched off."""

from __future__ import annotations

from ..settings import Settings
from .check import Check
from .finding import Finding, sum_up
from .looking import look_safely


def check_switches(settings: Settings) -> Check:
    """Tell what is switched off, and how far errclass goes by itself."""
    return look_safely("switches", lambda: _look(settings))


def _look(settings: Settings) -> Check:
    off = sorted(name for name, value in settings.enable.model_dump().items() if not value)
    autonomy = settings.decision.autonomy or "as is usual in the environment"
    details = {
        "acting": settings.acting,
        "autonomy": settings.decision.autonomy,
        "autonomy_cap": settings.autonomy_cap,
        "environment": settings.environment,
        "recovery": settings.recovery.autonomy,
        "off": off,
    }
    capped = f", at most {settings.autonomy_cap} in this working tree" if settings.autonomy_cap else ""
    switched = f"; switched off: {', '.join(off)}" if off else ""
    message = f"autonomy {autonomy}{capped}, recoveries {settings.recovery.autonomy}{switched}"
    return sum_up("switches", message, [] if settings.acting else [_tell_stopped()], details)


def _tell_stopped() -> Finding:
    said = "everything automatic is switched off: nothing is re-run, recovered, reset, escalated or sent"
    advice = "if that is over, set ERRCLASS_ACT=on or remove decision.kill_switch (errclass config show tells where)"
    return Finding("warning", said, advice)
