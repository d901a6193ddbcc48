"""Measure what rules watch, over the store's figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from ...outcomes import FigureReader
from ..intervals import change_interval, difference_interval, share_interval
from ..known_span import find_known_from
from ..period import Period
from .finding import Finding, Measurement
from .kinds import USUAL_SECONDS
from .rule import AlertRule

Row = Mapping[str, Any]
FindTripped = Callable[[datetime], Iterable[str]]
"""Returns the operations whose circuit breaker was open since a moment."""
_MOST_PLACES = 100
"""Places that one rule tells apart, those with the most failures."""
_SHOWN = 5
_USUAL = timedelta(seconds=USUAL_SECONDS)
_COUNTING = frozenset({"breaker_trips", "critical_errors", "failure_spike"})
"""Kinds of rules that few cases are good news to: what they rest on is what is wrong."""
_COMPARING = frozenset({"degradation", "failure_spike", "high_failure_rate", "low_success_rate"})
"""Kinds of rules that look at the time before their window, too."""
_NO_SUCCESS = "no successful call is known, so that rates say nothing"
_NOTHING_USUAL = "there is too little before to compare with"


def measure(
    reader: FigureReader, rules: Iterable[AlertRule], now: datetime, find_tripped: FindTripped
) -> list[Finding]:
    """Return what each rule finds at a moment, in each of its places; nothing of places that nothing is known of."""
    look = _Look(reader, now, find_tripped)
    # What goes back furthest comes first: what is looked at for it holds the rest.
    ordered = sorted(rules, key=_find_reach, reverse=True)
    return [Finding(rule, found) for rule in ordered for found in _measure_rule(look, rule)]


def _measure_rule(look: _Look, rule: AlertRule) -> Iterator[Measurement]:
    """Yield what is found, and where operations are down of which too little is known."""
    down = set() if rule.kind.name in _COUNTING else look.find_down(rule)
    found = list(_MEASURES[rule.kind.name](look, rule))
    silent = down - {one.place for one in found}
    found += [Measurement(None, 0, place) for place in sorted(silent)]
    cut = rule.name in look.cut
    for one in found:
        yield replace(one, ongoing=one.ongoing or one.place in down, cut=cut)


def _find_reach(rule: AlertRule) -> timedelta:
    return rule.window + (_USUAL if rule.kind.name in _COMPARING else timedelta())


class _Look:
    """Ask for rows, each query once for all rules that ask the same."""

    def __init__(self, reader: FigureReader, now: datetime, find_tripped: FindTripped) -> None:
        self._reader, self._now, self._find_tripped = reader, now, find_tripped
        self._known: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        self.cut: set[str] = set()
        """Names of the rules that have more places than were looked at."""

    def read(self, name: str, rule: AlertRule, *, usual: bool = False) -> list[dict[str, Any]]:
        """Return rows by place; ``usual``: of the time before the window too."""
        key = (name, rule.window, rule.by, rule.only)
        if key not in self._known:
            parameters: dict[str, Any] = {
                "dimension": rule.by or "all",
                "wanted": list(rule.only) or None,
                "size": _MOST_PLACES + 1,
            }
            since = self._now - rule.window
            if usual:
                since -= _USUAL
                parameters["seconds"] = rule.window / timedelta(seconds=1)
            self._known[key] = self._reader.read(name, since, self._now, **parameters)
        return self.shorten(rule, self._known[key])

    def shorten(self, rule: AlertRule, places: list[Any]) -> list[Any]:
        """Return as many places as are told apart, and note it where there are more."""
        if len(places) > _MOST_PLACES:
            self.cut.add(rule.name)
        return places[:_MOST_PLACES]

    def find_down(self, rule: AlertRule) -> set[str]:
        """Return the places where an incident is open."""
        return {_place(row) for row in self.read("alert_down", rule)}

    def find_tripped(self, rule: AlertRule) -> list[str]:
        """Return the operations of which a breaker was open in the rule's window, in order."""
        return sorted(self._find_tripped(self._now - rule.window))

    def find_age(self) -> timedelta:
        """Return how far back the store goes."""
        known_from = find_known_from(self._reader, Period(self._now - _USUAL, self._now))
        return self._now - known_from if known_from else timedelta()


def _measure_failure_rate(look: _Look, rule: AlertRule) -> Iterator[Measurement]:
    for row in look.read("alert_calls", rule, usual=True):
        calls, failures = row["calls"], row["calls"] - row["successes"]
        lacking = "" if row["successes"] + row["usual_successes"] else _NO_SUCCESS
        found = _share(row, failures, calls, lacking, f"{failures} of {calls} calls failed")
        yield replace(found, ongoing=bool(lacking) and calls >= rule.minimum)


def _measure_success_rate(look: _Look, rule: AlertRule) -> Iterator[Measurement]:
    for row in look.read("alert_runs", rule, usual=True):
        runs, successes = row["runs"], row["successes"]
        lacking = "" if successes + row["usual_successes"] else _NO_SUCCESS
        found = _share(row, successes, runs, lacking, f"{successes} of {runs} runs succeeded, retries included")
        yield replace(found, ongoing=bool(lacking) and runs >= rule.minimum)


