"""docs/alerts.md cannot lie: its example is run, its rules and defaults are those of the code."""

from __future__ import annotations

import doctest
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from support.readme import list_blocks
from support.source import find_source

from errclass.reports.alerts import KINDS
from errclass.reports.wording import write_span
from errclass.system.settings import AlertRuleSettings, AlertSettings

if TYPE_CHECKING:
    import pytest

DOCS = find_source() / "docs"
PAGE = (DOCS / "alerts.md").read_text(encoding="utf-8")


def test_the_example_answers_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a session."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    body = "".join(block.body for block in list_blocks(PAGE) if block.language == "pycon")
    example = doctest.DocTestParser().get_doctest(body, {"__name__": "__main__"}, "page", "page", 0)
    printed: list[str] = []
    found = doctest.DocTestRunner().run(example, out=printed.append)
    assert "" == "".join(printed)
    assert found.attempted > 10


def test_the_rules_are_those_of_the_code() -> None:
    """One row for each kind, and no other."""
    rows = [
        f"| `{kind.name}` | {kind.what} | {write_span(kind.window)} | {kind.threshold:g} | {kind.minimum} {kind.cases} "
        f"| {write_span(kind.for_at_least)} | {kind.severity} |"
        for kind in KINDS.values()
    ]
    table = PAGE.partition("| kind |")[2].partition("\n\n")[0].splitlines()
    assert rows == table[2:]
    assert {900.0} == {kind.clear_after for kind in KINDS.values()}


def test_the_defaults_are_those_of_the_code() -> None:
    """Of all keys."""
    usual = AlertSettings()
    for name in set(AlertSettings.model_fields) - {"rules"}:
        value = getattr(usual, name)
        shown = "none" if value == () else str(value).lower() if isinstance(value, bool) else f"{value:.0f}"
        assert f"| `alerts.{name}` | {shown} |" in PAGE
    keys = PAGE.partition("Of each rule: ")[2].partition("; times")[0]
    assert list(AlertRuleSettings.model_fields) == re.findall(r"`(\w+)`", keys)


def test_the_settings_are_ones() -> None:
    """The file is taken as it is, and adds one rule to those that there are."""
    (text,) = (block.body for block in list_blocks(PAGE) if block.language == "toml")
    rules = {rule.name: rule for rule in AlertSettings.model_validate(tomllib.loads(text)["alerts"]).list_rules()}
    assert {*KINDS, "production_failures"} - {"low_availability"} == set(rules)
    assert (0.2, 0.02) == (rules["high_failure_rate"].threshold, rules["production_failures"].threshold)


def test_links_lead_somewhere() -> None:
    """Relative links point at files that exist."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", PAGE)
    assert targets
    assert [] == [target for target in targets if not (DOCS / target).exists()]
