"""Consequences are told from causes."""

from __future__ import annotations

import pytest

from errclass.classify.reading import read_lines
from errclass.classify.region import find_region
from errclass.classify.victims import is_victim
from errclass.core.types import Failure

VICTIMS = [
    'Stage "Deploy" skipped due to earlier failure(s)',
    "Dependency failed for Remote File Systems.",
    "make[1]: *** [Makefile:12: all] Error 2",
    "The following packages failed to build",
    "job lint was cancelled because of an earlier failure",
    "ninja: build stopped: subcommand failed.",
    "Execution failed for task ':app:compileJava'.",
    "test-b not run since its dependency failed",
]
CAUSES = [
    "The job was not started because recent account payments have failed",
    "make: *** No rule to make target 'proto', needed by 'all'.  Stop.",
    "make: gcc: No such file or directory",
    "connection closed because the server is shutting down",
    "upload failed because the disk is full",
    "some files could not be read",
]


@pytest.mark.parametrize("line", VICTIMS)
def test_a_consequence_is_a_victim(line: str) -> None:
    """It failed, or never ran, because of something said elsewhere."""
    assert is_victim(line)


@pytest.mark.parametrize("line", CAUSES)
def test_a_cause_is_none(line: str) -> None:
    """A reason of its own makes a line more than a consequence."""
    assert not is_victim(line)


@pytest.mark.parametrize("line", VICTIMS)
def test_a_victim_ranks_behind_its_cause(line: str) -> None:
    """Though it stands later."""
    healthy = ["Compiling the next unit"] * 30
    log = ["fatal error: cart.h: No such file or directory", *healthy, line]
    assert 1 == find_region(read_lines(Failure(text="\n".join(log)))).region.cause_lines[0]
