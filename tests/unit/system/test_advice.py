"""Every answer ends in a sentence that a person can act on."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from errclass.core.types import Abstention, Decision
from errclass.rules.vocabulary import OUTPUTS
from errclass.system.advice import advise
from errclass.system.taxonomy_file import load_taxonomy

TABLES = load_taxonomy().tables()
ACTIONS = sorted({str(action) for table in ("type_action", "category_action") for action in TABLES[table].values()})
DECISION = Decision(
    category="transient",
    type="network",
    severity="low",
    retryable=True,
    confidence=0.9,
    suggested_action="retry_with_backoff",
)


def advise_on(action: str) -> str:
    return advise(replace(DECISION, suggested_action=action))


def test_every_action_of_the_taxonomy_has_its_own_sentence() -> None:
    """None falls back to the general one, and no two say the same."""
    sentences = {action: advise_on(action) for action in ACTIONS}
    assert len(ACTIONS) == len(set(sentences.values()))
    assert ["manual_investigation"] == [a for a, text in sentences.items() if text == advise_on("something else")]


def test_every_action_that_rules_may_suggest_has_a_sentence() -> None:
    """The rules' own vocabulary is no larger than the advice."""
    choices = OUTPUTS["suggested_action"].choices or tuple(ACTIONS)
    assert [] == [
        action for action in choices if action != "manual_investigation" and advise_on(action) == advise_on("?")
    ]


@pytest.mark.parametrize("reason", get_args(Abstention))
def test_every_reason_to_be_unsure_has_its_own_next_step(reason: Abstention) -> None:
    """It goes before the suggested action, which is a guess then."""
    sentence = advise(replace(DECISION, abstained=reason))
    others = {advise(replace(DECISION, abstained=other)) for other in get_args(Abstention) if other != reason}
    assert sentence not in others | {advise(DECISION)}
    assert sentence.endswith(".")


def test_an_unknown_action_is_left_to_a_person() -> None:
    """A user's taxonomy may name any."""
    assert advise_on("manual_investigation") == advise_on("dance")
