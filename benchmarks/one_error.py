"""Measure how long one error takes from its text to a prediction, beside the same model as a scikit-learn pipeline.

The model learns from three quarters of the corpus' tools; texts of 200 to 400 bytes of the others, one at a time, are
what is timed. Each figure is taken in a fresh copy of a process that has seen none of them, the tables and the model
loaded and caches as the training texts left them. All ways must give equal answers: the same type, its probability
within 1e-3. Takes about two minutes on one core.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from statistics import median
from typing import Any, NamedTuple

from errclass.classify.bundled import load_bundled
from errclass.classify.known import KnownErrors
from errclass.classify.linear import LinearClassifier
from errclass.classify.training import prepare_examples, signals_of, train_classifier
from errclass.core.failure import failure_from_text
from errclass.core.types import Example
from errclass.system.taxonomy_file import load_taxonomy

TOLERANCE = 1e-3
_SHORTEST, _LONGEST = 200, 400
_WARM_UP = 300
"""Errors answered before the clock starts: a copied process is slow where it first touches memory."""
_REFERENCE = "scikit-learn"
_REFERENCE_GIVEN = "scikit-learn, signals given"


class Answer(NamedTuple):
    """Hold what one way says of one text."""

    type: str
    probability: float


class Case(NamedTuple):
    """Hold one error and what it looks like when it comes again."""

    text: str
    again: str


@dataclass(frozen=True, slots=True)
class Way:
    """Describe one way to an answer."""

    name: str
    prepare: Callable[[Case], Any]
    """What is made of the case before the clock starts."""
    answer: Callable[[Any], Answer]


class Timing(NamedTuple):
    """Hold what one way took and said."""

    microseconds: float
    """Mean over the cases."""
    answers: list[Answer]


def split_corpus(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return the examples to learn from and those to time, which are of other tools."""
    tools = sorted({example.tool or "" for example in examples})
    held_out = set(tools[::4])
    learned = [replace(example, tool="all") for example in examples if (example.tool or "") not in held_out]
    return learned, [example for example in examples if (example.tool or "") in held_out]


