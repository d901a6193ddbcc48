"""What the settings allow reaches the recovery, and what it came to reaches the store."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.recovering import make_classification, make_decision

from errclass.actions.recover import RecoveryResult
from errclass.core.errors import ConfigError
from errclass.core.frozen import FrozenDict
from errclass.core.types import Chance, Context, History, RecoveryChance
from errclass.outcomes import Store
from errclass.system.recovering import (
    RecoveryWish,
    arecover,
    make_context,
    plan_recovery,
    read_tries,
    recover,
    to_action,
)
from errclass.system.settings import Settings, load_settings


@pytest.fixture
def project(tree: Path) -> Path:
    """A project whose .env is missing."""
    (tree / ".env.example").write_text("A=1\n")
    return tree


def load(tree: Path, **overrides: Any) -> Settings:
    return load_settings(cwd=tree, overrides={key.replace("__", "."): value for key, value in overrides.items()})


def wish(tree: Path, environment: str | None = None) -> RecoveryWish:
    return RecoveryWish(replace(make_classification("configuration"), context=Context(environment)), tree)


def test_by_default_a_person_is_asked(home: Path, project: Path) -> None:
    """And where there is none, nothing is done."""
    assert "nobody_agreed" == recover(load(project), wish(project)).reason
    done = recover(load(project), wish(project), ask=lambda plan: True)
    assert ("success", "env_from_example") == (done.outcome, done.strategy)


def test_a_caller_may_lower_the_time(home: Path, tree: Path) -> None:
    """And what was begun is put back."""
    (tree / "recipes").mkdir()
    content = {
        "title": "Wait", "purpose": "clear_cache", "fits": {"types": ["build"]}, "touches": {"cache": "aside"},
        "steps": [{"run": ["sleep", "600"]}], "check": [{"absent": "cache"}], "cost": 1, "effect": "idempotent",
    }  # fmt: skip
    (tree / "recipes" / "wait.yaml").write_text(json.dumps(content))
    (tree / "cache").mkdir()
    settings = load(tree, recovery__recipes=[str(tree / "recipes")], recovery__autonomy="auto")
    done = recover(settings, RecoveryWish(make_classification("build"), tree), seconds=0.3)
    assert ("failed", "timed_out", ("cache",)) == (done.outcome, done.reason, done.restored)


def test_awaiting_is_the_same(home: Path, project: Path) -> None:
    """For whoever awaits."""
    assert "success" == asyncio.run(arecover(load(project), wish(project), ask=lambda plan: True)).outcome


@pytest.mark.parametrize(
    ("overrides", "mode", "expected"),
    [
        ({}, None, "ask"),
        ({}, "suggest", "suggest"),
        ({"recovery__autonomy": "suggest"}, "auto", "ask"),  # this recipe always asks
        ({"recovery__autonomy": "off"}, "auto", "off"),
        ({"decision__kill_switch": True}, "auto", "off"),
        ({"decision__autonomy": "suggest"}, "auto", "suggest"),
        ({"recovery__autonomy": "auto", "recovery__by_environment": {"production": "suggest"}}, None, "suggest"),
        ({"recovery__autonomy": "suggest", "recovery__by_environment": {"production": "auto"}}, None, "ask"),
        ({"recovery__by_environment": {"production": "off"}}, "ask", "off"),
        ({"recovery__by_environment": {"production": "suggest"}}, "auto", "suggest"),
        ({"recovery__by_environment": {"production": "auto"}}, "suggest", "suggest"),
        ({"recovery__by_environment": {"staging": "off"}}, "ask", "ask"),
        ({"recovery__autonomy": "auto", "recovery__by_type": {"configuration": "suggest"}}, None, "suggest"),
    ],
)
def test_the_most_careful_of_all_levels_holds(
    home: Path, project: Path, overrides: dict[str, Any], mode: Any, expected: str
) -> None:
    """Only a kill switch outranks what the caller says."""
    plan = plan_recovery(load(project, **overrides), wish(project, "production"), mode=mode)
    assert ("env_from_example", expected) == (plan.recipe, plan.mode)


@pytest.mark.parametrize("mode", [None, "ask", "auto"])
def test_an_environment_that_is_switched_off_stays_so(home: Path, project: Path, mode: Any) -> None:
    """Whatever the caller says, and whoever agrees."""
    settings = load(project, recovery__by_environment={"production": "off"})
    result = recover(settings, wish(project, "production"), mode=mode, ask=lambda plan: True)
    assert ("skipped", "switched_off", False) == (result.outcome, result.reason, (project / ".env").exists())


def test_a_working_tree_may_only_lower_it(home: Path, project: Path) -> None:
    """By the autonomy of all that is decided; anything of its own is refused."""
    (project / "errclass.toml").write_text('[decision]\nautonomy = "suggest"\n[recovery]\nautonomy = "auto"\n')
    settings = load(project)
    assert ["recovery.autonomy"] == [refusal.key for refusal in settings.refused]
    assert "suggest" == plan_recovery(settings, wish(project), mode="auto").mode


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("recovery.autonomy", "always", "recovery.autonomy"),
        ("recovery.autonomi", "ask", "did you mean recovery.autonomy?"),
        ("recovery.by_type", {"build": "never"}, "recovery.by_type"),
    ],
)
def test_a_wrong_setting_is_named(home: Path, tree: Path, key: str, value: object, message: str) -> None:
    """With the nearest key."""
    with pytest.raises(ConfigError, match=message.replace("?", r"\?")):
        load_settings(cwd=tree, overrides={key: value})


def test_what_helped_is_read_off_the_decision() -> None:
    """Only what is known of this very fingerprint."""
    chances = (
        RecoveryChance("npm_reinstall", Chance(0.8, 0.5, 0.9, 4, 3, "fingerprint")),
        RecoveryChance("uv_sync", Chance(0.8, 0.5, 0.9, 40, 30, "type")),
    )
    known = replace(make_decision(), history=History(recoveries=chances))
    assert ({"npm_reinstall": (3, 4)}, {}) == (read_tries(known), read_tries(make_classification()))


def test_a_broken_file_and_its_backup_are_found_in_the_evidence(tree: Path) -> None:
    """Only within the work folder, only where it does not parse, and never a lockfile."""
    (tree / "app.json").write_text("{")
    (tree / "fine.json").write_text("{}")
    (tree / "app.json.bak").write_text("{}")
    (tree / "package-lock.json").write_text("{")
    (tree.parent / "outside.json").write_text("{")
    lines = (
        "at ../outside.json",
        "in fine.json and package-lock.json",
        f"cannot parse {tree}/app.json",
        "also ./app.json",
    )
    answer = make_classification("configuration")
    told = replace(answer, evidence=lines)
    context = make_context(RecoveryWish(told, tree))
    assert ("app.json", "app.json.bak") == (context.file, context.template)
    assert (None, None) == (
        make_context(RecoveryWish(answer, tree)).file,
        make_context(RecoveryWish(answer, tree)).template,
    )


def test_a_recovery_is_kept_in_the_store(tmp_path: Path) -> None:
    """With its result, reason and times."""
    result = RecoveryResult("failed", "check_failed", "npm_reinstall", details=FrozenDict({"fault": "x"}), seconds=2.0)
    action = to_action(result, failure_id="f", decision_id="d")
    assert ("recover", "npm_reinstall", "failed", "f") == (action.kind, action.name, action.result, action.failure_id)
    assert action.started is not None
    assert 2.0 == (action.ended - action.started).total_seconds()
    with Store(tmp_path / "store") as store:
        store.record_action(action)
