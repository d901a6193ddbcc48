"""An error that comes again gets the answer that it would get if it were new."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.corpus import pick_examples

from errclass.classify.known import MAX_CHARS, Known, KnownErrors
from errclass.classify.linear import LinearClassifier
from errclass.classify.normal_form import normalise_variables
from errclass.classify.signals import extract_signals
from errclass.classify.training import prepare_examples, train_classifier
from errclass.core.failure import failure_from_text, mask_failure
from errclass.core.types import Context, Example, Failure, Prediction, Signals, TypeProbability

_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")
_UUID = "3f2504e0-4f89-11d3-9a0c-0305e82c33{:02x}"
REFUSED = "2026-03-01T10:00:00Z curl: (7) Failed to connect to registry.example.com port 443: Connection refused"


class Counting(LinearClassifier):
    """Count what is predicted."""

    asked = 0

    def predict_many(self, signals: Sequence[Signals]) -> list[Prediction]:
        self.asked += len(signals)
        return super().predict_many(signals)


@pytest.fixture(scope="module")
def trained() -> LinearClassifier:
    """Return a classifier that knows three types."""
    examples = pick_examples(["network", "resource", "dependency"], 15)
    return cast(LinearClassifier, train_classifier(prepare_examples(examples)))


@pytest.fixture
def classifier(trained: LinearClassifier) -> Counting:
    """Return one that counts."""
    counting = Counting()
    counting.__dict__.update(trained.__dict__)
    return counting


@pytest.fixture(scope="module")
def timed(corpus: list[Example]) -> list[str]:
    """Return texts that hold a time of day."""
    found = [example.text for example in corpus if _CLOCK.search(example.text) and len(example.text) <= MAX_CHARS]
    assert len(found) > 100
    return found


def read_slowly(failure: Failure, classifier: LinearClassifier) -> Known:
    """Return the answer without any memory."""
    masked = mask_failure(failure)
    signals = extract_signals(masked)
    return Known(masked, signals, classifier.predict_many([signals])[0])


def at(text: str, seconds: int) -> str:
    """Return the text with another time of day."""
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return _CLOCK.sub(clock, text)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_known_error_gets_the_answer_of_a_new_one(
    data: st.DataObject, timed: list[str], trained: LinearClassifier
) -> None:
    """Region, evidence, codes and all else are those of the new text."""
    text = data.draw(st.sampled_from(timed))
    moments = data.draw(st.lists(st.integers(0, 86_399), min_size=2, max_size=3))
    known = KnownErrors()
    for moment in moments:
        failure = failure_from_text(at(text, moment))
        assert read_slowly(failure, trained) == known.answer(failure, trained)


@pytest.mark.parametrize("again", [REFUSED, at(REFUSED, 40_000), REFUSED.replace("2026-03-01", "2027-12-24")])
def test_the_same_error_is_predicted_once(classifier: Counting, again: str) -> None:
    """In the same words, or with another time."""
    known = KnownErrors()
    known.answer(failure_from_text(REFUSED), classifier)
    answer = known.answer(failure_from_text(again), classifier)
    assert (1, again) == (classifier.asked, answer.failure.text)


@pytest.mark.parametrize(
    "again",
    [
        REFUSED.replace("443", "80"),
        REFUSED.replace("(7)", "(6)"),
        REFUSED.replace("refused", "reset"),
        REFUSED + "\n",
        REFUSED.replace("10:00:00Z", "10:00:00.5Z"),
    ],
)
def test_another_error_is_read(classifier: Counting, again: str) -> None:
    """A port or a code may be what differs; only what certainly varies is left out."""
    known = KnownErrors()
    known.answer(failure_from_text(REFUSED), classifier)
    known.answer(failure_from_text(again), classifier)
    assert 2 == classifier.asked


@pytest.mark.parametrize("outside", [{"exit_code": 137}, {"exception_type": "builtins.MemoryError"}])
def test_what_is_known_beside_the_text_counts(trained: LinearClassifier, outside: dict[str, Any]) -> None:
    """The same words with another exit code are another failure."""
    known = KnownErrors()
    plain = failure_from_text(REFUSED)
    told = replace(plain, **outside)
    known.answer(plain, trained)
    assert read_slowly(told, trained) == known.answer(told, trained)


def test_the_context_is_the_callers_own(trained: LinearClassifier) -> None:
    """It is masked each time, and never another's."""
    known = KnownErrors()
    known.answer(failure_from_text(REFUSED, context=Context(operation="first")), trained)
    token = "ghp_" + "Mn4oPq6rSt" * 4
    second = known.answer(failure_from_text(REFUSED, context=Context(operation=f"push {token}")), trained)
    assert "push [masked:github-token]" == second.failure.context.operation


