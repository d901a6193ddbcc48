"""Presets lie between the defaults and whatever the user says, and hold what the rules do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import errclass
from errclass.core.errors import UsageError
from errclass.rules import DEFAULT_FOLDER
from errclass.rules.presets import read_table
from errclass.system.settings import Settings, get_environment_config, load_settings
from errclass.system.settings.key_info import list_key_infos
from errclass.system.settings.presets import PRESETS
from errclass.system.settings.ruled import TABLES


@pytest.fixture(autouse=True)
def no_node(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    for name in ("NODE_ENV", "DEV_SLACK_WEBHOOK", "PROD_SLACK_WEBHOOK", "LINEAR_PROD_TEAM_ID", "LINEAR_TEAM_ID"):
        monkeypatch.delenv(name, raising=False)


def read(settings: Settings) -> dict[str, Any]:
    return {row["key"]: row["value"] for row in settings.describe()}


def origin(settings: Settings, key: str) -> str:
    return str(next(row["origin"] for row in settings.describe() if row["key"] == key))


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ("development", {"notifications.limit": 0, "retry.attempts": 6, "retry.base_delay": 0.5}),
        ("development", {"thresholds.codegen": 1, "thresholds.manual": 3, "reset.allow_destructive": False}),
        ("staging", {"thresholds.codegen": 2, "thresholds.manual": 4, "reset.allow_destructive": True}),
        ("production", {"retry.attempts": 3, "retry.base_delay": 2, "decision.autonomy": "ask"}),
        ("production", {"thresholds.codegen": 3, "thresholds.manual": 5, "reset.allow_destructive": False}),
        ("production", {"notifications.limit": 5, "notifications.window": 60.0, "reset.preserve_user_data": True}),
    ],
)
def test_the_presets_of_the_system_before(tree: Path, environment: str, expected: dict[str, Any]) -> None:
    """Each of their differences, by settings or by rules."""
    shown = read(load_settings(cwd=tree, overrides={"environment": environment}))
    assert expected == {key: shown[key] for key in expected}


def test_no_value_is_both_in_a_preset_and_in_the_rules() -> None:
    """What decides is the rules', the rest is the settings'."""
    assert set() == TABLES.keys() & {key for values in PRESETS.values() for key in values}
    assert all(read_table(table) for table in TABLES.values())
    assert set(PRESETS) == set(map(str, read_table("environment_preset").values()))


def test_every_key_of_a_preset_is_one() -> None:
    """With a value that it takes."""
    assert set() == {key for values in PRESETS.values() for key in values} - {info.key for info in list_key_infos()}


@pytest.mark.parametrize(
    ("name", "preset"), [("prod", "production"), (" LIVE ", "production"), ("local", "development")]
)
def test_a_short_name_has_the_preset_that_the_rules_give_it(tree: Path, name: str, preset: str) -> None:
    """In any case."""
    settings = load_settings(cwd=tree, overrides={"environment": name})
    assert f"preset {preset}" == origin(settings, "notifications.limit")


@pytest.mark.parametrize("name", ["qa", "", "default", "productions"])
def test_another_name_has_no_preset(tree: Path, name: str) -> None:
    """Then the defaults hold, and the name stays."""
    settings = load_settings(cwd=tree, overrides={"environment": name})
    assert (name, 10, "default") == (
        settings.environment, settings.notifications.limit, origin(settings, "notifications.limit"),
    )  # fmt: skip


def test_names_of_the_users_rules_count(home: Path, tree: Path, tmp_path: Path) -> None:
    """What they call production is production; a set that is broken is passed over, as it is when deciding."""
    rules = tmp_path / "rules"
    rules.mkdir()
    file = rules / "policy.yaml"
    file.write_text("name: ours\ndescription: ours\ntables:\n  environment_preset: {blue: production}\n")
    flags = {"environment": "blue", "decision.rules": [str(rules)]}
    assert 5 == load_settings(cwd=tree, overrides=flags).notifications.limit
    file.write_text("tables: [")
    assert 10 == load_settings(cwd=tree, overrides=flags).notifications.limit


def test_the_user_counts_over_the_preset(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Key by key: file, variable, flag."""
    home.mkdir()
    (home / "config.toml").write_text('environment = "production"\n[notifications]\nlimit = 7\n')
    settings = load_settings(cwd=tree)
    assert (7, 60.0) == (settings.notifications.limit, settings.notifications.window)
    monkeypatch.setenv("ERRCLASS_NOTIFICATIONS__WINDOW", "30")
    settings = load_settings(cwd=tree, overrides={"notifications.limit": 8})
    assert (8, 30.0) == (settings.notifications.limit, settings.notifications.window)


