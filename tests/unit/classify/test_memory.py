"""A model remembers what it learned, and nobody can read it there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from errclass.classify.memory import MEMORY, Memory, name_text, read_memory, remember
from errclass.core.errors import ModelError
from errclass.core.types import Prediction, TypeProbability

FINGERPRINT = "f" * 16
ANSWER = Prediction((TypeProbability("network", 0.75), TypeProbability("test", 0.25)), "low_margin")


def test_a_text_is_known_by_its_cause_or_its_wording() -> None:
    """Neither another number in it nor another wording of the same cause makes it new."""
    memory = remember([name_text("connection to 10.0.0.1 refused", FINGERPRINT)])
    assert memory.knows(name_text("connection to 10.0.0.2  Refused", None))
    assert memory.knows(name_text("quite another text", FINGERPRINT))
    assert not memory.knows(name_text("quite another text", "e" * 16))
    assert not memory.knows(name_text("quite another text", None))


def test_nothing_was_learned_at_first() -> None:
    """An empty memory knows no text."""
    assert not Memory().knows(name_text("", None))


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    """Answers with their order and their doubt."""
    keys = name_text("boom", FINGERPRINT)
    memory = remember([keys], [(keys, ANSWER)])
    (tmp_path / MEMORY).write_text(json.dumps(memory.to_dict()))
    assert memory == read_memory(tmp_path)
    assert ANSWER == read_memory(tmp_path).foretold[keys.cause]


def test_no_text_can_be_read_off_it() -> None:
    """Neither words nor fingerprints."""
    written = json.dumps(remember([name_text("the password is hunter2", FINGERPRINT)]).to_dict())
    assert "hunter2" not in written
    assert FINGERPRINT not in written


def test_a_model_without_one_learned_nothing_of_its_users(tmp_path: Path) -> None:
    """As the shipped one."""
    assert Memory() == read_memory(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"learned": 3, "foretold": {}}',
        '{"learned": [], "foretold": []}',
        '{"learned": [], "foretold": {"a": {"abstained": null, "types": {}}}}',
        '{"learned": [], "foretold": {"a": {"abstained": null, "types": {"network": "much"}}}}',
    ],
)
def test_a_damaged_memory_is_a_model_error(content: str, tmp_path: Path) -> None:
    """It is never taken for an empty one: the model would be judged on what it learned."""
    (tmp_path / MEMORY).write_text(content)
    with pytest.raises(ModelError, match=r"memory\.json"):
        read_memory(tmp_path)
