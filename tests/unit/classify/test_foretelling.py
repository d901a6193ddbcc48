"""A recipe answers texts as if it had not learned them."""

from __future__ import annotations

from dataclasses import replace

from errclass.classify.foretelling import foretell, list_own
from errclass.classify.memory import TextKeys, name_text
from errclass.classify.noise import SOURCE as NOISE
from errclass.classify.training import Prepared, prepare_examples
from errclass.core.types import Example, Signals

ROWS = [
    Example(f"{text} {name}", kind, source="store")
    for name in "abcdefgh"
    for text, kind in (("npm failed to reach the mirror", "network"), ("SyntaxError: invalid syntax in", "syntax"))
]


def ask(prepared: Prepared, *rows: int) -> list[tuple[TextKeys, Signals]]:
    own = list_own(prepared)
    return [(keys, prepared.signals[row]) for row in rows if (keys := own[row])]


def test_texts_of_ones_own_are_named_and_others_are_not() -> None:
    """Those that come with errclass, and their noisy copies, belong to every recipe."""
    examples = [replace(ROWS[0], source=source) for source in ("store", "user", "weak", "corpus", "captured", NOISE)]
    prepared = prepare_examples(examples)
    assert [True, True, True, False, False, False] == [keys is not None for keys in list_own(prepared)]
    assert name_text(ROWS[0].text, prepared.signals[0].fingerprint) == list_own(prepared)[0]


def test_the_answer_is_what_the_others_teach() -> None:
    """A wrong label on the text itself, and on all of its cause, changes nothing."""
    wrong = [replace(ROWS[0], text="npm failed to reach the mirror, twice", type="syntax")] * 5
    prepared = prepare_examples([*wrong, *ROWS[2:]])
    ((keys, answer),) = foretell(prepared, ask(prepared, 0), name="bayes")
    assert "network" == answer.type
    assert keys == ask(prepared, 0)[0][0]


def test_texts_that_were_not_learned_are_answered_too() -> None:
    """By the same classifier."""
    prepared = prepare_examples(ROWS)
    other = prepare_examples([Example("npm failed to reach the registry", "network")])
    assert 3 == len(foretell(prepared, [*ask(prepared, 0, 1), *ask(other, 0)], name="bayes"))


def test_nothing_left_to_learn_foretells_nothing() -> None:
    """One type alone teaches nothing."""
    prepared = prepare_examples(ROWS)
    syntax = [row for row, example in enumerate(ROWS) if example.type == "syntax"]
    assert [] == foretell(prepared, ask(prepared, *syntax), name="bayes")
