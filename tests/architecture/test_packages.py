"""The repository root is the package, and pyproject.toml says so in full."""

from __future__ import annotations

from pathlib import Path

from support.source import ROOMS, ROOT_FILES, list_package, list_tracked, read_project


def test_every_package_folder_is_listed(source: Path) -> None:
    """A folder with an __init__.py that pyproject.toml does not list would be missing from the wheel."""
    folders = [Path(name).parent for name in list_package(source) if Path(name).name == "__init__.py"]
    found = sorted(".".join(["errclass", *folder.parts]) for folder in folders)
    assert found == read_project(source)["tool"]["setuptools"]["packages"]


def test_every_module_lies_in_a_package_folder(source: Path) -> None:
    """A module in a folder without an __init__.py would be missing from the wheel."""
    modules = [Path(name) for name in list_package(source) if name.endswith(".py")]
    assert [] == [module for module in modules if not (source / module.parent / "__init__.py").exists()]


def test_the_root_holds_no_other_module(source: Path) -> None:
    """Any module at the root would land in the wheel."""
    modules = [name for name in list_tracked(source) if "/" not in name and name.endswith((".py", ".pyi"))]
    assert [name for name in ROOT_FILES if name.endswith(".py")] == modules


def test_the_rooms_are_those_that_the_tests_know(source: Path) -> None:
    """A new room has to be named here, or its files would be compared with nothing."""
    packages = {name.split(".")[1] for name in read_project(source)["tool"]["setuptools"]["packages"] if "." in name}
    assert set(ROOMS) == packages | {"data", "models"}
