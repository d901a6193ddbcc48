"""Facts of every text of the bundled corpus and captures, in contexts and with histories that vary."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import get_args

from errclass.classify.bundled import load_bundled
from errclass.classify.signals import extract_signals
from errclass.core.failure import failure_from_text
from errclass.core.types import Chance, Context, Effect, Facts, Guard, History, RecoveryChance
from errclass.rules import build_facts
from errclass.system.settings import load_settings
from errclass.system.taxonomy_file import load_taxonomy
from errclass.system.wiring import find_model


def build_corpus_facts(step: int = 1) -> Iterator[Facts]:
    """Yield the facts of every ``step``-th text, as the model in use and the pipeline make them."""
    classifier, draw = find_model(load_settings()).classifier, random.Random(20_261_128)
    for example in load_bundled(load_taxonomy())[::step]:
        failure = failure_from_text(example.text)
        signals = extract_signals(failure)
        (prediction,) = classifier.predict_many([signals])
        yield build_facts(signals, prediction, _draw_context(draw), _draw_history(draw), failure, _draw_guard(draw))


def _draw_context(draw: random.Random) -> Context:
    return Context(
        environment=draw.choice((None, "development", "staging", "production", "live", "qa7")),
        effect=draw.choice((None, *get_args(Effect))),
        attempt=draw.choice((1, 1, 1, 2, 3, 4, 6)),
        branch=draw.choice((None, "main", "feature/x")),
        cancelled=draw.random() < 0.03,
    )


def _draw_history(draw: random.Random) -> History:
    if draw.random() < 0.5:
        return History()
    tries = draw.choice((0, 1, 5, 40))
    successes = draw.randint(0, tries)
    odds = Chance((successes + 1) / (tries + 2), 0.0, min(1.0, (successes + 2) / (tries + 2)), tries, successes, "type")
    return History(
        seen=draw.randint(1, 50),
        failed_attempts=draw.choice((0, 1, 2, 4, 5, 10)),
        retries=tries,
        retry_successes=successes,
        retry=odds if tries else None,
        recoveries=_draw_recoveries(draw, odds),
        jobs=(jobs := draw.choice((1, 2, 12))),
        incident=jobs >= 5,
    )


def _draw_recoveries(draw: random.Random, odds: Chance) -> tuple[RecoveryChance, ...]:
    return (RecoveryChance("clean_build", odds),) if draw.random() < 0.3 else ()


def _draw_guard(draw: random.Random) -> Guard:
    return Guard(
        breaker_open=draw.choice((None, False, True)),
        budget_spent=draw.choice((None, False, False, True)),
        kill_switch=draw.random() < 0.05,
        attempts_at_most=draw.choice((None, 1, 3, 10)),
        autonomy=draw.choice((None, None, "suggest", "ask", "auto")),
        retries_off=draw.random() < 0.1,
        attempts_as_set=draw.choice((None, None, 2, 8)),
        base_delay_as_set=draw.choice((None, None, 0.0, 4.0)),
        factor_as_set=draw.choice((None, None, 3.0)),
        max_delay_as_set=draw.choice((None, None, 9.0)),
        codegen_as_set=draw.choice((None, None, 1, 3)),
        manual_as_set=draw.choice((None, None, 2, 9)),
    )
