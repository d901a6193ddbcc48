"""Answer a program that asks about one failure: ``errclass.decide`` and ``errclass.classify_error``."""

from __future__ import annotations

import logging
from dataclasses import fields, replace
from typing import Any, get_args

from ..core.failure import to_failure
from ..core.frozen import FrozenDict
from ..core.ids import new_id
from ..core.types import UNKNOWN, Classification, Context, Decision, Effect, Failure, Guard
from .contexts import make_context
from .pipeline import answer_failure
from .settings import RetrySettings
from .shared_parts import SharedParts

_log = logging.getLogger("errclass")
_shared = SharedParts()
_CONTEXT_FIELDS = frozenset(field.name for field in fields(Context)) - {"metadata"}
_GUARD_FIELDS = frozenset(field.name for field in fields(Guard))


def decide(error: str | bytes | BaseException | Failure, *, logs: str | bytes = "", **context: object) -> Decision:
    """Decide what a failure is and what to do about it; nothing is written and nothing is carried out.

    ``error`` is a message, an exception or a ``Failure``; ``logs`` the log around it. ``context`` takes the fields of
    ``Context`` (``environment="production"``, ``effect="irreversible"``, ``attempt=2``, ...) and of ``Guard``
    (``breaker_open=True``, ...); other names go to its metadata. Model and rules are loaded at the first call and
    kept, until another model is promoted or a file of the user's rules changes.

    A fault inside errclass never reaches the caller: the answer is then ``unknown`` with the strategy ``notify``, and
    the fault is logged as ``errclass.inner_fault``. Raises TypeError when ``error`` or ``logs`` is none of the above.
    """
    if not isinstance(logs, (str, bytes)):
        raise TypeError(f"logs: expected text or bytes, got {type(logs).__name__}")
    failure = to_failure(error, logs=logs)
    try:
        parts = _shared.get()
        known = failure.context if isinstance(error, Failure) else make_context(parts.settings)
        guard = Guard(**{name: context.pop(name) for name in _GUARD_FIELDS & context.keys()})  # type: ignore[arg-type]
        return answer_failure(replace(failure, context=_extend(known, context)), parts, guard=guard).decision
    except Exception:  # noqa: BLE001 - the rim: what goes wrong in here must not replace the user's own error
        _log.exception("errclass.inner_fault")
        return _careful_answer()


def classify_error(
    error: str | bytes | BaseException | Failure, *, logs: str | bytes = "", **context: object
) -> Classification:
    """Say what a failure is: ``decide`` without what to do about it."""
    decision = decide(error, logs=logs, **context)
    return Classification(**{field.name: getattr(decision, field.name) for field in fields(Classification)})


def find_retry_settings(component: str | None, environment: str | None) -> RetrySettings | None:
    """Return what the settings say of retries of such operations; None where they cannot be read."""
    try:
        return _shared.get().settings.for_call(component=component, environment=environment).retry
    except Exception:  # noqa: BLE001 - the rim: likewise
        _log.exception("errclass.inner_fault")
        return None


def forget_parts() -> None:
    """Drop the loaded model and rules; the next call loads them again."""
    _shared.forget()


def _extend(context: Context, given: dict[str, object]) -> Context:
    stated = {name: _as_field(name, value) for name, value in given.items() if name in _CONTEXT_FIELDS}
    if stated.get("effect") not in {None, *get_args(Effect)}:
        _log.warning("errclass.unknown_effect: %r is taken as 'irreversible'", stated["effect"])
        stated["effect"] = "irreversible"  # a slip of the pen must not allow a re-run that the right word forbids
    extra = {name: str(value) for name, value in given.items() if name not in _CONTEXT_FIELDS}
    return replace(context, **stated, metadata=FrozenDict({**context.metadata, **extra}))


def _as_field(name: str, value: Any) -> Any:
    """Return the value as the field's own type: rules pass over any other, and only text is masked."""
    if name == "attempt":
        return int(1 if value is None else value)
    if name == "cancelled":
        return str(value).lower() in {"true", "1", "yes"}
    return value if value is None or isinstance(value, str) else str(value)


def _careful_answer() -> Decision:
    # Without the context: what failed may have been the masking of its secrets.
    return Decision(
        category=UNKNOWN,
        type=UNKNOWN,
        severity="medium",
        retryable=False,
        confidence=0.0,
        suggested_action="manual_investigation",
        abstained="no_match",
        decision_id=new_id(),
        because=("errclass itself failed; its log names the fault. Nothing automatic happens.",),
    )
