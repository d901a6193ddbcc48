"""A component changes what it names, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.core.errors import ConfigError
from errclass.system.settings import Settings, load_settings
from errclass.system.settings.keys import find_overrides, nest
from errclass.system.tree_file import flatten
from errclass.system.trust import TrustStore

SEED = """
[components.buildSystem.recovery]
allow = ["js_clean_build"]

[components.apiService.retry]
attempts = 6
base_delay = 1.0

[components.apiService.breaker]
failures = 3
open_for = 30.0

[components.database.retry]
attempts = 4
base_delay = 2.0
max_delay = 10.0

[components.database.thresholds]
codegen = 1
manual = 2
"""


@pytest.fixture
def written(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("NODE_ENV", raising=False)
    home.mkdir()
    (home / "config.toml").write_text(SEED, encoding="utf-8")
    return home


def changed(before: Settings, after: Settings) -> dict[str, object]:
    """Return the keys that differ."""
    one, other = (flatten(settings.model_dump()) for settings in (before, after))
    return {key: value for key, value in other.items() if one.get(key) != value}


@pytest.mark.parametrize("environment", [None, "development", "staging", "production"])
@pytest.mark.parametrize(
    ("component", "expected"),
    [
        ("buildSystem", {"recovery.allow": ("js_clean_build",)}),
        (
            "apiService",
            {"retry.attempts": 6, "retry.base_delay": 1.0, "breaker.failures": 3, "breaker.open_for": 30.0},
        ),
        (
            "database",
            {
                "retry.attempts": 4, "retry.base_delay": 2.0, "retry.max_delay": 10.0,
                "thresholds.codegen": 1, "thresholds.manual": 2,
            },
        ),
        ("another", {}),
    ],
)  # fmt: skip
def test_the_components_of_the_system_before(
    written: Path, tree: Path, environment: str | None, component: str, expected: dict[str, object]
) -> None:
    """In every preset they change these keys and no other: there they undid the preset."""
    settings = load_settings(cwd=tree)
    before, after = (settings.for_call(environment=environment, component=name) for name in (None, component))
    assert {**expected, "component": component} == changed(before, after)


def test_the_settings_say_which_component_it_is(written: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a call does not; and show which key a value comes from."""
    monkeypatch.setenv("ERRCLASS_COMPONENT", "Database")
    settings = load_settings(cwd=tree)
    assert 4 == settings.retry.attempts
    row = next(row for row in settings.describe() if row["key"] == "retry.attempts")
    assert f"{written / 'config.toml'}: components.database.retry.attempts" == row["origin"]
    assert settings.for_call(component="shop").retry.attempts is None


