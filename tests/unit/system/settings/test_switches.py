"""Switches, and what else a file of the working tree may and may not say."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.escalations import make_decision

from errclass.actions.breaker import BreakerOptions
from errclass.actions.recover import limit_mode
from errclass.core.types import Context, Failure
from errclass.outcomes import Store
from errclass.system.acting import Acting
from errclass.system.breaker_choice import choose_breaker
from errclass.system.escalating import make_codegen, make_request
from errclass.system.notifying import make_notifications
from errclass.system.pipeline import Answer, answer_failure
from errclass.system.recovering import build_strategies, make_options
from errclass.system.settings import BreakerSettings, EnableSettings, Settings, load_settings
from errclass.system.wiring import build_parts

REFUSED = Failure("curl: (7) Failed to connect to registry.example.com port 443: Connection refused\n")


def load(tree: Path, **flags: Any) -> Settings:
    return load_settings(cwd=tree, overrides={key.replace("__", "."): value for key, value in flags.items()})


def answer(settings: Settings, **context: Any) -> Answer:
    parts = replace(build_parts(settings), store=None)
    return answer_failure(replace(REFUSED, context=Context(**context)), parts)


@pytest.mark.parametrize("key", EnableSettings.model_fields)
def test_a_working_tree_may_switch_off_and_never_on(home: Path, tree: Path, key: str) -> None:
    """Each switch."""
    file = tree / "errclass.toml"
    file.write_text(f"[enable]\n{key} = false\n", encoding="utf-8")
    assert (False, ()) == (getattr(load(tree).enable, key), load(tree).refused)
    for value in ("true", '"yes"', "0", "1"):
        file.write_text(f"[enable]\n{key} = {value}\n", encoding="utf-8")
        settings = load(tree, **{f"enable__{key}": False})
        assert not getattr(settings.enable, key)
        assert ["it may only be switched off"] == [refusal.reason for refusal in settings.refused]


@pytest.mark.parametrize(
    ("mine", "theirs", "result"),
    [
        ("auto", "off", "off"), ("auto", "suggest", "suggest"), ("auto", "ask", "ask"), ("auto", "auto", "auto"),
        ("suggest", "ask", "suggest"), ("off", "ask", "off"), ("ask", "auto", "ask"),
    ],
)  # fmt: skip
def test_a_working_tree_may_lower_the_autonomy_of_recoveries(
    home: Path, tree: Path, mine: str, theirs: str, result: str
) -> None:
    """Also where the user says it by environment; to raise it is refused."""
    (tree / "errclass.toml").write_text(f'[recovery]\nautonomy = "{theirs}"\n', encoding="utf-8")
    for flags in (
        {"recovery__autonomy": mine},
        {"recovery__autonomy": "ask", "recovery__by_environment": {"ci": mine}},
    ):
        settings = load(tree, environment="ci", **flags)
        assert result == limit_mode("build", "ci", make_options(settings))
        assert (theirs == "auto") == bool(settings.refused)


@pytest.mark.parametrize(("line", "applied"), [("timeout = 5.0", True), ("timeout = 90000.0", False)])
@pytest.mark.parametrize("group", ["retry", "recovery"])
def test_a_working_tree_may_shorten_deadlines(home: Path, tree: Path, group: str, line: str, applied: bool) -> None:
    """Also where there was none."""
    (tree / "errclass.toml").write_text(f"[{group}]\n{line}\n", encoding="utf-8")
    settings = load(tree)
    assert applied == (getattr(settings, group).timeout == 5.0)
    assert applied == (settings.refused == ())


def test_without_re_runs_someone_is_told(home: Path, tree: Path) -> None:
    """And for one component only, where it is switched off for that."""
    on, off = load(tree), load(tree, enable={"retry": False})
    assert ("retry", "notify") == (answer(on).decision.strategy, answer(off).decision.strategy)
    one = load(tree, components={"db": {"enable": {"retry": False}}})
    found = [answer(one, component=name).decision.strategy for name in ("web", "db")]
    assert ["retry", "notify"] == found


def test_what_is_set_reaches_the_rules(home: Path, tree: Path) -> None:
    """Over the preset's row, and the other rows stay; bounds stay bounds."""
    settings = load(tree, environment="production", retry={"attempts": 8}, decision={"max_attempts": 5})
    plan = answer(settings, environment="production").decision.plan
    assert (5, 2.0, 2.0, 30.0) == (plan.max_attempts, plan.base_delay, plan.multiplier, plan.max_delay)
    settings = load(tree, retry={"base_delay": 0.0, "factor": 3.0, "max_delay": 7.0})
    plan = answer(settings, environment="production").decision.plan
    assert (3, 0.0, 3.0, 7.0) == (plan.max_attempts, plan.base_delay, plan.multiplier, plan.max_delay)
    facts = answer(load(tree, thresholds={"codegen": 7, "manual": 9})).facts
    assert (7, 9) == (facts["codegen_as_set"], facts["manual_as_set"])
    assert not {name for name in answer(load(tree)).facts if name.endswith("_as_set")}


