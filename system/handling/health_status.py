"""How all components are, looked at and not assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ...core.frozen import FrozenDict
from ...core.jsonable import to_jsonable

if TYPE_CHECKING:
    from ..checks import Check
    from .handling_parts import HandlingParts

Overall = Literal["healthy", "degraded", "unhealthy"]
_VITAL = frozenset({"settings", "store", "model"})
"""Without one of these nothing can be decided or kept."""


@dataclass(frozen=True, slots=True)
class HealthStatus:
    """Say how everything is: ``degraded`` with a problem, ``unhealthy`` without what is vital, or with most in trouble.

    Vital are settings, store and model; components that are off do not count. A warning changes nothing.
    """

    overall: Overall
    components: Mapping[str, Check] = field(default_factory=FrozenDict)
    issues: tuple[str, ...] = ()
    """Problems, then warnings: what is wrong, and what to do."""

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return values


def look_at_all(parts: HandlingParts, *, send: bool) -> HealthStatus:
    """Look at every component; ``send``: channels are sent a test message."""
    from .. import checks

    try:
        settings = parts.get_settings()
    except Exception as error:  # noqa: BLE001 - the rim: what is wrong is the answer
        return judge_health((checks.Check("settings", "problem", str(error)),))
    return judge_health(
        (
            checks.Check("settings", "ok", "they could be read"),
            checks.check_model(settings),
            checks.check_rules(settings),
            checks.check_store(settings),
            checks.check_queue(settings),
            checks.check_breakers(settings),
            *checks.check_channels(settings, send),
            checks.check_codegen(settings),
        )
    )


def judge_health(found: Iterable[Check]) -> HealthStatus:
    """Return what the single looks come to."""
    looked = tuple(found)
    checks = [check for check in looked if check.status != "off"]
    problems = [check for check in checks if check.status == "problem"]
    warnings = [check for check in checks if check.status == "warning"]
    is_vital = any(check.name in _VITAL for check in problems)
    overall: Overall = "degraded" if problems else "healthy"
    if is_vital or 2 * len(problems) > len(checks):
        overall = "unhealthy"
    issues = tuple(_describe(check) for check in (*problems, *warnings))
    return HealthStatus(overall, FrozenDict({check.name: check for check in looked}), issues)


def _describe(check: Check) -> str:
    return f"{check.name}: {check.message}{f'; {check.advice}' if check.advice else ''}"
