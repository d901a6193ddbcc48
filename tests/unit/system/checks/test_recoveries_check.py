"""Recoveries that did not come to their end."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.actions.recover.component_locks import hold_components
from errclass.actions.recover.journal import Journal
from errclass.system.checks.recoveries_check import check_recoveries
from errclass.system.recovering import FOLDER
from errclass.system.settings import Settings

ON_LINUX = pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux tells who lives")


def begin(settings: Settings, name: str, work: Path) -> Journal:
    return Journal.open_new(settings.home / FOLDER, name, name="npm_ci", work=work, locks=[str(work)])


def test_where_nothing_was_recovered_all_is_well(settings: Settings) -> None:
    """Nothing is made."""
    check = check_recoveries(settings)
    assert ("ok", False) == (check.status, (settings.home / FOLDER).exists())


@pytest.mark.parametrize("end", ["committed", "rolled_back"])
def test_recoveries_that_ended_are_well(settings: Settings, tmp_path: Path, end: str) -> None:
    """Their backups are kept for a while."""
    begin(settings, "r1", tmp_path).note_end(end)
    check = check_recoveries(settings)
    assert ("ok", 1) == (check.status, check.details["kept"])


def test_an_interrupted_recovery_is_a_warning_and_is_left_as_it_is(settings: Settings, tmp_path: Path) -> None:
    """The next recovery puts it back."""
    journal = begin(settings, "r1", tmp_path)
    before = (journal.folder / "journal.jsonl").read_bytes()
    check = check_recoveries(settings)
    assert ("warning", ["r1"]) == (check.status, check.details["interrupted"])
    assert before == (journal.folder / "journal.jsonl").read_bytes()


@ON_LINUX
def test_a_recovery_at_work_is_not_taken_for_an_interrupted_one(settings: Settings, tmp_path: Path) -> None:
    """Its process holds the lock."""
    begin(settings, "r1", tmp_path)
    with hold_components(settings.home / FOLDER / "locks", [str(tmp_path)]):
        check = check_recoveries(settings)
    assert ("ok", 1, []) == (check.status, check.details["at_work"], check.details["interrupted"])


def test_one_that_could_not_be_put_back_is_a_warning(settings: Settings, tmp_path: Path) -> None:
    """It says where the backups are."""
    journal = begin(settings, "r1", tmp_path)
    journal.note_end("roll_back_failed")
    check = check_recoveries(settings)
    assert "warning" == check.status
    assert str(journal.folder / "saved") in check.advice


def test_a_journal_that_cannot_be_read_is_a_warning(settings: Settings, tmp_path: Path) -> None:
    """And hides no other."""
    begin(settings, "r1", tmp_path).note_end("committed")
    (settings.home / FOLDER / "r2").mkdir()
    (settings.home / FOLDER / "r2" / "journal.jsonl").write_text('{"id": 1}\n')
    check = check_recoveries(settings)
    assert ("warning", 1) == (check.status, check.details["kept"])
    assert "r2" in check.message
