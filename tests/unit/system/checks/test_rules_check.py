"""The rules in use, and the engine that decides by them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from errclass.system.checks import check_rules, rules_check
from errclass.system.settings import Settings
from errclass.system.wiring import build_parts


def write_set(folder: Path, files: dict[str, str]) -> str:
    (folder / "classify").mkdir(parents=True)
    (folder / "policy.yaml").write_text("name: ours\ndescription: Ours.\nextends: default\n", encoding="utf-8")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(folder)


def test_the_shipped_rules_are_well(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Revision, number and engine are told; nobody asked for durable-rules."""
    monkeypatch.setattr(rules_check, "find_version", lambda name: None)
    check = check_rules(settings)
    assert ("ok", False) == (check.status, check.details["held_back"])
    assert check.details["revision"] in check.message
    assert check.details["engine"] in ("own", "durable-rules")


def test_the_parts_of_a_process_are_looked_at(settings: Settings) -> None:
    """They say what the settings' rules say."""
    assert check_rules(settings) == check_rules(settings, build_parts(settings))


def test_broken_rules_are_a_problem_and_nothing_is_done_meanwhile(
    load: Callable[..., Settings], tmp_path: Path
) -> None:
    """The file is named."""
    rules = write_set(tmp_path / "rules", {"evidence/odd.yaml": "title: [\n"})
    check = check_rules(load(decision__rules=[rules]))
    assert ("problem", True) == (check.status, check.details["held_back"])
    assert "odd.yaml" in check.message
    assert "errclass rules check" in check.advice


def test_durable_rules_that_does_not_load_is_a_warning(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Python 3.13; our own engine decides the same."""
    monkeypatch.setattr("errclass.rules.selection.import_durable", lambda: None)
    monkeypatch.setattr(rules_check, "find_version", lambda name: "2.0.28")
    check = check_rules(settings)
    assert ("warning", "own") == (check.status, check.details["engine"])
    assert "3.12 or earlier" in check.message


def test_without_durable_rules_the_own_engine_is_as_it_should_be(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody asked for the other."""
    monkeypatch.setattr("errclass.rules.selection.import_durable", lambda: None)
    monkeypatch.setattr(rules_check, "find_version", lambda name: None)
    assert ("ok", "own") == ((check := check_rules(settings)).status, check.details["engine"])


@pytest.mark.parametrize(("limit", "words"), [("RULE_LIMIT", "rules; durable-rules"), ("FACT_LIMIT", "facts; durable")])
def test_beyond_its_limits_durable_rules_does_not_decide(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, limit: str, words: str
) -> None:
    """And that is said where it is installed."""
    monkeypatch.setattr("errclass.rules.selection.import_durable", object)
    monkeypatch.setattr(f"errclass.rules.selection.{limit}", 10)
    monkeypatch.setattr(rules_check, "find_version", lambda name: "2.0.28")
    check = check_rules(settings)
    assert ("warning", "own") == (check.status, check.details["engine"])
    assert words in check.message


def test_a_lost_model_leaves_the_rules_a_problem_with_advice(load: Callable[..., Settings], tmp_path: Path) -> None:
    """Their tables come of its types."""
    check = check_rules(load(model=str(tmp_path / "gone")))
    assert ("problem", True) == (check.status, bool(check.advice))
