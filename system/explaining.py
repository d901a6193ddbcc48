"""Turn an answer into an explanation: plain data for a person's screen or a program."""

from __future__ import annotations

from typing import Any

from ..classify.artefact import Model
from ..classify.classifier import Explainer
from ..classify.cleaning import clean_line
from ..core.jsonable import to_jsonable
from ..core.types import Failure, Flip, History
from .advice import advise
from .pipeline import Answer


def explain_answer(answer: Answer, model: Model) -> dict[str, Any]:
    """Return everything that an explanation shows, JSON-ready; ``model`` is the one that gave the answer."""
    decision, signals = answer.decision, answer.signals
    return {
        "type": decision.type,
        "meaning": model.taxonomy.meaning_of(decision.type),
        "category": decision.category,
        "severity": decision.severity,
        "retryable": decision.retryable,
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
        "before": _before(answer.history),
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


def _before(history: History) -> str:
    if not history.available:
        return "The store is busy or damaged; this was decided without history."
    if not history.seen:
        return "Never seen before."
    last = f", last on {history.last_seen:%Y-%m-%d %H:%M} UTC" if history.last_seen else ""
    text = f"Seen {history.seen} time{'s' if history.seen > 1 else ''} before{last}."
    if history.retries:
        text += f" Run again unchanged {_describe_retries(history.retries, history.retry_successes)}."
    return text


def _describe_retries(retries: int, successes: int) -> str:
    if retries == 1:
        return "once, with success" if successes else "once, without success"
    return f"{retries} times, {successes} of them with success"
