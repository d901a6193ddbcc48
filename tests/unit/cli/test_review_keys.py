from __future__ import annotations

import pytest

from errclass.cli.review_keys import Meaning, next_retryable, read_key
from errclass.core.taxonomy import Taxonomy
from errclass.system.jobs.answer_keys import assign_keys


def test_every_type_has_a_key_of_its_own(taxonomy: Taxonomy) -> None:
    """That does nothing else."""
    keys = assign_keys(taxonomy.names)
    assert taxonomy.names == tuple(keys.values())
    assert not set(keys) & set("rsuq?\r\n\x03\x04")
    assert {"1": "network"}.items() <= keys.items()


def test_a_huge_taxonomy_has_more_types_than_keys() -> None:
    """The rest cannot be said with one key."""
    keys = assign_keys([f"type{number}" for number in range(100)])
    assert (57, 57) == (len(keys), len(set(keys.values())))


@pytest.mark.parametrize(
    ("key", "decided", "meaning"),
    [
        ("\r", "test", Meaning("answer", "test")),
        ("\n", "test", Meaning("answer", "test")),
        ("\r", None, Meaning("none")),
        ("\r", "of another taxonomy", Meaning("none")),
        ("1", "test", Meaning("answer", "build")),
        ("2", None, Meaning("answer", "test")),
        ("r", "test", Meaning("retryable")),
        ("s", "test", Meaning("skip")),
        ("u", "test", Meaning("undo")),
        ("q", "test", Meaning("quit")),
        ("\x04", "test", Meaning("quit")),
        ("?", "test", Meaning("help")),
        ("3", "test", Meaning("none")),
        ("\x1b[A", "test", Meaning("none")),
        ("", "test", Meaning("none")),
    ],
)
def test_what_a_key_means(key: str, decided: str | None, meaning: Meaning) -> None:
    """Enter accepts only what there is to accept."""
    assert meaning == read_key(key, assign_keys(["build", "test"]), decided)


def test_whether_a_rerun_helps_goes_round() -> None:
    """Nothing said, yes, no, and again."""
    assert (True, False, None) == (next_retryable(None), next_retryable(True), next_retryable(False))