def test_a_call_has_the_preset_of_its_own_environment(tree: Path) -> None:
    """And nothing of the other one's; without a word it is as it was set."""
    settings = load_settings(cwd=tree, overrides={"environment": "production"})
    assert settings.for_call() is settings
    development = settings.for_call(environment="development")
    assert ("development", 0, 300.0) == (
        development.environment, development.notifications.limit, development.notifications.window,
    )  # fmt: skip
    assert settings.for_call(environment="development") is development
    assert 60.0 == development.for_call(environment="production").notifications.window
    assert 10 == settings.for_call(environment="qa").notifications.limit


def test_settings_that_a_program_made_have_presets_too(tmp_path: Path) -> None:
    """What it set counts over them, also in a copy."""
    made = Settings(home=tmp_path, store="s", environment="production")
    for _ in range(2):
        assert (10, 5) == (made.notifications.limit, made.for_call().notifications.limit)
    changed = made.model_copy(update={"notifications": made.notifications.model_copy(update={"limit": 9})})
    called = changed.for_call(environment="production").notifications
    assert (9, 60.0) == (called.limit, called.window)


@pytest.mark.parametrize(
    ("environment", "webhook", "team"),
    [("development", "dev", "all"), ("production", "prod", "prod"), ("staging", "all", "all"), (None, "all", "all")],
)
def test_variables_of_a_preset_count_in_it_only(
    tree: Path, monkeypatch: pytest.MonkeyPatch, environment: str | None, webhook: str, team: str
) -> None:
    """Over those that hold everywhere."""
    for name in ("NOTIFICATION_SLACK_WEBHOOK", "LINEAR_TEAM_ID"):
        monkeypatch.setenv(name, "all")
    monkeypatch.setenv("DEV_SLACK_WEBHOOK", "dev")
    for name in ("PROD_SLACK_WEBHOOK", "LINEAR_PROD_TEAM_ID"):
        monkeypatch.setenv(name, "prod")
    channels = load_settings(cwd=tree).for_call(environment=environment).notifications.channels
    assert (webhook, team) == (channels["slack"]["webhook_url"], channels["linear"]["team_id"])


def test_a_variable_of_errclass_counts_over_that_of_a_preset(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As over any other."""
    monkeypatch.setenv("PROD_SLACK_WEBHOOK", "prod")
    monkeypatch.setenv("ERRCLASS_NOTIFICATIONS__CHANNELS__SLACK__WEBHOOK_URL", "mine")
    channels = get_environment_config("production").notifications.channels
    assert "mine" == channels["slack"]["webhook_url"]


def test_node_env_names_the_environment_where_nothing_else_does(
    home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's file is enough to outrank it."""
    monkeypatch.setenv("NODE_ENV", "production")
    settings = load_settings(cwd=tree)
    assert ("production", 5, "environment (NODE_ENV)") == (
        settings.environment, settings.notifications.limit, origin(settings, "environment"),
    )  # fmt: skip
    home.mkdir()
    (home / "config.toml").write_text('environment = "staging"\n')
    assert "staging" == load_settings(cwd=tree).environment


def test_a_preset_is_had_by_its_name(tree: Path) -> None:
    """From the root of the package."""
    assert 5 == errclass.get_environment_config("prod").notifications.limit


@pytest.mark.parametrize("name", ["prodution", "", "default"])
def test_a_name_without_a_preset_is_refused(name: str) -> None:
    """With the nearest that there is; the system before took development in silence."""
    with pytest.raises(UsageError, match=f"no preset '{name}'.*known: dev, development, live"):
        get_environment_config(name)
    with pytest.raises(UsageError, match="did you mean 'production'"):
        get_environment_config("prodution")


def test_the_shipped_table_is_read_once() -> None:
    """And is the one of the policy."""
    assert read_table("attempts_limit") == read_table("attempts_limit", [DEFAULT_FOLDER])
    assert {} == read_table("no_such_table")