def _measure_recovery_failures(look: _Look, rule: AlertRule) -> Iterator[Measurement]:
    for row in look.read("alert_recoveries", rule):
        tries, failed, last = row["recoveries"], row["failed"], row["last_failed"]
        details = (f"{failed} of {tries} recoveries failed", *([f"the last to fail: {last}"] if last else []))
        yield _share(row, failed, tries, "", *details)


def _measure_recovery_time(look: _Look, rule: AlertRule) -> Iterator[Measurement]:
    for row in look.read("alert_recovery_time", rule):
        details = (f"{row['recovered']} incidents are over, {row['censored']} are open",)
        yield Measurement(row["mean_seconds"], row["incidents"], _place(row), details=details)


def _measure_availability(look: _Look, rule: AlertRule) -> Iterator[Measurement]:
    for row in look.read("alert_availability", rule):
        watched, down = row["observed_seconds"] or 0.0, row["down_seconds"] or 0.0
        value = 1 - down / watched if watched else None
        details = (f"{row['incidents']} incidents; down {down / 3600:.1f} of {watched / 3600:.1f} hours watched",)
        yield Measurement(value, int(watched // 3600), _place(row), details=details)


def _measure_degradation(look: _Look, rule: AlertRule) -> Iterator[Measurement]:
    for row in look.read("alert_calls", rule, usual=True):
        calls, usual = row["calls"], row["usual_calls"]
        now, before = (calls - row["successes"], calls), (usual - row["usual_successes"], usual)
        if usual < rule.minimum or not row["successes"] + row["usual_successes"]:
            yield Measurement(None, calls, _place(row), lacking=_NOTHING_USUAL)
        elif calls:
            low, high = difference_interval(now, before)
            value = now[0] / calls - before[0] / usual
            details = tuple(
                f"{when}: {failed} of {tries} calls failed"
                for when, (failed, tries) in (("now", now), ("the 7 days before", before))
            )
            yield Measurement(value, calls, _place(row), low, high, details=details)


def _measure_spike(look: _Look, rule: AlertRule) -> Iterator[Measurement]:
    lacking = "" if look.find_age() >= rule.window + timedelta(days=1) else _NOTHING_USUAL
    for row in look.read("alert_spikes", rule, usual=True):
        failures, busiest = row["failures"], row["busiest"]
        low, high = change_interval(failures, busiest)
        details = (f"{failures} failures now, {busiest} in the busiest like time of the last 7 days",)
        yield Measurement(
            failures / max(busiest, 1),
            failures,
            _place(row),
            None if low is None else low + 1,
            None if high is None else high + 1,
            lacking=lacking,
            details=details,
        )


def _measure_trips(look: _Look, rule: AlertRule) -> Iterator[Measurement]:
    tripped = [name for name in look.find_tripped(rule) if not rule.only or name in rule.only]
    if rule.by is None and tripped:
        more = f" and {len(tripped) - _SHOWN} more" if len(tripped) > _SHOWN else ""
        yield Measurement(len(tripped), len(tripped), details=(f"{', '.join(tripped[:_SHOWN])}{more}",))
    elif rule.by is not None:
        yield from (Measurement(1, 1, name) for name in look.shorten(rule, tripped))


def _measure_critical(look: _Look, rule: AlertRule) -> Iterator[Measurement]:
    for row in look.read("alert_critical", rule):
        last = f"the last: {row['last_type'] or 'of no type'} in {row['last_operation'] or 'an operation'}"
        yield Measurement(row["failures"], row["failures"], _place(row), details=(last,), failure_id=row["last_id"])


_MEASURES: Final[Mapping[str, Callable[[_Look, AlertRule], Iterator[Measurement]]]] = {
    "breaker_trips": _measure_trips,
    "critical_errors": _measure_critical,
    "degradation": _measure_degradation,
    "failure_spike": _measure_spike,
    "high_failure_rate": _measure_failure_rate,
    "high_mttr": _measure_recovery_time,
    "low_availability": _measure_availability,
    "low_success_rate": _measure_success_rate,
    "recovery_failures": _measure_recovery_failures,
}
_QUERIES: Final[Mapping[str, tuple[str, ...]]] = {
    "breaker_trips": (),
    "critical_errors": ("alert_critical",),
    "degradation": ("alert_calls",),
    "failure_spike": ("alert_spikes", "known_span"),
    "high_failure_rate": ("alert_calls",),
    "high_mttr": ("alert_recovery_time",),
    "low_availability": ("alert_availability",),
    "low_success_rate": ("alert_runs",),
    "recovery_failures": ("alert_recoveries",),
}


def find_queries(kinds: Iterable[str]) -> tuple[str, ...]:
    """Return what kinds of rules ask of ``outcomes/sql/figures``: whatever else is not made need not be bound."""
    asked = set(kinds)
    down = set() if asked <= _COUNTING else {"alert_down"}
    return tuple(sorted(down.union(*(_QUERIES[kind] for kind in asked))))


def find_start(rules: Iterable[AlertRule], now: datetime) -> datetime:
    """Return from when on rules ask how operations worked; what else they ask about may lie further back."""
    return min((now - rule.window for rule in rules if rule.kind.name not in _COUNTING), default=now)


def _share(row: Row, cases: int, tries: int, lacking: str, *details: str) -> Measurement:
    low, high = share_interval(cases, tries)
    value = cases / tries if tries else None
    return Measurement(value, tries, _place(row), low, high, lacking=lacking, details=details)


def _place(row: Row) -> str:
    place: str = row["value"]
    return place