def test_levels_outrank_each_other_whatever_they_are_about(
    written: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable counts over a component of the file; a variable of the component over that."""
    monkeypatch.setenv("ERRCLASS_RETRY__ATTEMPTS", "2")
    assert 2 == load_settings(cwd=tree).for_call(component="database").retry.attempts
    monkeypatch.setenv("ERRCLASS_COMPONENTS__DATABASE__RETRY__ATTEMPTS", "9")
    assert 9 == load_settings(cwd=tree).for_call(component="database").retry.attempts
    assert 2 == load_settings(cwd=tree).retry.attempts


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[components.db.retry]\nattempt = 3\n", "components.db.retry.attempt: unknown key; did you mean components.db.retry.attempts?"),
        ("[components.db.retri]\nattempts = 3\n", "components.db.retri: unknown key; did you mean components.db.retry"),
        ("[components.db.notifications]\nlimit = 3\n", "components.db.notifications: unknown key"),
        ("[components.db.retry]\nattempts = 0\n", "components.db.retry.attempts: input should be greater than or equal to 1"),
        ("[components.db]\nretry = 3\n", "components.db.retry: input should be a valid dictionary"),
        ("[components]\ndb = 3\n", "components.db: input should be a valid dictionary"),
        ("[components.db.decision]\nkill_switch = true\n", "components.db: value error, decision.kill_switch holds for all components"),
        ("[components.db.enable]\ntracking = false\n", "components.db: value error, enable.tracking holds for all components"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(home: Path, tree: Path, text: str, message: str) -> None:
    """File, key and the nearest one."""
    home.mkdir()
    (home / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(cwd=tree)
    assert str(caught.value).startswith(f"{home / 'config.toml'}: {message}")


def test_a_component_may_be_called_anything(home: Path, tree: Path) -> None:
    """With dots, too."""
    home.mkdir()
    (home / "config.toml").write_text('[components."api.v2".retry]\nattempts = 7\n', encoding="utf-8")
    settings = load_settings(cwd=tree)
    assert 7 == settings.for_call(component="API.v2").retry.attempts
    assert settings.for_call(component="api").retry.attempts is None


def test_a_working_tree_says_nothing_of_components_until_it_is_trusted(home: Path, tree: Path) -> None:
    """It may name one, which only chooses among what the user wrote."""
    (tree / "errclass.toml").write_text('component = "db"\n[components.db.retry]\nattempts = 50\n', encoding="utf-8")
    settings = load_settings(cwd=tree)
    assert ("db", None) == (settings.component, settings.retry.attempts)
    assert ["components.db.retry.attempts"] == [refusal.key for refusal in settings.refused]
    TrustStore(home).trust_directory(tree)
    assert 50 == load_settings(cwd=tree).retry.attempts


def test_a_program_may_make_components(tmp_path: Path) -> None:
    """As values, with the same checks."""
    made = Settings(home=tmp_path, store="s", components={"db": {"retry": {"attempts": 2}}})
    assert 2 == made.for_call(component="db").retry.attempts
    with pytest.raises(ValueError, match="Extra inputs"):
        Settings(home=tmp_path, store="s", components={"db": {"store": "x"}})


def test_partial_groups_keep_the_rest(home: Path, tree: Path) -> None:
    """One threshold of a set, at any level: the others stay, which they did not."""
    home.mkdir()
    (home / "config.toml").write_text("[thresholds]\ncodegen = 4\n[promotion]\nminimum_gain = 1.0\n", encoding="utf-8")
    settings = load_settings(cwd=tree, overrides={"thresholds": {"manual": 9}})
    assert (4, 9) == (settings.thresholds.codegen, settings.thresholds.manual)
    assert (1.0, 5.0) == (settings.promotion.minimum_gain, settings.promotion.max_type_drop)


@given(st.text(st.characters(exclude_characters="."), min_size=1, max_size=20), st.integers(1, 1000))
def test_a_key_of_a_component_is_found_again(name: str, attempts: int) -> None:
    """Whatever the component is called."""
    key = f"components.{name}.retry.attempts"
    assert {"retry.attempts": key} == find_overrides({key: attempts}, name)
    assert {"components": {name: {"retry": {"attempts": attempts}}}} == nest({key: attempts})


def test_any_number_of_names_is_kept_as_few(written: Path, tree: Path) -> None:
    """A service sees one environment for each pull request: those without settings are alike, but for their names."""
    settings = load_settings(cwd=tree)
    found = [settings.for_call(component=f"c{n}", environment=f"preview-{n}") for n in range(2_000)]
    assert {(f"c{n}", f"preview-{n}") for n in range(2_000)} == {(one.component, one.environment) for one in found}
    assert 1 == len(settings._known)
    assert 4 == found[-1].for_call(component="DATABASE").retry.attempts
    assert 5 == found[-1].for_call(environment="prod").notifications.limit


def test_a_call_of_a_call_keeps_what_it_does_not_say(written: Path, tree: Path) -> None:
    """In any order."""
    settings = load_settings(cwd=tree)
    one = settings.for_call(component="database").for_call(environment="production")
    other = settings.for_call(environment="production").for_call(component="database")
    assert (4, 5, 4, 5) == (
        one.retry.attempts, one.notifications.limit, other.retry.attempts, other.notifications.limit,
    )  # fmt: skip
    shown = {row["key"]: row["origin"] for row in settings.for_call(component="database").describe()}
    assert ("call", "default") == (shown["component"], shown["environment"])