def test_no_secret_is_kept(trained: LinearClassifier) -> None:
    """Neither as a key nor as a value, and the masked text is what is given on."""
    known = KnownErrors()
    token = "ghp_" + "Mn4oPq6rSt" * 4
    for _ in range(2):
        answer = known.answer(failure_from_text(f"{REFUSED} {token}"), trained)
        assert f"{REFUSED} [masked:github-token]" == answer.failure.text
    kept = [store._values for store in (known._texts, known._forms)]
    assert "[masked:github-token]" in repr(kept)
    assert token not in repr(kept)


def test_a_wait_is_the_new_texts_own(trained: LinearClassifier) -> None:
    """Its length is one of the values that differ."""
    known = KnownErrors()
    waits = [
        known.answer(failure_from_text(f"429 Too Many Requests: try again in {wait}s"), trained).signals.retry_after
        for wait in ("1.500", "7.250", "1.500")
    ]
    assert [1.5, 7.25, 1.5] == waits


def test_a_date_to_wait_for_comes_nearer(trained: LinearClassifier) -> None:
    """The same words a minute later ask for a minute less."""
    known = KnownErrors()
    now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    failure = failure_from_text("HTTP/1.1 503 Service Unavailable\nRetry-After: Sun, 01 Mar 2026 12:05:00 GMT")
    waits = [
        known.answer(replace(failure, time=now + timedelta(minutes=minutes)), trained).signals.retry_after
        for minutes in (0, 1)
    ]
    assert [300.0, 240.0] == waits


def test_a_failing_test_keeps_its_name(trained: LinearClassifier) -> None:
    """Also where an id is a part of it."""
    known = KnownErrors()
    for number in (1, 2):
        name = f"tests/test_jobs.py::test_job[{_UUID.format(number)}]"
        answer = known.answer(failure_from_text(f"FAILED {name} - assert 1 == 2"), trained)
        assert (name,) == answer.signals.failing_tests


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\0",
        "a\x1b[31mb\x1b[0m 12:34:56 failed",
        "10%\r50% 12:34:56\rfailed",
        "12:34:56",
        "x\n" * 60 + "12:34:56 error: y",
    ],
)
def test_unusual_texts_are_answered_alike(trained: LinearClassifier, text: str) -> None:
    """Empty, binary, coloured, overwritten and long ones have no form, and the same answer."""
    known = KnownErrors()
    for again in (text, at(text, 5), text):
        failure = failure_from_text(again)
        assert read_slowly(failure, trained) == known.answer(failure, trained)


def test_a_long_text_is_read_each_time(classifier: Counting) -> None:
    """It would take the place of many others."""
    known = KnownErrors()
    for _ in range(2):
        known.answer(failure_from_text("error: " + "x" * MAX_CHARS), classifier)
    assert 2 == classifier.asked


def test_entries_and_bytes_are_bounded(classifier: Counting) -> None:
    """What was not seen for longest is forgotten."""
    few, small = KnownErrors(entries=8), KnownErrors(size=60_000)
    for known in (few, small):
        for number in range(40):
            known.answer(failure_from_text(f"error {number}: refused"), classifier)
    asked = classifier.asked
    few.answer(failure_from_text("error 39: refused"), classifier)
    assert asked == classifier.asked
    few.answer(failure_from_text("error 0: refused"), classifier)
    assert asked + 1 == classifier.asked
    assert (4, True) == (len(few._texts._values), 0 < small._texts._used <= 30_000)


def test_a_classifier_of_another_kind_sees_its_own_text() -> None:
    """It may read what a form leaves out, so only the very same words are known."""

    class Reader:
        def predict_many(self, signals: Sequence[Signals]) -> list[Prediction]:
            return [Prediction((TypeProbability(one.region.text, 1.0),)) for one in signals]

    known, reader = KnownErrors(), cast(Any, Reader())
    texts = [REFUSED, at(REFUSED, 40_000), REFUSED]
    expected = [extract_signals(failure_from_text(text)).region.text for text in texts]
    assert expected == [known.answer(failure_from_text(text), reader).prediction.type for text in texts]


def test_threads_share_one_memory(trained: LinearClassifier) -> None:
    """Every one gets the answers to its own texts."""
    known = KnownErrors(entries=16)
    texts = [at(REFUSED.replace("443", str(port)), port) for port in range(400, 430)] * 3
    failures = [failure_from_text(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda failure: known.answer(failure, trained), failures))
    assert [read_slowly(failure, trained) for failure in failures] == answers


def test_forms_are_what_is_shared(trained: LinearClassifier) -> None:
    """A text that is its own form needs no second place."""
    known = KnownErrors()
    known.answer(failure_from_text(normalise_variables(REFUSED)), trained)
    assert (1, 0) == (len(known._texts._values), len(known._forms._values))
