"""The end of the service's threads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from errclass.serve.thread_pools import ThreadPools, leave_looks

PROGRAM = """
import threading
from errclass.serve.thread_pools import ThreadPools, leave_looks
pools, begun = ThreadPools.of_size(2), threading.Event()
pools.looks.submit(lambda: (begun.set(), threading.Event().wait()))
begun.wait()
pools.stop()
leave_looks(0.0)
raise SystemExit("this is not reached")
"""


def test_a_look_that_does_not_end_holds_up_no_end() -> None:
    """The process is over, and nothing went wrong."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("busy", [True, False])
def test_looks_that_end_are_waited_for(busy: bool) -> None:
    """And so is nothing."""
    pools = ThreadPools.of_size(2)
    done = [pools.looks.submit(str, number) for number in range(2)] if busy else []
    pools.stop()
    leave_looks(60.0)
    assert all(one.done() for one in done)
