"""What this service does, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..problem import INNER_FAULT
from ..request_meter import METHODS, NO_ROUTE, Exchange
from .instruments import Instruments
from .known_values import NONE, OTHER, Cap, choose

if TYPE_CHECKING:
    from ...core.types import Decision
    from ...system.handling import HandlingResult

DecisionSource = Literal["classify", "decide", "explain", "handle", "record"]
Place = Literal["request", "handle", "look"]
PLACES: tuple[Place, ...] = ("request", "handle", "look")
MOST_TYPES = 100


class ServiceMeter:
    """Count what the service does, in all of ``instruments``; without any it counts nothing.

    No label holds what a stranger sent: routes are templates, and what is not known is ``other``.
    """

    def __init__(self, *instruments: Instruments) -> None:
        self._instruments = instruments
        self._types = Cap(MOST_TYPES)
        for place in PLACES:  # so that the first fault is seen as a rise
            self._add("errclass_inner_faults_total", place, amount=0)

    def begin(self) -> None:
        """Note that a request is under way."""
        self._change(1)

    def end(self, exchange: Exchange) -> None:
        """Note that a request is over."""
        self._change(-1)
        route = OTHER if exchange.route == NO_ROUTE else exchange.route
        method = choose(exchange.method, METHODS)
        self._add("errclass_requests_total", route, method, str(exchange.status or NONE))
        self._observe("errclass_request_duration_seconds", exchange.seconds, route, method)
        if exchange.refusal:
            self._add("errclass_requests_refused_total", exchange.refusal)
        if exchange.refusal == INNER_FAULT.kind:
            self.note_fault("request")

    def note_decision(self, source: DecisionSource, decision: Decision) -> None:
        """Note a decision that somebody asked for."""
        kinds = (decision.strategy, decision.category, decision.severity)
        self._add("errclass_decisions_total", source, *kinds)
        kind = self._types.limit(decision.type)
        self._add("errclass_decided_types_total", kind, decision.abstained or NONE)
        self._observe("errclass_decision_confidence", decision.confidence)

    def note_handling(self, result: HandlingResult) -> None:
        """Note that a failure was handled."""
        if result.decision is not None:
            self.note_decision("handle", result.decision)
        self._add("errclass_handled_total", result.strategy, "success" if result.success else "failure")
        if result.faults:
            self.note_fault("handle")

    def note_recorded(self, calls: int) -> None:
        """Note that calls were kept."""
        self._add("errclass_recorded_calls_total", amount=calls)

    def note_label(self) -> None:
        """Note that a label was given."""
        self._add("errclass_labels_total")

    def note_fault(self, place: Place) -> None:
        """Note that errclass itself failed at something."""
        self._add("errclass_inner_faults_total", place)

    def _add(self, name: str, *labels: str, amount: float = 1.0) -> None:
        for one in self._instruments:
            one.add(name, labels, amount)

    def _change(self, amount: float) -> None:
        for one in self._instruments:
            one.change("errclass_requests_in_flight", amount)

    def _observe(self, name: str, value: float, *labels: str) -> None:
        for one in self._instruments:
            one.observe(name, value, labels)
