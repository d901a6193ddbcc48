"""Alerts over a store: what fires is kept, and people are told through the channels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.alert_workers import NOW, record_critical

import errclass
from errclass.actions.breaker import BreakerOptions, FailuresInWindow
from errclass.actions.breaker.circuit import Circuit
from errclass.actions.breaker.exported import export_circuit
from errclass.actions.breaker.shared import SharedCircuitBreaker
from errclass.actions.notify import Notice, NotificationSystem
from errclass.core.errors import StoreError, UsageError
from errclass.outcomes import Store
from errclass.reports.alerts import KINDS
from errclass.system.alerting import AlertManager
from errclass.system.breaker_trips import list_tripped
from errclass.system.settings import Settings, load_settings
from errclass.testing import RecordingChannel, quick_retries

RULE = "critical_errors"
ONLY_CRITICAL = {name: {"enabled": name == RULE} for name in KINDS}


class Desk:
    """Look at the alerts of a store by a clock that the test sets, and note what people are told."""

    def __init__(self, store: Store, home: Path, *, acting: bool = True, **alerts: Any) -> None:
        self.store, self.now = store, NOW
        self.channels = {name: RecordingChannel(name) for name in ("chat", "mail")}
        rules = {**ONLY_CRITICAL, **alerts.pop("rules", {})}
        self.settings = Settings(home=home, store=str(home / "store"), alerts={**alerts, "rules": rules})  # type: ignore[arg-type]
        self.system = NotificationSystem(store, self.channels.values(), acting=acting, clock=self._read_seconds)
        self.alerts = AlertManager(self.settings, store=store, notifications=self.system, clock=lambda: self.now)

    def _read_seconds(self) -> float:
        return self.now.timestamp()

    def look(self, minutes: float) -> Any:
        self.now = NOW + timedelta(minutes=minutes)
        return self.alerts.check(wait=30.0)

    def read(self, channel: str = "chat") -> list[tuple[str, str]]:
        """Return what a channel was told, as kinds and severities."""
        found = [dispatch.content for dispatch in self.channels[channel].sent]
        return [(one.kind, one.priority) for one in found if isinstance(one, Notice)]

    def queued(self) -> list[tuple[str, str]]:
        return [(entry.channel, entry.state) for entry in self.system.get_history()]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store that nothing was written to yet."""
    with Store(tmp_path / "store") as opened, quick_retries():
        yield opened


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """A desk with one rule: critical errors of the last hour, over for 15 minutes."""
    return Desk(store, tmp_path)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_it_fires_once_and_is_resolved_once(desk: Desk) -> None:
    """People hear of both, on every channel, however often somebody looks."""
    desk.look(0)
    assert [] == desk.read()
    record_critical(desk.store, time=at(1))
    (fired,) = desk.look(2).fired
    assert (RULE, "firing", 1) == (fired.id, fired.state, fired.value)
    for minutes in range(3, 60, 10):
        assert ((), (), True) == ((step := desk.look(minutes)).fired, step.resolved, step.firing)
    assert [("alert", "critical")] == desk.read("chat") == desk.read("mail")
    looks = [desk.look(minutes) for minutes in range(62, 200, 5)]
    assert [RULE] == [one.id for step in looks for one in step.resolved]
    assert [("alert", "critical"), ("resolved", "critical")] == desk.read("chat") == desk.read("mail")
    assert ((), (RULE,)) == (desk.alerts.active(), tuple(one.id for one in desk.alerts.list()))


def test_what_people_are_told_says_what_and_where_and_what_to_do(desk: Desk) -> None:
    """And is the same topic to the end, so that a ticket of it is closed."""
    record_critical(desk.store, operation="deploy")
    desk.look(1)
    for minutes in (61, 80):
        desk.look(minutes)
    alert, over = (one.content for one in desk.channels["chat"].sent)
    assert isinstance(alert, Notice)
    assert isinstance(over, Notice)
    assert "Critical errors: 1 in 1 h (threshold 1)" == alert.what
    assert ("the last: disk in deploy",) == alert.evidence
    assert "c1" == alert.failure_id
    assert f"errclass alerts ack {RULE}" in (alert.next_step or "")
    assert over.what.startswith(alert.what[:15])
    assert "Critical errors: 0 in 1 h (threshold 1): over after 1 h 19 min; it is 0 now" == over.what
    assert alert.topic == over.topic


