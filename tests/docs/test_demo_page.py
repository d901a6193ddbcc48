"""docs/demo.md names what is planted, with its figures."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.documents import find_fault, list_errclass_commands
from support.source import find_source

from errclass.system.jobs.demo.ledger import Ledger
from errclass.system.jobs.demo.spells import plan_spells
from errclass.system.jobs.demo.truths import list_truths
from errclass.system.jobs.demo.world import load_world

PAGE: Path = find_source() / "docs" / "demo.md"
UNTIL = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
SPELLS = plan_spells(UNTIL - timedelta(days=90), UNTIL)
TRUTHS = {truth["name"]: truth for truth in list_truths(load_world(), SPELLS, Ledger())}
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_truth_is_named() -> None:
    """In the order in which they are printed."""
    assert [*TRUTHS] == [*ROWS]


def test_the_figures_are_those_that_are_planted() -> None:
    """Chances in percent, recipes by their names."""

    def percents(name: str) -> list[float]:
        return [int(number) / 100 for number in re.findall(r"(\d+) %", ROWS[name])]

    assert percents("flaky_test") == [TRUTHS["flaky_test"]["expected"][key] for key in ("share", "rerun_passes")]
    for name in ("recovery_that_works", "recovery_that_does_not"):
        assert percents(name) == [TRUTHS[name]["expected"][key] for key in ("recovery_passes", "rerun_passes")]
        assert f"`{TRUTHS[name]['recovery']}`" in ROWS[name]
    assert percents("labels") == [TRUTHS["labels"]["expected"]["share"]]
    assert round(TRUTHS["season"]["expected"]["work_share"], 1) == 0.7
    outage = next(spell for spell in SPELLS if spell.name == "outage")
    assert (5, timedelta(hours=4)) == (len(outage.operations), outage.until and outage.until - outage.since)
    repositories = {one.repository for one in load_world().pipelines if one.operation in outage.operations}
    assert len(repositories) == 4
    incident = next(spell for spell in SPELLS if spell.name == "open_incident")
    assert UNTIL - incident.since == timedelta(hours=9)


def test_the_commands_are_ones() -> None:
    """With their options."""
    assert [] == [fault for words in list_errclass_commands(PAGE) if (fault := find_fault(words))]
