"""The wheel holds the package, all of it and nothing else."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest
from support.running import run_program
from support.source import list_package


def list_wheel(wheel: Path) -> list[str]:
    """Return the names of the files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return sorted(archive.namelist())


def test_the_wheel_holds_the_tracked_files_of_the_rooms(source: Path, wheel: Path) -> None:
    """Data files that pyproject.toml forgets and files that slip in both show here."""
    content = [name.removeprefix("errclass/") for name in list_wheel(wheel) if name.startswith("errclass/")]
    assert list_package(source) == content


def test_nothing_but_errclass_lands_in_site_packages(wheel: Path) -> None:
    """Neither the rooms nor the tests become top-level packages."""
    top = {name.split("/")[0] for name in list_wheel(wheel)}
    assert {"errclass"} == {name for name in top if not name.endswith(".dist-info")}


def test_the_wheel_holds_no_pickle(wheel: Path) -> None:
    """The shipped model is loaded from plain arrays and JSON."""
    assert [] == [name for name in list_wheel(wheel) if name.endswith((".joblib", ".pkl", ".pickle"))]


def test_the_licence_is_inside(wheel: Path) -> None:
    """The licence travels with every copy."""
    assert 1 == sum(name.endswith(".dist-info/licenses/LICENSE") for name in list_wheel(wheel))


@pytest.mark.parametrize("room", ["classify", "cli", "core", "outcomes", "rules", "system"])
def test_a_room_is_no_package_of_its_own(installed: Path, room: str) -> None:
    """Only ``errclass.<room>`` can be imported; the bare name cannot."""
    program = (
        "import importlib, importlib.util, sys; sys.path.insert(0, sys.argv[1]); "
        "print(importlib.util.find_spec(sys.argv[2]) is None, importlib.import_module('errclass.' + sys.argv[2]).__file__)"
    )
    command = [sys.executable, "-I", "-c", program, str(installed), room]
    answer = run_program(command, cwd=installed.parent).split()
    assert ["True", str(installed / "errclass" / room / "__init__.py")] == answer
