"""Made-up labelled history: facts drawn at random, and truths that a test plants or draws as well."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from errclass.core.frozen import FrozenDict
from errclass.core.types import Scalar
from errclass.rules.vocabulary import VERSION
from errclass.system.jobs.suggestion.judged_cases import JudgedCase

START = datetime(2026, 9, 1, tzinfo=UTC)
TYPES = ("build", "configuration", "dependency", "network", "resource", "test")
ALWAYS: dict[str, Scalar] = {
    "attempt": 1, "cancelled": False, "failing_tests": 0, "flaky_tests": 0, "has_fingerprint": True,
    "history_available": True, "history_failed_attempts": 0, "history_incident": False, "history_jobs": 0,
    "history_retries": 0, "history_retry_successes": 0, "history_seen": 0, "vocabulary": VERSION,
}  # fmt: skip
"""Facts that every decision has."""


def draw_facts(draw: random.Random) -> dict[str, Scalar]:
    """Return the facts of a failure somewhere in a made-up shop, where the model is sure of one of six types."""
    return {
        **ALWAYS,
        "predicted_type": draw.choice(TYPES),
        "confidence": round(draw.uniform(0.91, 0.99), 2),
        "margin": 0.9,
        "component": draw.choice(["basket", "catalogue", "checkout", "shipping"]),
        "tool": draw.choice(["cargo", "gradle", "npm", "pytest"]),
        "job": f"job {draw.randrange(12)}",
        "operation": draw.choice(["build", "deploy"]),
        "exit_code": draw.choice([1, 2, 127]),
    }


def make_case(number: int, facts: dict[str, Any], **truths: Scalar) -> JudgedCase:
    """Return a cause of its own, half a day after the one before."""
    time = START + timedelta(hours=12 * number)
    return JudgedCase(f"{number:016x}", time, FrozenDict(facts), FrozenDict(truths))


def draw_history(
    seed: int, size: int, truth: Callable[[random.Random, dict[str, Scalar]], dict[str, Scalar]]
) -> list[JudgedCase]:
    """Return so many causes, their truths drawn by ``truth`` from the facts."""
    draw = random.Random(seed)
    history = []
    for number in range(size):
        facts = draw_facts(draw)
        history.append(make_case(number, facts, **truth(draw, facts)))
    return history
