from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from errclass.core.errors import StoreError
from errclass.core.types import Outcome
from errclass.outcomes import Store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root writes everywhere")
def test_read_only_folder_is_a_clear_error(tmp_path: Path) -> None:
    """The message says what to do."""
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="make the folder writable"):
        Store(tmp_path / "store").record(Outcome("a", "boom"))


def test_folder_that_cannot_be_created_is_a_clear_error() -> None:
    """Nobody creates folders below /proc, root neither."""
    with pytest.raises(StoreError, match=r"/proc/store.*ERRCLASS_STORE"):
        Store("/proc/store").record(Outcome("a", "boom"))


def test_import_loads_nothing_heavy() -> None:
    """DuckDB, pandas and NumPy come at use."""
    code = "import errclass.outcomes, sys; print(sorted({'duckdb', 'pandas', 'numpy', 'sklearn'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    assert "[]\n" == done.stdout
