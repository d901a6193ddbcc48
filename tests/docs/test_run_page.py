"""docs/run.md cannot lie: its options are those of the command, and its numbers those of the code."""

from __future__ import annotations

import re

from support.source import find_source

from errclass.actions.run.kept_output import HEAD_BYTES, TAIL_BYTES
from errclass.actions.run.standard_input import REPLAYED_BYTES
from errclass.actions.run.values import DRAIN_SECONDS, KILL_GRACE
from errclass.cli.run_command import run_command
from errclass.cli.run_line import FLAGS, VALUES
from errclass.system.jobs.run_order import ATTEMPT, MARKER

PAGE = (find_source() / "docs" / "run.md").read_text(encoding="utf-8")


def test_every_option_is_described() -> None:
    """In the table, and by click, and for the way without it."""
    described = set(re.findall(r"^\| `(--[a-z-]+)", PAGE, re.MULTILINE))
    clicked = {parameter.opts[0] for parameter in run_command.params if parameter.opts[0].startswith("--")}
    assert described == clicked == {*FLAGS, *VALUES, "--context"}


def test_the_numbers_are_those_of_the_code() -> None:
    """Bytes, seconds, variables."""
    assert (1 << 20, 3 << 20, 1 << 20, 0.5, 5.0) == (
        HEAD_BYTES,
        TAIL_BYTES,
        REPLAYED_BYTES,
        DRAIN_SECONDS,
        KILL_GRACE,
    )
    assert all(f"`{name}`" in PAGE for name in (ATTEMPT, MARKER))
