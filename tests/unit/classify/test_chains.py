"""Of a chain of exceptions the one that explains the others comes first."""

from __future__ import annotations

import pytest

from errclass.classify.reading import read_lines
from errclass.classify.region import find_region
from errclass.core.types import Failure

JAVA = """\
org.acme.StartupException: the server could not start
\tat org.acme.Server.main(Server.java:12)
Caused by: org.acme.PoolException: the pool is broken
\tat org.acme.Pool.open(Pool.java:41)
Caused by: java.net.ConnectException: Connection refused
\t... 12 more"""
PYTHON = """\
Traceback (most recent call last):
  File "app.py", line 3, in load
    return cache[name]
KeyError: 'region'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "app.py", line 9, in <module>
    main()
RuntimeError: the settings cannot be read"""


@pytest.mark.parametrize(
    ("log", "line"),
    [
        (JAVA, 5),
        (PYTHON, 4),
        (PYTHON.replace("During handling of the above exception, another exception occurred:",
                        "The above exception was the direct cause of the following exception:"), 4),
    ],
    ids=["java", "python", "python, raised from"],
)  # fmt: skip
def test_the_innermost_cause_ranks_first(log: str, line: int) -> None:
    """Java names it last, Python first."""
    assert line == find_region(read_lines(Failure(text=log))).region.cause_lines[0]


def test_an_exception_alone_is_not_raised() -> None:
    """Without a chain nothing changes."""
    lines = read_lines(Failure(text="ValueError: x\nKeyError: 'y'"))
    assert [8, 8] == [line.score for line in lines]
