"""docs/recovery.md cannot lie: its table is generated, its recipe is one, its words and defaults are those of the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from support.readme import list_blocks
from support.recovery_page import PAGE, fill_in_table

from errclass.actions.recover.parsing import parse_recipe
from errclass.actions.recover.placeholders import PATTERNS
from errclass.actions.reset.levels import KINDS
from errclass.system.settings import RecoverySettings

if TYPE_CHECKING:
    import pytest

TEXT = PAGE.read_text(encoding="utf-8")
ROOM = PAGE.parents[1] / "actions" / "recover"


def test_the_table_is_that_of_the_recipes() -> None:
    """After a change, ``just docs`` writes it anew."""
    assert fill_in_table(TEXT) == TEXT


def test_the_recipe_of_the_page_is_one() -> None:
    """It is read as any other."""
    (block,) = (block for block in list_blocks(TEXT) if block.language == "yaml")
    assert "clean_build" == parse_recipe("clients", yaml.safe_load(block.body), Path("clients.yaml")).purpose


def test_the_python_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder in which there is nothing to recover."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app").mkdir()
    session: dict[str, object] = {}
    for block in list_blocks(TEXT):
        if block.language == "python":
            exec(block.body, session)
    assert "app" in [path.name for path in tmp_path.iterdir()]


def test_every_setting_is_told_with_its_default() -> None:
    """In the table."""
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", TEXT.split("## Defaults")[1].split("##")[0], re.MULTILINE))
    assert set(RecoverySettings.model_fields) == set(rows)
    defaults = RecoverySettings()
    assert (f"`{defaults.autonomy}`", f"{defaults.timeout:g}") == (rows["autonomy"], rows["timeout"])


def test_every_reason_of_the_code_is_told() -> None:
    """Both of skipped and of failed recoveries."""
    told = set(re.findall(r"`([a-z_]+)`", TEXT.split("| outcome |")[1].split("##")[0]))
    code = "".join(
        (ROOM / name).read_text(encoding="utf-8") for name in ("strategies.py", "carrying_out.py", "planning.py")
    )
    used = set(re.findall(r'(?:"failed"|"skipped"|_skip\(|_fail\(|StepFailedError\(|reason=)\W*"([a-z_]+)"', code))
    assert set() == used - told - {"failed", "skipped"}


def test_every_placeholder_and_kind_is_told() -> None:
    """By its name."""
    assert set() == {name for name in PATTERNS if f"`{{{name}}}`" not in TEXT}
    assert set() == {kind for kind in KINDS if f"| `{kind}` |" not in TEXT}
