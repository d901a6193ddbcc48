"""Alerts over the store: rules are looked at, what fires is kept where all processes see it, and people are told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from ..actions.notify import DrainReport, NotificationSystem, Receipt
from ..core.clock import utc_now
from ..core.errors import UsageError
from ..core.jsonable import to_jsonable
from ..core.suggesting import join_names, suggest_name
from ..outcomes import Store, open_figures
from ..reports.alerts import (
    STATES,
    Alert,
    AlertBook,
    AlertRule,
    Finding,
    Measurement,
    Step,
    acknowledge,
    advance,
    describe_finding,
    find_queries,
    find_start,
    list_tellings,
    mark_told,
    measure,
)
from .alert_notices import make_test_notice, queue_telling
from .breaker_trips import list_tripped
from .notifying import Notifying, make_notifications
from .settings import Settings, load_settings
from .telling import send_notice
from .wiring import use_store

_log = logging.getLogger("errclass")
KIND, NAME = "alerts", "all"
"""Under which the alerts of a store are kept."""
_MOST_NOTE_CHARS = 500
_MOST_NAME_CHARS = 100


@dataclass(frozen=True, slots=True)
class AlertCheck:
    """Say what a look at the rules found."""

    alerts: tuple[Alert, ...]
    """Those that are pending or fire now."""
    fired: tuple[Alert, ...] = ()
    """Those that this look had fire."""
    resolved: tuple[Alert, ...] = ()
    """Those that this look found to be over."""
    told: int = 0
    """Notices that this look queued."""
    sending: DrainReport | None = None
    """What became of what was due to be sent, this look's or older; None where nobody can be told."""
    faults: tuple[str, ...] = ()
    """What is wrong with channels."""

    @property
    def firing(self) -> bool:
        """Whether any alert fires, acknowledged or not."""
        return any(one.active for one in self.alerts)

    def to_dict(self) -> dict[str, Any]:
        """Return all fields, JSON-ready."""
        values: dict[str, Any] = to_jsonable(self)
        return values


