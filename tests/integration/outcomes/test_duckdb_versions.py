from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

OTHER = os.environ.get("ERRCLASS_OTHER_PYTHON")
"""A Python with errclass and another version of DuckDB; CI has one."""
SCRIPT = """
import sys
import duckdb
from errclass.core.types import Outcome
from errclass.outcomes import Store
with Store(sys.argv[1]) as store:
    store.record_many(Outcome(f"{sys.argv[2]}-{number}", "boom") for number in range(100))
    store.merge(wait=10)
    if sys.argv[2] == "second":
        store.vacuum()
    print(duckdb.__version__, len(list(store.outcomes())))
"""


@pytest.mark.skipif(OTHER is None, reason="ERRCLASS_OTHER_PYTHON names no Python with another DuckDB")
def test_versions_of_duckdb_take_turns_on_one_store(tmp_path: Path) -> None:
    """Each reads what the others wrote, and writes on, a vacuum in between."""
    pythons = {"first": sys.executable, "second": str(OTHER), "third": sys.executable, "fourth": str(OTHER)}
    told = [
        subprocess.run(
            [python, "-c", SCRIPT, str(tmp_path / "store"), name], capture_output=True, text=True, check=True, cwd="/"
        ).stdout.split()
        for name, python in pythons.items()
    ]
    assert ["100", "200", "300", "400"] == [count for _, count in told]
    assert 2 == len({version for version, _ in told}), told
