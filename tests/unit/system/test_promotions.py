"""Which model is in use, and which were before it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from errclass.core.errors import ModelError
from errclass.system.promotions import KEPT, Promotion, Promotions, promote_now

FIRST, SECOND = Promotion("default/1", why="the first model"), Promotion("default/2", by="ann", forced=True)


@pytest.fixture
def promotions(tmp_path: Path) -> Promotions:
    """The promotions of a home that does not exist yet."""
    return Promotions(tmp_path / "home" / "models")


def test_nothing_was_promoted_at_first(promotions: Promotions) -> None:
    """And asking creates nothing."""
    assert ((), False, None) == (promotions.read(), promotions.exist(), promotions.stamp())
    assert not promotions.path.parent.exists()


def test_promotions_are_stacked(promotions: Promotions) -> None:
    """The last one is in use; taking it back brings back the one before."""
    promotions.push(FIRST)
    promotions.push(SECOND)
    assert (FIRST, SECOND) == promotions.read()
    promotions.pop(SECOND)
    assert (FIRST,) == promotions.read()
    promotions.pop(FIRST)
    assert ((), True) == (promotions.read(), promotions.exist())


def test_the_model_in_use_is_not_stacked_twice(promotions: Promotions) -> None:
    """Going back would lead nowhere."""
    promotions.push(FIRST)
    promotions.push(Promotion(FIRST.model, why="once more"))
    assert (FIRST,) == promotions.read()


def test_only_the_one_that_was_seen_is_taken_back(promotions: Promotions) -> None:
    """Another process may have promoted meanwhile."""
    promotions.push(FIRST)
    promotions.push(SECOND)
    with pytest.raises(ModelError, match="another process"):
        promotions.pop(FIRST)
    assert (FIRST, SECOND) == promotions.read()


def test_a_file_of_an_earlier_version_is_read(promotions: Promotions) -> None:
    """It knows the model in use and nothing more, and grows a history from there."""
    promotions.path.parent.mkdir(parents=True)
    promotions.path.write_text('{"model": "default/1"}')
    assert (Promotion("default/1"),) == promotions.read()
    promotions.push(SECOND)
    assert ["default/1", "default/2"] == [promotion.model for promotion in promotions.read()]


def test_an_earlier_version_reads_the_file(promotions: Promotions) -> None:
    """It looks at ``model`` alone."""
    promotions.push(FIRST)
    promotions.push(SECOND)
    assert "default/2" == json.loads(promotions.path.read_text())["model"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '"x"',
        "null",
        '{"model": 3}',
        '{"model": null}',
        '{"history": []}',
        '{"model": "default/1", "history": 3}',
        '{"model": "default/1", "history": [3]}',
        '{"model": "default/1", "history": [{}]}',
        '{"model": "default/1", "history": []}',
        '{"model": "default/1", "history": [{"model": "default/2", "time": "", "by": "", "why": "", "forced": false}]}',
    ],
)
def test_a_damaged_file_is_told_and_mended_by_a_promotion(content: str, promotions: Promotions) -> None:
    """It is never taken for none."""
    promotions.path.parent.mkdir(parents=True)
    promotions.path.write_text(content)
    with pytest.raises(ModelError, match="errclass models promote"):
        promotions.read()
    promotions.push(SECOND)
    assert (SECOND,) == promotions.read()


def test_history_ends_somewhere(promotions: Promotions) -> None:
    """The oldest are forgotten."""
    for number in range(KEPT + 5):
        promotions.push(Promotion(f"default/{number}"))
    known = promotions.read()
    assert (KEPT, f"default/{KEPT + 4}") == (len(known), known[-1].model)


def test_who_and_when_are_known() -> None:
    """The time with its zone."""
    promotion = promote_now("default/1", why="better")
    assert ("default/1", "better", False, True) == (
        promotion.model,
        promotion.why,
        promotion.forced,
        promotion.time.endswith("+00:00"),
    )


PROGRAM = """
import sys
from pathlib import Path
from errclass.system.promotions import Promotion, Promotions
for number in range(20):
    Promotions(Path(sys.argv[1])).push(Promotion(f"{sys.argv[2]}/{number}"))
"""


def test_processes_that_promote_at_once_lose_nothing(promotions: Promotions) -> None:
    """One after the other reads, changes and writes."""
    command = [sys.executable, "-c", PROGRAM, str(promotions.path.parent)]
    workers = [subprocess.Popen([*command, name]) for name in ("a", "b")]
    assert [0, 0] == [worker.wait() for worker in workers]
    assert 40 == len(promotions.read())
    assert [promotions.path] == list(promotions.path.parent.iterdir())