def test_it_is_never_told_again_on_every_operation(desk: Desk) -> None:
    """As in the system that this one replaces: a hundred failures are one alert."""
    for number in range(20):
        record_critical(desk.store, f"c{number}", at(number))
        desk.look(number + 0.5)
    assert ([("alert", "critical")], 1) == (desk.read(), len(desk.alerts.list()))
    assert 20 == desk.alerts.list()[0].value


def test_somebody_takes_it_up(store: Store, tmp_path: Path) -> None:
    """Then it is not told again that it fires, but that it is over."""
    desk = Desk(store, tmp_path, repeat=3600, rules={RULE: {"window": 86_400}})
    record_critical(store)
    for minutes in (1, 30, 61.5):
        desk.look(minutes)
    assert 2 == len(desk.read())
    taken = desk.alerts.acknowledge(RULE, by="ada", note="on it")
    assert ("acknowledged", "ada", "on it") == (taken.state, taken.acknowledged_by, taken.note)
    assert taken == desk.alerts.acknowledge(RULE, by="bob")
    for minutes in (200, 1000):
        assert desk.look(minutes).firing
    assert 2 == len(desk.read())
    for minutes in (1500, 1520):
        desk.look(minutes)
    assert [("alert", "critical")] * 2 + [("resolved", "critical")] == desk.read()


@pytest.mark.parametrize("name", [RULE, "nothing", ""])
def test_what_does_not_fire_cannot_be_taken_up(desk: Desk, name: str) -> None:
    """Neither what is not there; and nothing is made."""
    with pytest.raises(UsageError, match="no alert with this id fires"):
        desk.alerts.acknowledge(name)
    assert not desk.store.exists()


def test_what_people_were_not_told_is_told_by_the_next_look(store: Store, tmp_path: Path) -> None:
    """Nothing is lost where nobody could be told, or nothing may be sent."""
    record_critical(store)
    nobody = Desk(store, tmp_path)
    nobody.system = NotificationSystem(store)
    nobody.alerts = AlertManager(nobody.settings, store=store, notifications=nobody.system, clock=lambda: at(1))
    assert (True, 0, None) == ((step := nobody.alerts.check()).firing, step.told, step.sending)
    silent = Desk(store, tmp_path, acting=False)
    assert 1 == silent.look(2).told
    assert ({("chat", "held"), ("mail", "held")}, []) == (set(silent.queued()), silent.read())
    allowed = Desk(store, tmp_path)
    allowed.look(3)
    assert [("alert", "critical")] == allowed.read("chat") == allowed.read("mail")


