"""How the system before lost settings must not come back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import errclass
from errclass.core.types import Context, Failure
from errclass.system.pipeline import answer_failure
from errclass.system.settings import Settings, load_settings
from errclass.system.tree_file import flatten
from errclass.system.wiring import build_parts

REFUSED = "curl: (7) Failed to connect to registry.example.com port 443: Connection refused\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one override of one component."""
    for name in ("NODE_ENV", "ERRCLASS_ENVIRONMENT", "ERRCLASS_COMPONENT", "ERRCLASS_STORE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text("[components.database.retry]\nbase_delay = 9.0\n")
    return tmp_path / "home"


def test_a_component_undoes_no_preset() -> None:
    """Production with one override keeps all else of production, in settings and in decisions."""
    settings = errclass.get_environment_config("production")
    plain, database = (flatten(one.model_dump()) for one in (settings, settings.for_call(component="database")))
    differing = {key for key, value in database.items() if plain.get(key) != value}
    assert {"component", "retry.base_delay"} == differing
    parts = replace(build_parts(settings), store=None)
    context = Context(environment="production", component="database")
    plan = answer_failure(Failure(REFUSED, context=context), parts).decision.plan
    assert (3, 9.0) == (plan.max_attempts, plan.base_delay)
    elsewhere = replace(context, component="web")
    assert 2.0 == answer_failure(Failure(REFUSED, context=elsewhere), parts).decision.plan.base_delay


@pytest.mark.parametrize("key", ["failures", "window", "open_for", "permits", "successes"])
def test_one_of_several_leaves_the_others(home: Path, key: str) -> None:
    """A partial group is laid over the rest, at every level."""
    usual = Settings(home=home, store="s").breaker
    for flags in ({"breaker": {key: 7}}, {f"breaker.{key}": 7}):
        assert usual.model_copy(update={key: 7}) == load_settings(overrides=flags).breaker


def test_an_unknown_environment_is_not_development() -> None:
    """It was taken for that in silence, with its five retries."""
    assert 10 == load_settings(overrides={"environment": "prodution"}).notifications.limit
    with pytest.raises(errclass.UsageError, match="did you mean 'production'"):
        errclass.get_environment_config("prodution")
