"""Both engines, and a brute-force reference, derive the same from the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from errclass.rules.selection import FACT_LIMIT, RULE_LIMIT

PROGRAM = Path(__file__).parent / "engine_comparison.py"
WIDE_PROGRAM = Path(__file__).parent / "wide_comparison.py"
POLICIES = 130
"""Of ten fact sets each; two kinds of facts make 2,600 cases."""


@pytest.mark.parametrize("kind", ["usual", "hostile"])
def test_engines_are_equal_on_random_policies(kind: str) -> None:
    """Same rules, same order, same facts, whatever the order of the input; at least a third of the cases are hard."""
    finished = subprocess.run(
        [sys.executable, str(PROGRAM), str(POLICIES), kind], capture_output=True, text=True, timeout=300, check=False
    )
    assert 0 == finished.returncode, finished.stderr[-4000:]
    counts = json.loads(finished.stdout)
    assert counts["cases"] >= 10 * POLICIES
    assert counts["hard"] * 3 >= counts["cases"], counts
    assert min(counts["chained"], counts["collided"], counts["vetoed"]) > 0, counts


def test_durable_took_part_where_it_can() -> None:
    """The comparison means little without durable-rules, so its absence is a named skip."""
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed or not for this Python")
    finished = subprocess.run([sys.executable, str(PROGRAM), "1", "usual"], capture_output=True, text=True, check=True)
    assert json.loads(finished.stdout)["durable"] is True


def test_engines_are_equal_on_the_widest_policies() -> None:
    """As many rules, reading as many facts, as durable-rules is trusted with."""
    pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed or not for this Python")
    finished = subprocess.run(
        [sys.executable, str(WIDE_PROGRAM), "10"], capture_output=True, text=True, timeout=300, check=False
    )
    assert 0 == finished.returncode, finished.stderr[-4000:]
    counts = json.loads(finished.stdout)
    assert counts["rules"] == RULE_LIMIT
    assert FACT_LIMIT * 0.9 < counts["reads"] <= FACT_LIMIT
    assert counts["most"] > 100  # firings of one decision
