"""docs/doctor.md cannot lie: its table is that of the checks."""

from __future__ import annotations

from support.doctor_page import PAGE, fill_in_table

from errclass.system.checks import catalogue

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_table_is_that_of_the_checks() -> None:
    """After a change, ``just docs`` writes it anew."""
    assert fill_in_table(TEXT) == TEXT


def test_every_check_is_in_the_catalogue() -> None:
    """A file that was forgotten there would never be run."""
    folder = PAGE.parents[1] / "system" / "checks"
    files = {path.stem.removesuffix("_check") for path in folder.glob("*_check.py")}
    assert files == {kind.name for kind in catalogue.CATALOGUE}