def test_the_breaker_of_the_settings(tmp_path: Path) -> None:
    """By default it is the usual one; a component may have another, or none."""
    settings = Settings(
        home=tmp_path,
        store="s",
        components={"api": {"breaker": {"failures": 3, "open_for": 30}}, "db": {"enable": {"circuit_breaker": False}}},
    )
    assert BreakerOptions() == choose_breaker(settings)
    chosen = choose_breaker(settings, component="api")
    assert chosen is not None
    assert (3, 30.0) == (chosen.trip.failures, chosen.open_for)  # type: ignore[union-attr]
    assert choose_breaker(settings, component="db") is None
    assert BreakerSettings() == settings.breaker


def test_recoveries_that_are_switched_off_are_only_shown(home: Path, tree: Path) -> None:
    """Resets have a switch of their own, and keep their mode."""
    settings = load(tree, enable={"recovery": False}, recovery={"autonomy": "auto"})
    assert "off" == build_strategies(settings)._options.at_most
    assert "auto" == limit_mode("build", None, make_options(settings))


def test_an_agent_that_is_switched_off_is_not_asked(home: Path, tree: Path) -> None:
    """Though there is a key."""
    keys = {"api_key": "key", "org_id": "1"}
    assert make_codegen(load(tree, codegen=keys)) is not None
    assert make_codegen(load(tree, codegen=keys, enable={"codegen": False})) is None


def test_notifications_that_are_switched_off_have_no_channel(home: Path, tree: Path) -> None:
    """And nothing is kept for later."""
    hook = {"channels": {"slack": {"webhook_url": "https://hooks.example.com/x"}}}
    with Store(load(tree).store) as store:
        on = make_notifications(load(tree, notifications=hook), store)
        off = make_notifications(load(tree, notifications=hook, enable={"notifications": False}), store)
    assert (1, 0) == (len(on.system._couriers), len(off.system._couriers))


@pytest.mark.parametrize(
    "flags", [{"enable": {"escalation": False}}, {"components": {"shop": {"enable": {"escalation": False}}}}]
)
def test_escalations_that_are_switched_off_are_refused(home: Path, tree: Path, flags: dict[str, Any]) -> None:
    """As a value, for threads and tasks."""
    settings = load(tree, **flags)
    decision = replace(make_decision(target="manual"), context=Context(component="shop"))
    with Store(settings.store) as store, Acting(settings, store) as acting:
        request = make_request(decision, environ={})
        results = [acting.escalate(request), asyncio.run(acting.aescalate(request))]
    assert [("acting_is_off", False)] * 2 == [(result.refused, result.success) for result in results]


def test_no_secret_is_in_the_representation(home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever logs the settings shows none."""
    monkeypatch.setenv("ERRCLASS_STORE", "postgres://app:hunter2@db/errclass")
    monkeypatch.setenv("CODEGEN_API_KEY", "s3cr3t")
    monkeypatch.setenv("NOTIFICATION_SLACK_WEBHOOK", "https://hooks.example.com/t0ken")
    monkeypatch.setenv("ERRCLASS_URL", "https://ci:pa55word@errclass.example")
    monkeypatch.setenv("CODEGEN_API_URL", "https://ci:pa55word@codegen.example")
    settings = load(tree, components={"db": {"retry": {"attempts": 2}}})
    texts = [repr(settings), str(settings), str(settings.describe()), repr(settings.for_call(component="db"))]
    for text in (*texts, repr(settings._levels), settings.model_dump_json()):
        assert not [secret for secret in ("hunter2", "s3cr3t", "t0ken", "pa55word") if secret in text]
    assert "https://ci:pa55word@errclass.example" == settings.url
