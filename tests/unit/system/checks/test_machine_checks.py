"""Space, file systems, versions, extras, programs and switches."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.source import find_source

from errclass.system.checks import file_system_check, space_check, versions_check
from errclass.system.checks.extras_check import PURPOSES, check_extras
from errclass.system.checks.file_system_check import check_file_system
from errclass.system.checks.programs_check import check_programs
from errclass.system.checks.space_check import check_space
from errclass.system.checks.switches_check import check_switches
from errclass.system.checks.versions_check import check_versions
from errclass.system.settings import Settings


@pytest.mark.parametrize(("free", "status"), [(10**10, "ok"), (5 * 10**8, "warning"), (10**7, "problem")])
def test_little_space_is_told_before_it_is_none(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, status: str
) -> None:
    """By how little it is."""
    monkeypatch.setattr(space_check.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    monkeypatch.setattr(space_check, "_count_inodes", lambda _: None)
    check = check_space(settings)
    assert (status, status != "ok") == (check.status, bool(check.advice))


def test_few_inodes_are_a_problem(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk still has room."""
    monkeypatch.setattr(space_check.shutil, "disk_usage", lambda _: SimpleNamespace(free=10**12))
    monkeypatch.setattr(space_check, "_count_inodes", lambda _: 3)
    assert "problem" == check_space(settings).status


def test_the_space_of_a_home_that_is_not_there_is_that_above_it(load: Callable[..., Settings], tmp_path: Path) -> None:
    """It is not made."""
    check = check_space(load(home=str(tmp_path / "a" / "b")))
    assert shutil.disk_usage(tmp_path).total > check.details["free_bytes"]["home"] > 0
    assert not (tmp_path / "a").exists()


def test_a_network_file_system_is_a_warning(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Home and store, each by itself."""
    monkeypatch.setattr(file_system_check, "find_network_file_system", lambda place: "nfs4")
    check = check_file_system(settings)
    assert "warning" == check.status
    assert ("the home is on nfs4" in check.message, "PostgreSQL" in check.advice) == (True, True)


def test_a_local_file_system_is_well(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """As most are."""
    monkeypatch.setattr(file_system_check, "find_network_file_system", lambda place: None)
    assert "ok" == check_file_system(settings).status


def test_a_store_in_a_server_lies_on_no_file_system_of_ours(load: Callable[..., Settings]) -> None:
    """Only the home is looked at."""
    assert "store" not in check_file_system(load(store="postgres://h/d")).message


def test_versions_are_told() -> None:
    """Of all that is needed."""
    check = check_versions()
    assert "ok" == check.status
    assert {"errclass", "python", "sqlite3", "duckdb", "scikit-learn"} <= set(check.details["versions"])


def test_a_missing_library_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """With how to install it."""
    monkeypatch.setattr(versions_check, "list_requirements", lambda: [("no-such-thing", None), ("other", "extra")])
    check = check_versions()
    assert ("problem", "pip install no-such-thing") == (check.status, check.advice)


def test_extras_are_never_a_fault() -> None:
    """Each is told as installed or not."""
    check = check_extras()
    assert "ok" == check.status
    assert set(check.details) <= set(PURPOSES)


def test_every_extra_for_users_has_a_purpose() -> None:
    """Those for developers, and the one that holds all, need none."""
    project = tomllib.loads((find_source() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    known = set(project["optional-dependencies"]) - {"all", "dev", "docs", "test"}
    assert known <= set(PURPOSES)


def test_programs_of_recipes_are_told_found_or_not(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of them is needed."""
    monkeypatch.setenv("PATH", os.devnull)
    check = check_programs(settings)
    assert ("ok", {None}) == (check.status, set(check.details.values()))
    assert {"npm", "git", "pip"} <= set(check.details)
    assert all(re.fullmatch(r"[\w.-]+", name) for name in check.details)


def test_a_broken_recipe_of_ones_own_is_a_problem(load: Callable[..., Settings], tmp_path: Path) -> None:
    """The file is named."""
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "odd.yaml").write_text("title: [\n")
    check = check_programs(load(recovery__recipes=[str(tmp_path / "recipes")]))
    assert "problem" == check.status
    assert "odd.yaml" in check.message


def test_the_usual_switches_are_well(settings: Settings) -> None:
    """Autonomy is told."""
    check = check_switches(settings)
    assert ("ok", True, []) == (check.status, check.details["acting"], check.details["off"])


def test_the_kill_switch_is_a_warning(load: Callable[..., Settings]) -> None:
    """Whoever pulled it may have forgotten."""
    check = check_switches(load(decision__kill_switch=True))
    assert ("warning", False) == (check.status, check.details["acting"])
    assert "ERRCLASS_ACT=on" in check.advice


def test_a_component_that_is_switched_off_is_told(load: Callable[..., Settings]) -> None:
    """That is no fault."""
    check = check_switches(load(enable__notifications=False))
    assert ("ok", ["notifications"]) == (check.status, check.details["off"])
