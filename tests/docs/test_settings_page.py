"""docs/settings.md cannot lie: its tables are generated, its file is one, its Python and its commands run."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from support.readme import list_blocks
from support.settings_page import PAGE, fill_in_tables

from errclass.actions.recover import load_recipes
from errclass.rules import DEFAULT_FOLDER, ForwardChainer, load_policy
from errclass.system.settings import RetrySettings, load_settings
from errclass.system.settings.key_info import list_key_infos
from errclass.system.taxonomy_file import load_taxonomy

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, and nothing of the machine's."""
    for name in ("NODE_ENV", "ERRCLASS_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def test_the_tables_are_those_of_the_settings() -> None:
    """After a change, ``just docs`` writes them anew."""
    assert fill_in_tables(TEXT) == TEXT


def test_every_key_is_explained() -> None:
    """With a sentence, and what it takes."""
    assert [] == [info.key for info in list_key_infos() if not info.meaning.endswith((".", "...")) or not info.values]


def test_the_file_of_the_page_is_one(home: Path) -> None:
    """It is read as a user's own, and its recipes are there."""
    (block,) = (block for block in list_blocks(TEXT) if block.language == "toml")
    home.mkdir()
    (home / "config.toml").write_text(block.body, encoding="utf-8")
    settings = load_settings(cwd=home)
    assert set(tomllib.loads(block.body)["components"]) == set(settings.components)
    allowed = settings.for_call(component="buildSystem").recovery.allow
    assert allowed is not None
    assert set(allowed) <= {recipe.name for recipe in load_recipes()}


def test_the_python_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """It prints what the rules leave open, and what production allows."""
    for block in list_blocks(TEXT):
        if block.language == "python":
            exec(block.body, {})
    assert "None 5\n" == capsys.readouterr().out


def test_waits_that_are_named_are_those_of_the_rules() -> None:
    """What the docstrings say of the longest wait and of the growth."""
    engine = ForwardChainer(load_policy(DEFAULT_FOLDER, load_taxonomy().tables()))
    plan = engine.decide({"predicted_type": "network", "confidence": 0.95, "attempt": 1}).facts
    said = " ".join(info.meaning for info in list_key_infos() if info.key in ("retry.max_delay", "retry.factor"))
    assert RetrySettings() == RetrySettings(max_delay=None, factor=None)
    assert f"{plan['plan_max_delay']} by the rules" in said
    assert f"{plan['plan_multiplier']} by the rules" in said
