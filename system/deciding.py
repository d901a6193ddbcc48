"""Answer a program that asks about one failure: ``errclass.decide`` and ``errclass.classify_error``."""

from __future__ import annotations

import logging
import threading
from dataclasses import fields, replace

from ..core.failure import to_failure
from ..core.frozen import FrozenDict
from ..core.ids import new_id
from ..core.types import UNKNOWN, Classification, Context, Decision, Failure
from .pipeline import answer_failure
from .settings import load_settings
from .wiring import Parts, build_parts

_log = logging.getLogger("errclass")
_lock = threading.Lock()
_parts: list[Parts] = []
_CONTEXT_FIELDS = frozenset(field.name for field in fields(Context)) - {"metadata"}


def decide(error: str | bytes | BaseException | Failure, *, logs: str | bytes = "", **context: object) -> Decision:
    """Decide what a failure is and what to do about it; nothing is written and nothing is carried out.

    ``error`` is a message, an exception or a ``Failure``; ``logs`` the log around it. ``context`` takes the fields of
    ``Context`` (``environment="production"``, ``effect="irreversible"``, ``attempt=2``, ...); other names go to its
    metadata. The model and the rules are loaded at the first call and kept.

    A fault inside errclass never reaches the caller: the answer is then ``unknown`` with the strategy ``notify``, and
    the fault is logged as ``errclass.inner_fault``. Raises TypeError when ``error`` is none of the above.
    """
    failure = to_failure(error, logs=logs)
    try:
        parts = _shared_parts()
        if context or not isinstance(error, Failure):
            failure = replace(failure, context=_make_context(parts, context))
        return answer_failure(failure, parts).decision
    except Exception:  # noqa: BLE001 - the rim: what goes wrong in here must not replace the user's own error
        _log.exception("errclass.inner_fault")
        return _careful_answer(failure.context)


def classify_error(
    error: str | bytes | BaseException | Failure, *, logs: str | bytes = "", **context: object
) -> Classification:
    """Say what a failure is: ``decide`` without what to do about it."""
    decision = decide(error, logs=logs, **context)
    return Classification(**{field.name: getattr(decision, field.name) for field in fields(Classification)})


def forget_parts() -> None:
    """Drop the loaded model and rules; the next call loads them again."""
    with _lock:
        _parts.clear()


def _shared_parts() -> Parts:
    with _lock:
        if not _parts:
            _parts.append(build_parts(load_settings()))
        return _parts[0]


def _make_context(parts: Parts, given: dict[str, object]) -> Context:
    known = {name: value for name, value in given.items() if name in _CONTEXT_FIELDS}
    extra = FrozenDict({name: str(value) for name, value in given.items() if name not in _CONTEXT_FIELDS})
    return Context(**{"environment": parts.settings.environment, **known}, metadata=extra)  # type: ignore[arg-type]


def _careful_answer(context: Context) -> Decision:
    return Decision(
        category=UNKNOWN,
        type=UNKNOWN,
        severity="medium",
        retryable=False,
        confidence=0.0,
        suggested_action="manual_investigation",
        abstained="no_match",
        context=context,
        decision_id=new_id(),
        because=("errclass itself failed; its log names the fault. Nothing automatic happens.",),
    )
