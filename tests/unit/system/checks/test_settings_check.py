"""The settings, as far as they can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from errclass.system.checks.settings_check import check_settings
from errclass.system.checks.stand_in_settings import read_settings_or_stand_in
from errclass.system.settings import Settings, load_settings


@pytest.fixture
def in_tree(tree: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working tree, as the current folder."""
    monkeypatch.chdir(tree)
    return tree


def test_the_usual_settings_are_well(settings: Settings) -> None:
    """It says what is set otherwise."""
    check = check_settings(settings)
    assert "ok" == check.status


def test_what_a_working_tree_asked_for_in_vain_is_a_warning(in_tree: Path) -> None:
    """With how to let it through."""
    (in_tree / "errclass.toml").write_text('store = "elsewhere"\n')
    check = check_settings(load_settings())
    assert "warning" == check.status
    assert "store" in check.message
    assert "errclass config trust" in check.advice


def test_what_is_probably_not_meant_is_a_warning(load: Callable[..., Settings]) -> None:
    """Such as an environment that no rule knows."""
    check = check_settings(load(environment="prodution"))
    assert "warning" == check.status
    assert "production" in check.message


def test_what_a_working_tree_may_tighten_is_well(in_tree: Path) -> None:
    """It is only told."""
    (in_tree / "errclass.toml").write_text("[decision]\nmax_attempts = 2\n")
    check = check_settings(load_settings())
    assert ("ok", True) == (check.status, "decision.max_attempts" in check.details["changed"])


@pytest.mark.parametrize(
    ("text", "words"),
    [("store = [", "TOML"), ("stroe = 'x'", "did you mean store"), ("[decision]\nmax_attempts = 'x'", "max_attempts")],
)
def test_a_file_that_cannot_be_read_is_a_problem_and_the_rest_goes_on(
    in_tree: Path, own_home: Path, text: str, words: str
) -> None:
    """With the usual settings, the home and the store of the environment."""
    (own_home / "config.toml").write_text(text)
    settings, faults = read_settings_or_stand_in()
    check = check_settings(settings, faults)
    assert ("problem", own_home, str(own_home / "store")) == (check.status, settings.home, settings.store)
    assert words in check.message + check.advice
    assert "the other checks look at the usual places" in check.message


def test_a_wrong_variable_is_a_problem(in_tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is told, and its store is looked at all the same."""
    monkeypatch.setenv("ERRCLASS_DECISION__MAX_ATTEMPTS", "many")
    monkeypatch.setenv("ERRCLASS_STORE", "/srv/store")
    settings, faults = read_settings_or_stand_in()
    assert "ERRCLASS_DECISION__MAX_ATTEMPTS" in check_settings(settings, faults).message
    assert "/srv/store" == settings.store


def test_whole_settings_need_no_stand_in(in_tree: Path) -> None:
    """They are those that everything else works with."""
    settings, faults = read_settings_or_stand_in()
    assert (load_settings(), ()) == (settings, faults)
