"""A question at a terminal, between two calls of a run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from support.terminal_program import at_terminal

ASKING = """
import select
from errclass.actions.run.posix_host import PosixHost
host = PosixHost(replay=False)
print("can ask:", host.can_ask())
print("ready")
select.select([0], [], [])
print("answer", repr(host.ask(lambda: print("question"), {seconds})), host.ended_by)
"""


def ask(seconds: float | None = None) -> list[str]:
    return [sys.executable, "-u", "-c", ASKING.format(seconds=seconds)]


def test_what_was_typed_before_the_question_is_no_answer(tmp_path: Path) -> None:
    """Somebody may have meant the command with it."""
    with at_terminal(ask(), tmp_path) as program:
        program.read_until("can ask: True")
        program.read_until("ready")
        program.press("y\r")
        program.read_until("question")
        program.press("no\r")
        program.read_until("answer 'no\\n' None")


def test_no_answer_in_time_is_none(tmp_path: Path) -> None:
    """The deadline holds here as well."""
    with at_terminal(ask(0.0), tmp_path) as program:
        program.read_until("ready")
        program.press("y\r")
        program.read_until("answer '' None")


@pytest.mark.parametrize(("keys", "number"), [("\x03", 2), ("\x1c", 3)], ids=["Ctrl-C", "Ctrl-\\"])
def test_keys_that_end_a_run_are_no_answer(keys: str, number: int, tmp_path: Path) -> None:
    """And it is known who ended it."""
    with at_terminal(ask(), tmp_path) as program:
        program.read_until("ready")
        program.press("\r")
        program.read_until("question")
        program.press(keys)
        program.read_until(f"answer '' {number}")


@pytest.mark.parametrize("elsewhere", ["< /dev/null", "2> /dev/null", "| cat"])
def test_nobody_is_asked_elsewhere(elsewhere: str, tmp_path: Path) -> None:
    """Where a person does not see the question, or others want the keys."""
    (tmp_path / "look.py").write_text(
        "from errclass.actions.run.stage import is_attended\nprint('asks', is_attended())\n"
    )
    with at_terminal(["sh", "-c", f"{sys.executable} look.py {elsewhere}"], tmp_path) as program:
        program.read_until("asks False")
