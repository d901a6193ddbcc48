"""What the service counts, under which labels."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from support.happenings import decide

from errclass.serve.metrics import METRICS, ServiceMeter
from errclass.serve.metrics.known_values import OTHER, Cap, choose
from errclass.serve.metrics.service_meter import MOST_TYPES
from errclass.serve.request_meter import Exchange
from errclass.system.handling import HandlingResult


class Noted:
    """Instruments that keep what they are told."""

    def __init__(self) -> None:
        self.sums: Counter[tuple[str, ...]] = Counter()
        self.values: list[tuple[str, float]] = []

    def add(self, name: str, labels: tuple[str, ...] = (), amount: float = 1.0) -> None:
        self.sums[name, *labels] += amount  # type: ignore[assignment]

    def change(self, name: str, amount: float) -> None:
        self.sums[name,] += amount  # type: ignore[assignment]

    def observe(self, name: str, value: float, labels: tuple[str, ...] = ()) -> None:
        self.values.append((name, value))


@pytest.fixture
def noted() -> Noted:
    """What was counted."""
    return Noted()


def collect(noted: Noted, name: str) -> dict[tuple[str, ...], float]:
    """Return what was counted under a name, by labels, without what never was."""
    return {tuple(key[1:]): number for key, number in noted.sums.items() if key[0] == name and number}


@pytest.mark.parametrize(
    ("exchange", "labels", "refused"),
    [
        (Exchange("/v1/decide", "POST", 200, 0.1), ("/v1/decide", "POST", "200"), {}),
        (Exchange("-", "GET", 404, 0.1, "http-404"), ("other", "GET", "404"), {("http-404",): 1}),
        (Exchange("-", "BREW\x1b", 405, 0.1, "http-405"), ("other", "other", "405"), {("http-405",): 1}),
        (Exchange("-", "GET", 0, 0.1), ("other", "GET", "none"), {}),
    ],
)
def test_a_request_is_counted_by_route_method_and_status(
    noted: Noted, exchange: Exchange, labels: tuple[str, ...], refused: dict[tuple[str, ...], int]
) -> None:
    """Methods are those that there are."""
    meter = ServiceMeter(noted)
    meter.begin()
    assert {(): 1} == collect(noted, "errclass_requests_in_flight")
    meter.end(exchange)
    assert {} == collect(noted, "errclass_requests_in_flight")
    assert {labels: 1} == collect(noted, "errclass_requests_total")
    assert refused == collect(noted, "errclass_requests_refused_total")
    assert [("errclass_request_duration_seconds", 0.1)] == noted.values


def test_a_fault_of_ours_is_counted_as_one(noted: Noted) -> None:
    """Beside its refusal; those of others are not."""
    meter = ServiceMeter(noted)
    for kind in ("inner-fault", "store", "http-404", "busy"):
        meter.begin()
        meter.end(Exchange("-", "GET", 500, 0.1, kind))
    assert {("request",): 1} == collect(noted, "errclass_inner_faults_total")
    assert 4 == sum(collect(noted, "errclass_requests_refused_total").values())


def test_places_of_faults_are_there_before_any_fault() -> None:
    """A counter that appears with 1 has not risen, for Prometheus."""
    names: list[tuple[str, ...]] = []

    class Names(Noted):
        def add(self, name: str, labels: tuple[str, ...] = (), amount: float = 1.0) -> None:
            names.append((*labels, str(amount)))

    ServiceMeter(Names())
    assert [("request", "0"), ("handle", "0"), ("look", "0")] == names


def test_decisions_are_counted_by_who_asked(noted: Noted) -> None:
    """By what was decided, by type, and how sure."""
    meter = ServiceMeter(noted)
    meter.note_decision("decide", decide("network", strategy="retry", severity="low"))
    meter.note_decision("record", decide("build", abstained="novel", confidence=0.2))
    assert {("decide", "retry", "transient", "low"): 1, ("record", "notify", "persistent", "medium"): 1} == collect(
        noted, "errclass_decisions_total"
    )
    assert {("network", "none"): 1, ("build", "novel"): 1} == collect(noted, "errclass_decided_types_total")
    assert [0.75, 0.2] == [value for _, value in noted.values]


def test_handled_failures_are_counted_with_their_decisions(noted: Noted) -> None:
    """And with faults of ours; one that was not decided is no decision."""
    meter = ServiceMeter(noted)
    meter.note_handling(HandlingResult(True, "retry", "", "", decision=decide("network")))
    meter.note_handling(HandlingResult(False, "notify", "", "", faults=("one", "two")))
    assert {("retry", "success"): 1, ("notify", "failure"): 1} == collect(noted, "errclass_handled_total")
    assert {("handle",): 1} == collect(noted, "errclass_inner_faults_total")
    assert [("handle", "notify", "transient", "medium")] == list(collect(noted, "errclass_decisions_total"))


def test_types_are_bounded(noted: Noted) -> None:
    """A model with a thousand types makes a hundred series."""
    meter = ServiceMeter(noted)
    for number in range(1000):
        meter.note_decision("decide", decide(f"type{number}"))
    found = collect(noted, "errclass_decided_types_total")
    assert (MOST_TYPES + 1, 1000 - MOST_TYPES) == (len(found), found[OTHER, "none"])


def test_values_are_known_other_or_none() -> None:
    """An empty text is a value."""
    assert ["a", "other", "none", "other"] == [choose(value, {"a"}) for value in ("a", "b", None, "")]
    cap = Cap(2)
    assert ["a", "b", "other", "a"] == [cap.limit(value) for value in "abca"]


def test_without_instruments_nothing_is_counted() -> None:
    """And nothing fails."""
    meter = ServiceMeter()
    meter.begin()
    meter.end(Exchange("-", "GET", 200, 0.1))
    meter.note_decision("decide", decide("network"))


def test_histograms_have_sensible_buckets() -> None:
    """They rise, cover what a request may take, and separate what a known failure takes from the rest."""
    buckets = {metric.name: metric.buckets for metric in METRICS if metric.kind == "histogram"}
    for found in buckets.values():
        assert list(found) == sorted(set(found))
    seconds: Any = buckets["errclass_request_duration_seconds"]
    assert (seconds[0] <= 0.001, seconds[-1] >= 30.0, 10 <= len(seconds) <= 20) == (True, True, True)
    assert 1.0 == buckets["errclass_decision_confidence"][-1]
