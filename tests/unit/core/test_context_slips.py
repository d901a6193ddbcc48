"""What is nearly a name that forbids does not become a mere remark."""

from __future__ import annotations

import logging

import pytest

from errclass.core.context_slips import judge_slips


@pytest.mark.parametrize(
    "given",
    [
        {"efect": "irreversible"},
        {"effct": "read_only"},
        {"Effect": "irreversable"},
        {"kill_swich": True},
        {"kill_switch": "true"},
        {"breaker_opened": True},
        {"canceled": "yes"},
        {"attempts_at_mots": 1},
    ],
)
def test_a_slip_of_what_forbids_forbids(given: dict[str, object]) -> None:
    """Whatever else is said."""
    assert "irreversible" == judge_slips({**given, "build": "4711"})


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"build": "4711", "ticket": "OPS-1", "host": "a", "retries": 3},
        {"defect": "OPS-4711"},
        {"effects": "sparks"},
        {
            "cancelled_by": "ada",
            "cancelled_at": "12:00",
            "kill_switch_url": "https://a.example",
            "not_cancelled": "true",
        },
        {"canceled": False},
        {"kill_swich": "no"},
        {"enviroment": "production"},
    ],
)
def test_other_names_forbid_nothing(given: dict[str, object]) -> None:
    """A slip of a name that only describes is said and no more, and a stranger's name is its own affair."""
    assert judge_slips(given) is None


def test_a_slip_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """A program makes the same one at every call."""
    with caplog.at_level(logging.WARNING, "errclass"):
        for _ in range(3):
            judge_slips({"repositry": "shop"})
    (message,) = caplog.messages
    assert message.startswith("errclass.misspelt_context: 'repositry'")
    assert "'repository'" in message
