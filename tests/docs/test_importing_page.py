"""docs/importing.md cannot lie: its importer runs, and its table and its limits are those of the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from support.command_line import start_errclass
from support.readme import list_blocks
from support.source import find_source

from errclass.outcomes.reading.archives import budget
from errclass.outcomes.reading.job_logs import TRACE_SUFFIXES
from errclass.outcomes.reading.registry import GROUP, list_importers

PAGE = (find_source() / "docs" / "importing.md").read_text(encoding="utf-8")
BLOCKS = {block.language: block.body for block in list_blocks(PAGE)}
REPORT = "KETTLE 1.0\nFAILED tea: link down\nPASSED docs: fine\nFAILED cake: out of disk\n"


def test_the_importer_works_as_it_stands(tmp_path: Path) -> None:
    """Laid out as pip would, with the entry point that the page shows."""
    ((name, module),) = tomllib.loads(BLOCKS["toml"])["project"]["entry-points"][GROUP].items()
    site = tmp_path / "site"
    info = site / f"{module}-1.0.dist-info"
    info.mkdir(parents=True)
    (site / f"{module}.py").write_text(BLOCKS["python"], encoding="utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {module}\n")
    (tmp_path / "a.kettle").write_text(REPORT)
    environ = {"PYTHONPATH": str(site), "ERRCLASS_HOME": str(tmp_path / "home")}
    done = start_errclass("outcomes", "import", "a.kettle", "--format", "json", cwd=tmp_path, environ=environ)
    assert (0, "") == (done.code, done.err)
    assert (2, ["2 skipped: no failure (line 1, line 3)"]) == (done.json[0]["rows"], done.json[0]["skipped"])


def test_the_importer_is_short() -> None:
    """As long as a page can bear."""
    assert len(BLOCKS["python"].splitlines()) <= 25


def test_the_table_names_all_importers() -> None:
    """And no other."""
    assert set(list_importers()) == set(re.findall(r"^\| `([\w-]+)` \|", PAGE, re.MULTILINE))


def test_the_limits_are_those_of_the_code() -> None:
    """Numbers on pages rot."""
    assert (1024**3, 200, 1024**2, 100_000) == (
        budget.MAX_BYTES,
        budget.MAX_RATIO,
        budget.EXEMPT_BYTES,
        budget.MAX_MEMBERS,
    )
    for shown in ("more than 1 GB unpacked", "200 times its size", "less than 1 MB", "100,000 members"):
        assert shown in PAGE
    assert TRACE_SUFFIXES == {".log", ".txt", ".out", ".err", ".trace", ""}


def test_every_block_is_tested() -> None:
    """One importer, one entry point."""
    assert ["python", "toml"] == [block.language for block in list_blocks(PAGE)]
