"""Outcomes that were really decided: texts through the whole pipeline, and again in ever other circumstances."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from errclass.core.failure import failure_from_text
from errclass.core.types import Chance, Context, Decision, Facts, History, Outcome, Prediction, Region, Signals
from errclass.rules import Engine, build_facts, decide
from errclass.system.pipeline import Answer, answer_failure, bound_plan, to_outcome
from errclass.system.settings import DecisionSettings
from errclass.system.wiring import Parts

OPERATIONS = ("deploy api", "deploy web", "test api", "migrate", None)
ENVIRONMENTS = (None, "development", "staging", "production")
EFFECTS = (None, "read_only", "idempotent", "reversible", "irreversible")
SPAN = timedelta(days=20)
NO_SIGNALS = Signals(Region("", 0, 0), "", None)


def make_outcomes(parts: Parts, texts: Sequence[str], count: int, start: datetime) -> Iterator[Outcome]:
    """Yield so many outcomes, spread over ``SPAN``; the same every time."""
    answers = [answer_failure(failure_from_text(text), parts) for text in texts]
    draw = random.Random(7)
    for number in range(count):
        answer = answers[number % len(answers)]
        if number >= len(answers):
            answer = _vary(answer, parts, draw)
        outcome = to_outcome(answer, parts.engine)
        yield replace(outcome, id=f"case-{number}", time=start + number * SPAN / count)


def decide_facts(
    engine: Engine,
    facts: Facts,
    context: Context,
    limits: DecisionSettings,
    *,
    signals: Signals = NO_SIGNALS,
    prediction: Prediction | None = None,
) -> Decision:
    """Return the decision on facts as the pipeline makes it."""
    decision = decide(engine, facts, signals=signals, prediction=prediction, context=context)
    return bound_plan(decision, limits)


def _vary(answer: Answer, parts: Parts, draw: random.Random) -> Answer:
    context = Context(
        environment=draw.choice(ENVIRONMENTS),
        operation=draw.choice(OPERATIONS),
        effect=draw.choice(EFFECTS),
        attempt=draw.randint(1, 5),
        cancelled=draw.random() < 0.03,
        branch=draw.choice(("main", "feature")),
    )
    failure = replace(answer.failure, context=context)
    facts = build_facts(answer.signals, answer.prediction, context, _draw_history(draw), failure)
    decision = decide_facts(
        parts.engine,
        facts,
        context,
        parts.settings.decision,
        signals=answer.signals,
        prediction=answer.prediction,
    )
    return replace(answer, failure=failure, facts=facts, decision=decision)


def _draw_history(draw: random.Random) -> History:
    tries = draw.randint(0, 12)
    passed = draw.randint(0, tries)
    mean = round((passed + 1) / (tries + 2), 4)
    chance = Chance(mean, max(0.0, mean - 0.2), min(1.0, mean + 0.2), tries, passed, "fingerprint")
    return History(
        seen=draw.randint(0, 40),
        failed_attempts=draw.choice((0, 0, 0, 1, 2, 3, 5, 10)),
        retries=tries,
        retry_successes=passed,
        retry=chance if tries else None,
        jobs=draw.randint(0, 7),
        incident=draw.random() < 0.05,
    )