def make_cases(examples: Sequence[Example], count: int) -> list[Case]:
    """Return errors of 200 to 400 bytes, each with the time at which it came, and as it comes a day later."""
    texts = sorted({example.text for example in examples if _SHORTEST <= len(example.text.encode()) <= _LONGEST})
    step = max(1, len(texts) // count)
    return [_stamp(number, text) for number, text in enumerate(texts[::step][:count])]


def _stamp(number: int, text: str) -> Case:
    time_of_day = f"{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
    return Case(f"2026-03-01T{time_of_day}Z {text}", f"2026-03-02T{time_of_day}Z {text}")


def list_ways(model: LinearClassifier) -> list[Way]:
    """Return the ways to compare; all share one model and one reading of the text."""

    def ask_pipeline(signals: Any) -> Answer:
        probabilities = model.pipeline.predict_proba([signals])[0]
        best = int(probabilities.argmax())
        return Answer(str(model.pipeline.classes_[best]), float(probabilities[best]))

    def ask_us(signals: Any) -> Answer:
        return Answer(*_first(model.predict_many([signals])[0]))

    def score(signals: Any) -> Answer:
        lean = model.lean
        probabilities = lean.probabilities(lean.score(lean.read(signals)))
        best = int(probabilities.argmax())
        return Answer(lean.types[best], float(probabilities[best]))

    known = KnownErrors()

    def ask_known(text: str) -> Answer:
        return Answer(*_first(known.answer(failure_from_text(text), model).prediction))

    def meet(case: Case, text: str) -> str:
        ask_known(case.text)
        return text

    return [
        Way(_REFERENCE, lambda case: case.text, lambda text: ask_pipeline(signals_of(text))),
        Way(_REFERENCE_GIVEN, lambda case: signals_of(case.text), ask_pipeline),
        Way("ours, cold", lambda case: case.text, lambda text: ask_us(signals_of(text))),
        Way("ours, signals given", lambda case: signals_of(case.text), ask_us),
        Way("ours, signals given, without evidence", lambda case: signals_of(case.text), score),
        Way("ours, known but for its time", lambda case: meet(case, case.again), ask_known),
        Way("ours, known", lambda case: meet(case, case.text), ask_known),
    ]


def _first(prediction: Any) -> tuple[str, float]:
    return prediction.type, prediction.confidence


def train_model(examples: Sequence[Example]) -> LinearClassifier:
    """Return the default classifier, trained without a correction of its confidence, which the pipeline lacks."""
    model = train_classifier(prepare_examples(examples))
    assert isinstance(model, LinearClassifier)  # noqa: S101 - for the type checker
    return model


def time_ways(ways: Sequence[Way], warm_up: Sequence[Case], cases: Sequence[Case], *, rounds: int) -> dict[str, Timing]:
    """Return what each way takes, the median over the rounds, and its answers."""
    runs: dict[str, list[Timing]] = {way.name: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            runs[way.name].append(time_afresh(way, warm_up, cases))
    return {name: Timing(median(one.microseconds for one in found), found[0].answers) for name, found in runs.items()}


def time_way(way: Way, warm_up: Sequence[Case], cases: Sequence[Case]) -> Timing:
    """Return what the way takes for one case, and its answers."""
    for case in warm_up:
        way.answer(way.prepare(case))
    prepared = [way.prepare(case) for case in cases]
    start = time.perf_counter()
    answers = [way.answer(one) for one in prepared]
    return Timing((time.perf_counter() - start) / len(cases) * 1e6, answers)


def time_afresh(way: Way, warm_up: Sequence[Case], cases: Sequence[Case]) -> Timing:
    """Do the same in a copy of this process, so that no text of one run is known in the next."""
    forking = multiprocessing.get_context("fork")
    receiver, sender = forking.Pipe(duplex=False)

    def work(end: Connection) -> None:
        end.send(time_way(way, warm_up, cases))

    process = forking.Process(target=work, args=(sender,))
    process.start()
    sender.close()
    try:
        timing: Timing = receiver.recv()
    finally:
        process.join()
    return timing


def find_difference(timings: dict[str, Timing], cases: Sequence[Case]) -> str | None:
    """Say where a way answers otherwise than scikit-learn; None when all answers are equal."""
    for name, timing in timings.items():
        for case, ours, theirs in zip(cases, timing.answers, timings[_REFERENCE].answers, strict=True):
            if ours.type != theirs.type or abs(ours.probability - theirs.probability) > TOLERANCE:
                return f"{name}: {ours} instead of {theirs} for {case.text!r}"
    return None


def describe_timings(timings: dict[str, Timing]) -> str:
    """Return the table, in Markdown."""
    lines = ["| way | one error, us | beside | times as fast |", "|---|---:|---|---:|"]
    for name, timing in timings.items():
        other = _REFERENCE_GIVEN if "signals given" in name else _REFERENCE
        ratio = timings[other].microseconds / timing.microseconds
        lines.append(f"| {name} | {timing.microseconds:.0f} | {other} | {ratio:.1f} |")
    return "\n".join(lines)


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=400, help="how many errors to time (default: 400)")
    parser.add_argument("--rounds", type=int, default=5, help="how often; the median counts (default: 5)")
    given = parser.parse_args()
    learned, held_out = split_corpus(load_bundled(load_taxonomy()))
    cases = make_cases(held_out, given.texts)
    warm_up = make_cases(learned, _WARM_UP)
    model = train_model(learned)
    gc.collect()
    gc.freeze()  # what training left behind is none of the timed work
    timings = time_ways(list_ways(model), warm_up, cases, rounds=given.rounds)
    print(f"{len(cases)} errors, {sum(len(case.text.encode()) for case in cases) // len(cases)} bytes each\n")
    print(describe_timings(timings))
    difference = find_difference(timings, cases)
    print(f"\n{difference or 'All answers are equal.'}")
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(_main())