class AlertManager:
    """Look at the rules of the settings over a store, keep what fires, and tell people.

    Without a store that of the settings, opened for one call at a time. What is kept is in the store: any number of
    processes may look at once, and people are told once. Without ``notifications`` people are told through the channels
    of the settings. ``clock`` gives aware datetimes.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        store: Store | None = None,
        notifications: NotificationSystem | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._settings = settings
        self._store = store
        self._notifications = notifications
        self._clock = clock

    @property
    def rules(self) -> tuple[AlertRule, ...]:
        """The rules that are watched."""
        return self._load().alerts.list_rules()

    def check(self, *, wait: float = 5.0) -> AlertCheck:
        """Look at all rules now, tell people what is new, and send what is due for at most ``wait`` seconds.

        Raises UsageError where alerts are switched off, StoreError where the store cannot be read or written: then
        nothing is changed, and the next look tells what this one could not.
        """
        settings = self._load()
        if not settings.alerts.enabled:
            raise UsageError("alerts are switched off; set alerts.enabled to true")
        with use_store(self._store, self._load) as store:
            step = self._look(store)
            notifying = self._find_notifying(store)
            told = self._tell(store, notifying, step.book)
            sending = notifying.system.drain(wait) if notifying.system.channels else None
        faults = (*notifying.faults, *self._find_lost(notifying))
        return AlertCheck(
            step.book.list_all()[: len(step.book.current)], step.fired, step.resolved, told, sending, faults
        )

    def active(self) -> tuple[Alert, ...]:
        """Return the alerts that fire, acknowledged or not, newest first."""
        return tuple(one for one in self.read_book().list_all() if one.active)

    def list(self, state: str | None = None) -> tuple[Alert, ...]:
        """Return alerts as the last look left them, newest first; by default all, also those that are over.

        Raises UsageError for a state that there is not.
        """
        if state is not None and state not in STATES:
            raise UsageError(f"no state {state!r}{suggest_name(state, STATES)}; there are {join_names(STATES)}")
        return tuple(one for one in self.read_book().list_all() if state in (None, one.state))

    def read_book(self) -> AlertBook:
        """Return all alerts with the moment of the last look."""
        with use_store(self._store, self._load) as store:
            return AlertBook.from_dict(store.read_state(KIND, NAME))

    def acknowledge(self, alert_id: str, *, by: str = "somebody", note: str = "") -> Alert:
        """Say that somebody has taken an alert up: people are told of its end, and not again that it fires.

        One that was taken up stays as it is. Raises UsageError where none with this id fires.
        """

        def change(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any] | None, Alert | None]:
            book = AlertBook.from_dict(state)
            alert = book.find(alert_id)
            if alert is None or not alert.active:
                return None, None
            after = acknowledge(alert, self._clock(), by=by[:_MOST_NAME_CHARS], note=note[:_MOST_NOTE_CHARS])
            return (None if after == alert else book.replace(after).to_dict()), after

        with use_store(self._store, self._load) as store:
            found = store.change_state(KIND, NAME, change) if store.read_state(KIND, NAME) else None
        if found is None:
            raise UsageError(f"{alert_id}: no alert with this id fires; see errclass alerts list")
        return found

    def send_test(self, rule: str | None = None, *, wait: float = 5.0) -> Receipt:
        """Send what looks as an alert of a rule, and says that it is none, to its channels; return what became of it.

        Raises UsageError for a rule that there is not.
        """
        alert = self.compose_test(rule)
        with use_store(self._store, self._load) as store:
            notifying = self._find_notifying(store)
            receipt = send_notice(notifying, make_test_notice(alert), alert.channels)
            if receipt.status == "skipped":
                return receipt
            notifying.system.drain(wait)
            return notifying.system.get_receipt(receipt.notice_id)

    def find_channels(self, alert: Alert) -> tuple[str, ...]:
        """Return the names of the channels that hear of an alert: its own, or all, as far as they are set up."""
        with use_store(self._store, self._load) as store:
            known = self._find_notifying(store).system.channels
        return tuple(name for name in alert.channels if name in known) or known

    def compose_test(self, rule: str | None = None) -> Alert:
        """Return an alert of a rule, by default the first, as if its number stood at the threshold."""
        now = self._clock()
        chosen = self._find_rule(rule)
        place = chosen.only[0] if chosen.only else "somewhere" if chosen.by else None
        found = Measurement(chosen.threshold, chosen.minimum, place)
        alert = Alert(
            **{**describe_finding(Finding(chosen, found)), "id": chosen.name, "state": "firing", "since": now}
        )
        return replace(alert, fired_at=now)

    def _find_rule(self, name: str | None) -> AlertRule:
        rules = {rule.name: rule for rule in self.rules}
        if not rules:
            raise UsageError("no rule is watched; set alerts.rules.NAME.enabled to true")
        if name is not None and name not in rules:
            raise UsageError(f"no rule is called {name!r}{suggest_name(name, rules)}; there are {join_names(rules)}")
        return rules[name] if name else next(iter(rules.values()))

    def _look(self, store: Store) -> Step:
        now, rules, keep = self._clock(), self.rules, timedelta(days=self._load().alerts.keep_days)
        queries = find_queries({rule.kind.name for rule in rules})
        with open_figures(store, *queries, since=find_start(rules, now)) as reader:
            findings = measure(reader, rules, now, lambda since: list_tripped(store, since, now))

        def change(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any] | None, Step]:
            step = advance(AlertBook.from_dict(state), rules, findings, now)
            return step.book.forget_before(now - keep).to_dict(), step

        step = store.change_state(KIND, NAME, change)
        for event, alerts in (("fired", step.fired), ("resolved", step.resolved)):
            for one in alerts:
                _log.warning("errclass.alert_%s: %s", event, one.id)
        return step

    def _tell(self, store: Store, notifying: Notifying, book: AlertBook) -> int:
        """Queue what people are to be told, and note it once it is safe: whoever is killed between leaves it due."""
        now, repeat = self._clock(), self._load().alerts.repeat
        due = list_tellings(book, now, timedelta(seconds=repeat) if repeat else None)
        told = [one for one in due if queue_telling(notifying, one)]

        def note(state: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], None]:
            noted = AlertBook.from_dict(state)
            for one in told:
                noted = mark_told(noted, one, now)
            return noted.to_dict(), None

        if told:
            store.change_state(KIND, NAME, note)
        return len(told)

    def _find_lost(self, notifying: Notifying) -> Iterator[str]:
        """Yield what is wrong with channels that rules name; where there is none at all nobody can be told anyway."""
        known = notifying.system.channels
        named = {name: rule.name for rule in reversed(self.rules) for name in rule.channels}
        for name, rule in sorted(named.items()) if known else ():
            if name not in known:
                yield f"alerts.rules.{rule}: no channel {name!r} is set up; set up: {join_names(known)}"

    def _find_notifying(self, store: Store) -> Notifying:
        if self._notifications is not None:
            return Notifying(self._notifications)
        return make_notifications(self._load(), store)

    def _load(self) -> Settings:
        if self._settings is None:
            self._settings = load_settings()
        return self._settings
