from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from errclass.core.errors import StoreError
from errclass.core.happenings import Action, Attempt, Message
from errclass.core.types import Context, Label, Outcome
from errclass.outcomes.events import (
    STORED_BYTES,
    action_event,
    attempt_events,
    label_event,
    message_event,
    outcome_events,
    registration_event,
)
from errclass.outcomes.times import utc_text


def test_open_outcome_is_one_event() -> None:
    """Without result and labels there is nothing more to tell."""
    assert ["outcome"] == [event.kind for event in outcome_events(Outcome("a", "boom"))]


def test_result_and_labels_are_events_of_their_own() -> None:
    """They may also come later and then look the same."""
    outcome = Outcome("a", "boom", success=False, labels=(Label("network", "weak"), Label("test", "human")))
    assert ["outcome", "resolution", "label", "label"] == [event.kind for event in outcome_events(outcome)]


def test_text_is_bounded() -> None:
    """A huge text cannot fill the store."""
    (event,) = outcome_events(Outcome("a", "x" * 100_000))
    assert STORED_BYTES - 10 < len(json.loads(event.payload)["text"]) <= STORED_BYTES


def test_secret_across_the_cut_is_masked() -> None:
    """Its second half alone would look like anything."""
    token = "ghp_" + "Mn4oPq6rSt" * 4
    around = 3 * STORED_BYTES // 4
    for after in range(around - 100, around):
        (event,) = outcome_events(Outcome("a", "boom\n" * 4000 + token + "\n" + "x\n" * (after // 2)))
        assert token[-9:] not in event.payload, after


def test_secrets_are_masked_wherever_they_stand() -> None:
    """In names, authors, recipes, facts and documents as in the text."""
    token = "ghp_" + "Mn4oPq6rSt" * 4
    outcome = Outcome(
        "a",
        "boom",
        context=Context(operation=f"push {token}"),
        tool=token,
        facts={"tool": token},
        failing_tests=(token,),
        labels=(Label("x", "human", author=token),),
    )
    events = [
        *outcome_events(outcome),
        *attempt_events(Attempt("b", True, recovery=token, passed_tests=(token,))),
        registration_event("model", "m", "trained", {"why": {"note": [token]}}, token, "r"),
        message_event(Message("m", "slack", "low", "sent", document={"text": token})),
        action_event(Action("d", "recover", token, "success", details={"log": token})),
    ]
    assert not [event.kind for event in events if token in event.payload or token in repr(event.marks)]


@pytest.mark.parametrize("hostile", ["a\x00b", "a\ud800b"])
def test_what_no_database_takes_is_replaced(hostile: str) -> None:
    """NUL and lone surrogates would make the merge fail for ever."""
    outcome = Outcome("a", hostile, context=Context(operation=hostile, metadata={hostile: hostile}))
    (event,) = outcome_events(outcome)
    payload = event.payload.encode("utf-8")
    assert b"\\u0000" not in payload
    assert hostile not in json.loads(payload)["text"]


def test_text_that_only_looks_like_an_escape_survives() -> None:
    """The six characters backslash u 0 0 0 0 are ordinary text."""
    (event,) = outcome_events(Outcome("a", r"\u0000"))
    assert r"\u0000" == json.loads(event.payload)["text"]


@pytest.mark.parametrize("identifier", ["", "x" * 65])
def test_unusable_id_is_refused(identifier: str) -> None:
    """Empty and overlong ids never reach the inbox."""
    with pytest.raises(StoreError, match="1 to 64 characters"):
        list(outcome_events(Outcome(identifier, "boom")))


def test_longest_id_is_accepted() -> None:
    """64 characters of any kind are an id."""
    assert "é" * 64 == next(outcome_events(Outcome("é" * 64, "boom"))).id


def test_number_beyond_64_bits_is_refused() -> None:
    """What the history's column cannot hold is refused at once, not at the merge."""
    with pytest.raises(StoreError, match="exit_code"):
        list(outcome_events(Outcome("a", "boom", exit_code=2**63)))


def test_secrets_do_not_reach_the_store() -> None:
    """Not even where whoever records has forgotten to mask."""
    context = Context(repository="https://bob:correct-horse-9@git.example.com/x")
    (event,) = outcome_events(Outcome("a", "login failed: password=correct-horse-9", context=context))
    assert "correct-horse-9" not in event.payload


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -1.0])
def test_senseless_weight_is_refused(weight: float) -> None:
    """A weight is a finite number from 0."""
    with pytest.raises(StoreError, match="weight"):
        label_event("a", Label("network", "human", weight), "id")


def test_times_are_stored_in_utc() -> None:
    """Any zone is turned into UTC; a naive time is UTC already."""
    berlin = datetime(2026, 6, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    assert {"2026-06-01T12:00:00"} == {
        utc_text(berlin),
        utc_text(datetime(2026, 6, 1, 12, 0, tzinfo=UTC)),
        utc_text(datetime(2026, 6, 1, 12, 0)),
    }
