"""What is escalated: everything that those who take it up need to know, flat, masked, bounded, and kept as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ...core.frozen import FrozenDict
from ...core.masking import mask_secrets
from ...core.text import bound_line, replace_surrogates
from ...core.types import Context
from .request import EscalationRequest

MOST_TEXT = 8_000
"""Characters of the failing region that are kept."""
_MOST_LINES = 20
_MOST_CHARS = 500
_MOST_METADATA = 30
_PLACES = (
    "operation", "operation_id", "environment", "component", "repository", "branch", "commit", "job", "phase",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """Hold what is known of one failure that is handed on; every text in it came from outside."""

    type: str
    category: str
    severity: str
    confidence: float
    abstained: str | None = None
    fault_domain: str = "unknown"
    suggested_action: str = ""
    retryable: bool = False
    recipe: str | None = None
    """The recovery that the rules chose."""
    approval: bool = False
    """Whether a person has to agree before anything is changed."""
    channels: tuple[str, ...] = ()
    """Where people are told, says the decision."""
    fingerprint: str | None = None
    decision_id: str = ""
    outcome_id: str | None = None
    because: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    text: str = ""
    """The failing region."""
    operation: str | None = None
    operation_id: str | None = None
    environment: str | None = None
    component: str | None = None
    repository: str | None = None
    branch: str | None = None
    commit: str | None = None
    job: str | None = None
    phase: str | None = None
    attempts: int = 1
    seconds: float | None = None
    """Time that all attempts took together."""
    tried: tuple[str, ...] = ()
    past_fixes: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=FrozenDict)

    @property
    def key(self) -> str:
        """What is escalated once at a time: the operation, and its cause or else its type."""
        return f"{self.operation or ''}\n{self.fingerprint or f'type:{self.type}'}"


def describe_case(request: EscalationRequest) -> Case:
    """Return what is kept of a request, secrets masked and all of it bounded."""
    decision = request.decision
    context = request.context or decision.context
    return Case(
        type=decision.type,
        category=decision.category,
        severity=decision.severity,
        confidence=decision.confidence,
        abstained=decision.abstained,
        fault_domain=decision.fault_domain,
        suggested_action=decision.suggested_action,
        retryable=decision.retryable,
        recipe=decision.plan.recipe,
        approval=decision.plan.approval,
        channels=_clean_lines(decision.channels),
        fingerprint=decision.fingerprint,
        decision_id=decision.decision_id,
        outcome_id=request.outcome_id,
        because=_clean_lines(decision.because),
        evidence=_clean_lines(decision.evidence),
        text=_bound_text(_clean(_bound_text(request.text, 8 * MOST_TEXT))),
        attempts=context.attempt,
        seconds=request.seconds,
        tried=_clean_lines(request.tried),
        past_fixes=_clean_lines(request.past_fixes),
        metadata=_clean_metadata(context),
        **{name: _clean_line(getattr(context, name)) for name in _PLACES},
    )


def rebuild_case(document: Mapping[str, Any]) -> Case:
    """Return the case that ``to_jsonable`` made this document of; raises TypeError or ValueError for anything else."""
    known = {one.name for one in fields(Case)}
    values = {name: value for name, value in document.items() if name in known}
    for name in ("because", "channels", "evidence", "tried", "past_fixes"):
        values[name] = tuple(map(str, values.get(name, ())))
    return Case(**values | {"metadata": FrozenDict(values.get("metadata", {}))})


def _clean(text: str) -> str:
    return mask_secrets(replace_surrogates(text))


def _bound_clean(text: str) -> str:
    # Cut once before, so that masking a line of megabytes takes no time; a secret cut there is cut out after.
    return bound_line(_clean(bound_line(text)), _MOST_CHARS)


def _clean_line(value: str | None) -> str | None:
    return None if value is None else _bound_clean(value)


def _clean_lines(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_bound_clean, list(lines)[:_MOST_LINES]))


def _clean_metadata(context: Context) -> FrozenDict[str]:
    found: dict[str, str] = {}
    for key, value in list(context.metadata.items())[:_MOST_METADATA]:
        # Its name may be all that tells that a value is a secret.
        name, _, rest = _clean(f"{bound_line(key, 200)}={bound_line(value)}").partition("=")
        found[bound_line(name, 100)] = bound_line(rest, _MOST_CHARS)
    return FrozenDict(found)


def _bound_text(text: str, most: int = MOST_TEXT) -> str:
    """Keep the first quarter and the last three: failures explain themselves near the end."""
    if len(text) <= most:
        return text
    head = most // 4
    return f"{text[:head]}\n[...]\n{text[head - most :]}"