def test_a_store_that_takes_no_notice_leaves_it_due(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fires all the same, and is told later."""
    record_critical(desk.store)
    with monkeypatch.context() as patch:

        def refuse(*_: object) -> None:
            raise StoreError("the disk is full")

        patch.setattr(desk.store, "change_mail", refuse)
        assert (True, 0) == ((step := desk.look(1)).firing, step.told)
    assert 1 == desk.look(2).told
    assert [("alert", "critical")] == desk.read()


def test_a_history_that_cannot_be_read_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not known is not over."""
    record_critical(desk.store)
    desk.look(1)

    def refuse(**_: object) -> None:
        raise StoreError("somebody has the history")

    with monkeypatch.context() as patch:
        patch.setattr(desk.store, "reading", refuse)
        with pytest.raises(StoreError):
            desk.look(500)
    assert (RULE,) == tuple(one.id for one in desk.alerts.active())


def test_a_rule_tells_its_own_channels(store: Store, tmp_path: Path) -> None:
    """Else those of all rules; where none of them is set up, all that are."""
    record_critical(store)
    Desk(store, tmp_path, channels=["mail"]).look(1)
    again = Desk(store, tmp_path, channels=["mail"], rules={"mine": {"kind": RULE, "channels": ["chat"]}})
    again.look(2)
    assert ([("alert", "critical")], []) == (again.read("chat"), again.read("mail"))
    lost = Desk(store, tmp_path, rules={"lost": {"kind": RULE, "channels": ["gone"]}})
    assert ("alerts.rules.lost: no channel 'gone' is set up; set up: chat, mail",) == lost.look(3).faults
    assert ("alert", "critical") in lost.read("chat")
    assert {("mail", "sent"), ("chat", "sent")} == set(lost.queued())


def test_strangers_names_are_told_apart_and_left_for_channels_to_escape(store: Store, tmp_path: Path) -> None:
    """As they are; ids say nothing of them."""
    name = "<!channel> ::error:: \x1b[31m|<b>"
    desk = Desk(store, tmp_path, rules={RULE: {"by": "environment"}})
    record_critical(store, environment=name)
    record_critical(store, "c2", environment="production")
    desk.look(1)
    found = {one.labels["environment"]: one.id for one in desk.alerts.active()}
    assert {name, "production"} == set(found)
    assert all(identifier.replace("_", "").replace("-", "").isalnum() for identifier in found.values())
    told = [one.content for one in desk.channels["chat"].sent]
    assert {"production", "<!channel> ::error:: |<b>"} == {one.environment for one in told if isinstance(one, Notice)}


def test_alerts_that_are_switched_off_are_not_looked_for(store: Store, tmp_path: Path) -> None:
    """And this is said."""
    desk = Desk(store, tmp_path, enabled=False)
    with pytest.raises(UsageError, match=r"alerts\.enabled"):
        desk.look(1)


def test_a_breaker_that_opened_is_an_alert(store: Store, tmp_path: Path) -> None:
    """While it is open, and for an hour after it has closed."""
    desk = Desk(store, tmp_path, rules={RULE: {"enabled": False}, "breaker_trips": {"enabled": True}})
    clock = [NOW.timestamp()]
    breaker = SharedCircuitBreaker(
        store, "deploy", BreakerOptions(FailuresInWindow(1), open_for=30), clock=lambda: clock[0]
    )
    assert not desk.look(0).firing
    breaker.report(breaker.acquire(), "failure")
    assert [("deploy",)] == [one.details for one in desk.look(0).fired]
    assert (["deploy"], []) == (list_tripped(store, at(0), at(0)), list_tripped(store, at(1), at(2)))
    clock[0] += 60
    breaker.report_success(breaker.acquire())
    assert ["deploy"] == list_tripped(store, at(1), at(2))
    assert [] == list_tripped(store, at(2), at(3))
    for minutes in (30, 62, 80):
        desk.look(minutes)
    assert [("alert", "high"), ("resolved", "high")] == desk.read()


@pytest.mark.parametrize(("state", "expected"), [("forced_open", True), ("disabled", False), ("closed", True)])
def test_a_breaker_that_somebody_set_counts_by_what_it_refuses(store: Store, state: Any, expected: bool) -> None:
    """One that is forced open refuses all calls; one that was closed did until then."""
    circuit = Circuit(BreakerOptions())
    circuit.force(state, NOW.timestamp())
    store.change_state("breaker", "deploy", lambda _: (export_circuit(circuit, NOW.timestamp()), None))
    assert ["deploy"] * expected == list_tripped(store, NOW, at(1))
    assert ["deploy"] * (state == "forced_open") == list_tripped(store, at(1), at(2))
    store.change_state("breaker", "damaged", lambda _: ({"circuit": 7}, None))
    assert ["deploy"] * expected == list_tripped(store, NOW, at(1))


def test_long_names_of_strangers_are_cut(store: Store, tmp_path: Path) -> None:
    """What is kept stays small."""
    desk = Desk(store, tmp_path, rules={RULE: {"by": "environment"}})
    record_critical(store, environment="e" * 50_000, operation="o" * 50_000)
    (alert,) = desk.look(1).fired
    assert (300, 300) == (len(alert.labels["environment"]), len(alert.details[0]))


def test_a_test_is_sent_to_the_channels_of_a_rule(store: Store, tmp_path: Path) -> None:
    """As one of it would be, and says that it is none; no alert is made."""
    desk = Desk(store, tmp_path, rules={RULE: {"channels": ["mail"], "by": "environment"}})
    receipt = desk.alerts.send_test(RULE, wait=1.0)
    assert ("sent", ["mail"]) == (receipt.status, list(receipt.channels))
    (told,) = (one.content for one in desk.channels["mail"].sent)
    assert isinstance(told, Notice)
    assert ("test", True) == (told.kind, told.what.startswith("this is no alert: Critical errors: 1"))
    assert ((), 0) == (desk.alerts.list(), len(desk.channels["chat"].sent))
    with pytest.raises(UsageError, match="did you mean"):
        desk.alerts.send_test("critical_error")
    nothing = Desk(store, tmp_path, rules={RULE: {"enabled": False}})
    with pytest.raises(UsageError, match="no rule is watched"):
        nothing.alerts.send_test()


def test_a_state_that_there_is_not_is_refused(desk: Desk) -> None:
    """Rather than found empty."""
    assert () == desk.alerts.list("resolved")
    with pytest.raises(UsageError, match="did you mean 'firing'"):
        desk.alerts.list("fireing")


def test_it_is_a_public_name() -> None:
    """Of the root."""
    assert errclass.AlertManager is AlertManager


def test_without_a_store_that_of_the_settings_is_opened(tmp_path: Path) -> None:
    """For one call at a time."""
    settings = Settings(home=tmp_path, store=str(tmp_path / "store"), alerts={"rules": ONLY_CRITICAL})  # type: ignore[arg-type]
    alerts = AlertManager(settings, clock=lambda: at(1))
    assert ((), ()) == (alerts.list(), alerts.active())
    with Store(settings.store) as store:
        record_critical(store)
    check = alerts.check(wait=0.0)
    assert ([RULE], None) == ([one["id"] for one in check.to_dict()["fired"]], check.sending)
    assert "acknowledged" == alerts.acknowledge(RULE).state


SECONDS = {"window": 3600.0, "for_at_least": 300.0, "clear_after": 900.0}


def test_one_threshold_leaves_the_others_as_they_are(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the system that this one replaces a partial table wiped the others; here every level adds to those below."""
    home.mkdir()
    (home / "config.toml").write_text("[alerts.rules.high_failure_rate]\nthreshold = 0.2\nminimum = 50\n")
    monkeypatch.setenv("ERRCLASS_ALERTS__RULES__HIGH_FAILURE_RATE__MINIMUM", "60")
    monkeypatch.setenv("ERRCLASS_ALERTS__RULES__HIGH_MTTR__THRESHOLD", "7200")
    settings = load_settings(cwd=tmp_path, overrides={"alerts.rules.low_availability.severity": "low"})
    rules = {rule.name: rule for rule in settings.alerts.list_rules()}
    assert set(KINDS) == set(rules)
    rate = rules["high_failure_rate"]
    assert (0.2, 0.16, 60, "high") == (rate.threshold, rate.clear, rate.minimum, rate.severity)
    assert SECONDS == {name: getattr(rate, name).total_seconds() for name in SECONDS}
    assert (7200, 5760, 3) == (rules["high_mttr"].threshold, rules["high_mttr"].clear, rules["high_mttr"].minimum)
    assert ("low", 0.95) == (rules["low_availability"].severity, rules["low_availability"].threshold)
    assert 0.9 == rules["low_success_rate"].threshold


@pytest.mark.parametrize(
    "text",
    [
        "alerts.enabled = false",
        "alerts.interval = 86400",
        "alerts.repeat = 60",
        "alerts.keep_days = 0",
        'alerts.channels = ["mine"]',
        "alerts.rules.high_failure_rate.threshold = 0.9",
        "alerts.rules.high_failure_rate.enabled = false",
        'alerts.rules.mine = {kind = "high_mttr", channels = ["mine"]}',
    ],
)
def test_a_working_tree_changes_nothing_of_alerts(home: Path, tree: Path, text: str) -> None:
    """Whoever opens a pull request neither silences them nor names who is told."""
    usual = load_settings(cwd=home.parent).alerts
    (tree / "errclass.toml").write_text(text)
    settings = load_settings(cwd=tree)
    assert usual == settings.alerts
    assert settings.refused


def test_one_who_switches_notifications_off_in_a_working_tree_loses_no_alert(home: Path, tree: Path) -> None:
    """A look there tells nobody; the next look elsewhere does."""
    home.mkdir()
    (home / "config.toml").write_text('[notifications.channels.webhook]\nurl = "http://127.0.0.1:9/"\n')
    (tree / "errclass.toml").write_text("enable.notifications = false")
    there, here = load_settings(cwd=tree), load_settings(cwd=home)
    with Store(there.store) as store:
        record_critical(store)
        check = AlertManager(there, store=store, clock=lambda: at(1)).check(wait=0.0)
        assert (True, 0) == (check.firing, check.told)
        assert 1 == AlertManager(here, store=store, clock=lambda: at(2)).check(wait=0.0).told
