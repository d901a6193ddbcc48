"""The home and its trust."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from errclass.system.checks.home_check import check_home
from errclass.system.settings import Settings

ON_POSIX = pytest.mark.skipif(os.name != "posix", reason="modes mean something else there")


def test_a_home_that_is_not_there_yet_is_well_and_is_not_made(load: Callable[..., Settings], tmp_path: Path) -> None:
    """What needs it makes it."""
    check = check_home(load(home=str(tmp_path / "a" / "b")))
    assert ("ok", False) == (check.status, (tmp_path / "a").exists())


def test_a_home_of_ones_own_is_well(settings: Settings) -> None:
    """Empty as it is."""
    assert "ok" == check_home(settings).status


def test_a_file_in_its_place_is_a_problem(load: Callable[..., Settings], tmp_path: Path) -> None:
    """Nothing can be made in it."""
    (tmp_path / "file").write_text("")
    settings = Settings.model_construct(home=tmp_path / "file", store="")
    check = check_home(settings)
    assert ("problem", True) == (check.status, "ERRCLASS_HOME" in check.advice)


def test_a_damaged_trust_is_a_problem(settings: Settings) -> None:
    """It says what to do."""
    (settings.home / "trust.json").write_text("{")
    check = check_home(settings)
    assert "problem" == check.status
    assert "trust.json" in check.message
    assert "remove it" in check.advice


@ON_POSIX
@pytest.mark.parametrize(("mode", "status"), [(0o700, "ok"), (0o750, "warning"), (0o777, "warning")])
def test_a_home_that_others_may_use_is_a_warning(settings: Settings, mode: int, status: str) -> None:
    """With the mode to give it."""
    settings.home.chmod(mode)
    check = check_home(settings)
    assert (status, status == "warning") == (check.status, "chmod 0700" in check.advice)


@ON_POSIX
def test_a_trust_that_others_may_read_is_a_warning(settings: Settings) -> None:
    """Whoever may write it may run code as this user."""
    trust = settings.home / "trust.json"
    trust.write_text("{}")
    trust.chmod(0o666)
    settings.home.chmod(0o711)
    check = check_home(settings)
    assert "warning" == check.status
    assert f"chmod 0600 {trust}" in check.advice


@ON_POSIX
def test_in_a_home_that_nobody_else_enters_files_may_have_any_mode(settings: Settings) -> None:
    """As a config.toml that was written with an editor."""
    (settings.home / "config.toml").write_text("")
    (settings.home / "config.toml").chmod(0o644)
    assert "ok" == check_home(settings).status


@ON_POSIX
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only the superuser gives files away")
def test_a_home_of_somebody_else_is_a_warning(settings: Settings) -> None:
    """Of another user than the one who runs this."""
    os.chown(settings.home, 1234, -1)
    check = check_home(settings)
    assert "warning" == check.status
    assert "belongs to user 1234" in check.message
