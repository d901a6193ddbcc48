"""A public name is one thing, whatever was imported before."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from support.running import run_program

import errclass

PROGRAM = Path(__file__).parent / "list_public_names.py"


@pytest.fixture(scope="module")
def report() -> dict[str, object]:
    """Return what a fresh process says of all public names."""
    found: dict[str, object] = json.loads(run_program([sys.executable, str(PROGRAM)], cwd=Path("/")))
    return found


def test_all_modules_were_looked_at(report: dict[str, object], source: Path) -> None:
    """The walk reaches every room."""
    assert int(str(report["modules"])) > 50
    assert int(str(report["names"])) > len(errclass.__all__)


@pytest.mark.parametrize("fault", ["changed", "are modules", "named as a sibling", "named as a room"])
def test_public_names_stay_what_they_are(report: dict[str, object], fault: str) -> None:
    """Importing a module never puts it in the place of a function."""
    assert [] == report[fault]


def test_a_wrong_name_is_an_attribute_error() -> None:
    """The lazy root answers as any module does."""
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        _ = errclass.no_such_name  # type: ignore[attr-defined]


def test_public_names_are_listed() -> None:
    """``dir`` shows what can be imported, before it was."""
    assert set() == set(errclass.__all__) - set(dir(errclass))
