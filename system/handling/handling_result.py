"""What became of one handled failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from ...core.frozen import FrozenDict
from ...core.jsonable import to_jsonable
from ...core.masking import mask_secrets
from .error_text import describe_object
from .handling_step import HandlingStep

if TYPE_CHECKING:
    from ...actions.escalate import EscalationResult
    from ...actions.recover import RecoveryResult
    from ...core.types import Decision, Strategy

_MOST_CHARS = 1000
"""Of a result's text: it is the user's own value, of any size."""


@dataclass(frozen=True, slots=True)
class HandlingResult:
    """Say whether the operation succeeded in the end, what was done for it, and what is to be done next."""

    success: bool
    """Whether the operation succeeded, or, where none was given, whether a recovery did."""
    strategy: Strategy
    """What the last decision came to."""
    message: str
    """One sentence for a person: what became of it, and what the caller has to do."""
    operation_id: str
    result: Any = None
    """What the operation returned."""
    decision: Decision | None = None
    """The last one; None where errclass could not decide."""
    handling_strategy: str = "none"
    """The first decision in the words of the asked-for system: ``intelligent_retry``, ``automated_recovery``, ..."""
    outcome_id: str | None = None
    """Where the last failed call is stored."""
    escalation: EscalationResult | None = None
    recovery: RecoveryResult | None = None
    """The last one that was tried."""
    notifications: Mapping[str, str] = field(default_factory=FrozenDict)
    """What becomes of the message on each channel, as a word."""
    steps: tuple[HandlingStep, ...] = ()
    """What was tried, in order."""
    attempts: int = 1
    """Calls of the operation, the one that failed first included."""
    retry_in: float | None = None
    """Seconds after which the caller may call again, where that is worth it and no operation was given."""
    total_time: float = 0.0
    """Seconds."""
    faults: tuple[str, ...] = ()
    """What errclass itself failed at."""
    error: BaseException | None = None
    """The operation's last error; None where it succeeded, or none was given."""

    @property
    def is_handling_error(self) -> bool:
        """Whether errclass itself failed at something; the operation's own error stands apart from it."""
        return bool(self.faults)

    @property
    def classification(self) -> Decision | None:
        """What failed: the decision says that too."""
        return self.decision

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, JSON-ready; what the operation returned as a text where JSON has no word for it."""
        kept = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("result", "error")}
        values: dict[str, Any] = to_jsonable(kept)
        return {
            **values,
            "result": _describe(self.result),
            "error": None if self.error is None else f"{type(self.error).__name__}: {describe_object(self.error)}",
            "classification": values["decision"],
            "is_handling_error": self.is_handling_error,
        }


def _describe(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return to_jsonable(value)
    try:
        return mask_secrets(str(value))[:_MOST_CHARS]
    except Exception:  # noqa: BLE001 - the rim: it is a stranger's value
        return f"<{type(value).__name__}>"
