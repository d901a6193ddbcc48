"""Everything known about a failure, flattened into the facts that rules may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from ..core.frozen import FrozenDict
from ..core.types import UNKNOWN, CodeHit, Context, Facts, Failure, Guard, History, Prediction, Signals
from .normalising import normalise_facts
from .vocabulary import INPUTS, STRENGTHS, VERSION

_OUTSIDE = float("inf")
_ANY_TOOL = "code_tool"
_PREDICTED = ("predicted_type", "confidence", "margin", "runner_up", "rerun_odds", "abstained")
_GUARDED = tuple(field.name for field in fields(Guard))
RENEWED = frozenset({*_PREDICTED, *(name for name in INPUTS if name.startswith(("evidence_", "code_")))})
"""Facts that ``renew_facts`` makes anew."""


def build_facts(
    signals: Signals,
    prediction: Prediction | None,
    context: Context,
    history: History,
    failure: Failure | None = None,
    guard: Guard | None = None,
) -> Facts:
    """Return the input facts, read-only and normalised; what is not known is absent.

    ``prediction`` is None when there is no model; ``failure`` adds the exit code and the exception's class; ``guard``
    what limits acting just now.
    """
    best = find_best_hit(signals.codes)
    facts = {
        "vocabulary": VERSION,
        **_describe_prediction(prediction),
        **_describe_evidence(signals.codes, best, prediction),
        **_describe_codes(signals.codes),
        **_describe_signals(signals),
        **_describe_failure(failure),
        **_describe_context(context),
        **_describe_history(history),
        **_describe_chances(history),
        **_describe_tests(signals, history),
        **_describe_guard(guard),
    }
    return FrozenDict(normalise_facts(facts))


def renew_facts(facts: Facts, signals: Signals, prediction: Prediction) -> Facts:
    """Return stored facts as another model, or other tables of codes, would have had them; the rest stays as it was."""
    kept = {name: value for name, value in facts.items() if name not in RENEWED}
    anew = {
        **_describe_prediction(prediction),
        **_describe_evidence(signals.codes, find_best_hit(signals.codes), prediction),
        **_describe_codes(signals.codes),
    }
    return FrozenDict(normalise_facts(kept | anew))


def find_best_hit(codes: Iterable[CodeHit]) -> CodeHit | None:
    """Return the typed hit that says most: the strongest, then the first in the text; outside the text comes last."""
    typed = [hit for hit in codes if hit.type is not None]
    # A code that only says "no cause here" says less than any that names one.
    typed = [hit for hit in typed if hit.type != UNKNOWN] or typed
    return min(typed, key=lambda hit: (STRENGTHS.index(hit.strength), hit.line or _OUTSIDE, hit.start), default=None)


def _describe_prediction(prediction: Prediction | None) -> Mapping[str, Any]:
    if prediction is None:
        return {}
    second = next(iter(prediction.ranked[1:]), None)
    return {
        "predicted_type": prediction.type,
        "confidence": prediction.confidence,
        "margin": prediction.confidence - (second.probability if second else 0.0),
        "runner_up": second.type if second else None,
        "rerun_odds": None if prediction.retryable is None else round(prediction.retryable, 2),
        "abstained": prediction.abstained,
    }


def _describe_evidence(
    codes: Iterable[CodeHit], best: CodeHit | None, prediction: Prediction | None
) -> Mapping[str, Any]:
    if best is None:
        return {}
    exact_types = {hit.type for hit in codes if hit.type is not None and hit.strength == "exact"}
    return {
        "evidence_type": best.type,
        "evidence_code": best.code,
        "evidence_key": f"{best.table}:{best.code}",
        "evidence_table": best.table,
        "evidence_strength": best.strength,
        "evidence_retryable": best.retryable,
        "evidence_agrees": len(exact_types) < 2,
        "evidence_confirms": prediction is not None and prediction.type == best.type,
    }


def _describe_codes(codes: Iterable[CodeHit]) -> Mapping[str, Any]:
    facts: dict[str, Any] = {}
    for hit in codes:
        name = f"code_{hit.table}"
        facts.setdefault(name if name in INPUTS else _ANY_TOOL, hit.code)
    return facts


def _describe_signals(signals: Signals) -> Mapping[str, Any]:
    return {
        "gap": signals.gap,
        "tool": signals.tool,
        "retry_after": signals.retry_after,
        "has_fingerprint": signals.fingerprint is not None,
    }


def _describe_failure(failure: Failure | None) -> Mapping[str, Any]:
    return {} if failure is None else {"exit_code": failure.exit_code, "exception_type": failure.exception_type}


def _describe_context(context: Context) -> Mapping[str, Any]:
    names = (
        "environment", "operation", "effect", "attempt", "cancelled", "component",
        "repository", "branch", "job", "phase", "source",
    )  # fmt: skip
    facts = {name: getattr(context, name) for name in names}
    # "Production" is production: a capital must not loosen what holds there.
    return facts | {"environment": None if context.environment is None else context.environment.strip().casefold()}


def _describe_history(history: History) -> Mapping[str, Any]:
    return {
        "history_available": history.available,
        "history_seen": history.seen,
        "history_failed_attempts": history.failed_attempts,
        "history_retries": history.retries,
        "history_retry_successes": history.retry_successes,
        "history_retry_rate": history.retry_successes / history.retries if history.retries else None,
    }


def _describe_chances(history: History) -> Mapping[str, Any]:
    retry, best = history.retry, next(iter(history.recoveries), None)
    return {
        "history_retry_odds": retry.mean if retry else None,
        "history_retry_odds_high": retry.high if retry else None,
        "history_best_recovery": best.recovery if best else None,
        "history_best_recovery_odds": best.chance.mean if best else None,
        "history_jobs": history.jobs,
        "history_incident": history.incident,
    }


def _describe_tests(signals: Signals, history: History) -> Mapping[str, Any]:
    failing, flaky = len(signals.failing_tests), len(history.flaky_tests)
    return {"failing_tests": failing, "flaky_tests": flaky, "only_flaky_tests": flaky == failing if failing else None}


def _describe_guard(guard: Guard | None) -> Mapping[str, Any]:
    if guard is None:
        return {}
    return {name: getattr(guard, name) for name in _GUARDED}
