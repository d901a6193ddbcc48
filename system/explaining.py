"""Turn an answer into an explanation: plain data for a person's screen or a program."""

from __future__ import annotations

from typing import Any

from ..classify.artefact import Model
from ..classify.classifier import Explainer
from ..classify.cleaning import clean_line
from ..core.jsonable import to_jsonable
from ..core.types import Chance, Failure, Flip, History
from .advice import advise
from .pipeline import Answer

_SHOWN_RECOVERIES = 3
_SHOWN_TESTS = 5


def explain_answer(answer: Answer, model: Model) -> dict[str, Any]:
    """Return everything that an explanation shows, JSON-ready; ``model`` is the one that gave the answer."""
    decision, signals = answer.decision, answer.signals
    return {
        "type": decision.type,
        "meaning": model.taxonomy.meaning_of(decision.type),
        "category": decision.category,
        "severity": decision.severity,
        "retryable": decision.retryable,
        "fault_domain": decision.fault_domain,
        "confidence": decision.confidence,
        "abstained": decision.abstained,
        "suggested_action": decision.suggested_action,
        "advice": advise(decision),
        "cause_lines": list(signals.region.cause_lines),
        "region": {"start": signals.region.start, "end": signals.region.end},
        "lines": _cause_texts(answer.failure, signals.region.cause_lines),
        "evidence": list(decision.evidence),
        "flip": to_jsonable(_find_flip(answer, model)),
        "alternatives": to_jsonable(decision.alternatives),
        "codes": [{"table": hit.table, "code": hit.code, "line": hit.line, "type": hit.type} for hit in signals.codes],
        "tool": signals.tool,
        "failing_tests": list(signals.failing_tests),
        "fingerprint": signals.fingerprint,
        "history": to_jsonable(answer.history),
        "before": _before(answer.history, answer.prediction.type),
        "decision": decision.to_dict(),
    }


def _find_flip(answer: Answer, model: Model) -> Flip | None:
    """Return what would have changed the type, where it is the model's and not the rules'."""
    if answer.decision.type != answer.prediction.type or not isinstance(model.classifier, Explainer):
        return None
    return model.classifier.find_flip(answer.signals)


def _cause_texts(failure: Failure, numbers: tuple[int, ...]) -> list[dict[str, Any]]:
    """Return the ranked lines with their texts, best first."""
    raw = failure.text.split("\n")
    place = {number: index for index, number in enumerate(failure.line_numbers)} if failure.line_numbers else None
    indexes = [place[number] if place else number - 1 for number in numbers]
    return [
        {"number": number, "text": clean_line(raw[index].replace("\r", " ")).text.strip()}
        for number, index in zip(numbers, indexes, strict=True)
    ]


def _before(history: History, kind: str) -> list[str]:
    """Return what is known of the past, a sentence a line."""
    if not history.available:
        return ["The store is busy, damaged or not counted yet; this was decided without history."]
    lines = [_describe_sightings(history)]
    if history.retry:
        lines.append(f"retry: {_describe_chance(history.retry, kind)}")
    lines += [f"{one.recovery}: {_describe_chance(one.chance, kind)}" for one in history.recoveries[:_SHOWN_RECOVERIES]]
    if history.incident:
        lines.append(f"It hit {history.jobs} jobs within half an hour: the cause is most likely not theirs.")
    if history.flaky_tests:
        lines.append(
            f"Flaky, for they passed and failed on one commit: {', '.join(history.flaky_tests[:_SHOWN_TESTS])}."
        )
    return lines


def _describe_sightings(history: History) -> str:
    if not history.seen:
        return "Never seen before."
    last = f", last on {history.last_seen:%Y-%m-%d %H:%M} UTC" if history.last_seen else ""
    recovery = f", over after {_describe_span(history.recovery_seconds)} on average" if history.recovery_seconds else ""
    return f"Seen {history.seen} time{'s' if history.seen > 1 else ''} before{last}{recovery}."


def _describe_chance(chance: Chance, kind: str) -> str:
    """Return such as ``71 % (n = 42, 95 % 56-83)``, and whose re-runs these were where not the cause's own."""
    groups = {"fingerprint": "", "type": f" of type {kind}", "category": " of its category"}
    interval = f"95 % {100 * chance.low:.0f}-{100 * chance.high:.0f}"
    return f"{100 * chance.mean:.0f} % (n = {chance.tries}{groups[chance.level]}, {interval})"


def _describe_span(seconds: float) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"
