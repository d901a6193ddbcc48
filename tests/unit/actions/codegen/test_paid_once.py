"""No cause is paid for twice without a person's word, whoever asks when, and whatever the network loses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

import httpx
from hypothesis import given
from hypothesis import strategies as st
from support.codegen_server import KEY, ORG
from support.escalations import WallClock, make_escalation

from errclass.actions.codegen import AgentLine, AgentResult, CodegenApi, CodegenIntegration, GateOptions
from errclass.actions.codegen.integration import IntegrationOptions
from errclass.actions.memory_states import MemoryStates

Fate = Literal["well", "late", "504", "cut", "refused", "429", "500"]
DONE: frozenset[Fate] = frozenset({"well", "late", "504", "cut"})
"""After these what was asked for has been done, whether or not that is told."""


@dataclass(slots=True)
class Service(httpx.BaseTransport):
    """A Codegen that loses answers, lags its list, and lets others in while it works."""

    fates: Iterator[Fate]
    lags: Iterator[bool]
    meanwhile: Callable[[], object] = lambda: None
    runs: list[dict[str, Any]] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.meanwhile()
        fate = next(self.fates, "well")
        answer = self._act(request) if fate in DONE else None
        self.meanwhile()
        if fate == "late":
            raise httpx.ReadTimeout("too slow", request=request)
        if fate == "cut":
            raise httpx.RemoteProtocolError("the end", request=request)
        if fate == "refused":
            raise httpx.ConnectError("nobody there", request=request)
        return _respond({}, int(fate)) if answer is None or fate == "504" else answer

    def _act(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            metadata = json.loads(request.content)["metadata"]
            self.runs.append({"id": 5 + len(self.runs), "status": "ACTIVE", "metadata": metadata})
            return _respond(self.runs[-1])
        if request.url.path.endswith("/runs"):
            items = [] if next(self.lags, False) else self.runs
            return _respond({"items": items})
        number = int(request.url.path.rpartition("/")[2])
        return _respond(next(one for one in self.runs if one["id"] == number))


def _respond(value: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, stream=httpx.ByteStream(json.dumps(value).encode()))


class Office:
    """Callers in processes of their own, over one store and one service."""

    def __init__(self, fates: Iterable[Fate] = (), lags: Iterable[bool] = (), budget: int = 20) -> None:
        self.clock, self.keeper = WallClock(), MemoryStates()
        self.service = Service(iter(fates), iter(lags))
        self.options = IntegrationOptions(GateOptions(runs_per_day=budget))

    def open(self) -> CodegenIntegration:
        agent, clock = CodegenApi(KEY, ORG), self.clock
        line = AgentLine(agent, keeper=self.keeper, wall_clock=clock.seconds, sleep=clock.sleep, transport=self.service)
        return CodegenIntegration(
            agent, keeper=self.keeper, line=line, options=self.options, clock=clock, ticks=clock.seconds
        )

    def ask(self, identifier: str = "esc-1") -> AgentResult:
        return self.open().trigger_error_resolution(make_escalation(identifier))


def test_a_run_that_the_list_does_not_show_yet_is_not_made_again() -> None:
    """However often it is asked for; it is told once the list has it."""
    office = Office(["504"], [True] * 4)
    kinds = [office.ask().kind for _ in range(4)]
    assert ["uncertain", "uncertain", "uncertain", "started"] == kinds
    assert (1, 1) == (len(office.service.runs), office.open().get_statistics().today)


def test_two_who_ask_at_once_look_once() -> None:
    """Of a run that may have been made; the second is told that somebody is at it."""
    office, told = Office(["500"], [True] * 9), []
    assert ("uncertain", 0) == (office.ask().kind, len(office.service.runs))
    office.service.meanwhile = lambda: told.append(office.ask().reason)
    assert "uncertain" == office.ask().kind
    assert ({"starting"}, 0) == (set(told), len(office.service.runs))


def test_a_process_that_died_long_ago_may_have_made_one() -> None:
    """So it is looked for, and none is made; a clock that was wrong by months blocks nothing."""

    class Killed(BaseException):
        pass

    def die() -> None:
        raise Killed

    for days in (1, -100):
        office = Office()
        office.service.meanwhile = die
        try:
            office.ask()
        except Killed:
            office.service.meanwhile = lambda: None
        assert "starting" == office.ask().reason
        office.clock.now += timedelta(days=days)
        assert ("uncertain", 0) == (office.ask().kind, len(office.service.runs))


def test_a_person_says_that_there_is_none() -> None:
    """Then it is asked for again, within the day's budget."""
    office = Office(["500"], budget=1)
    assert ("uncertain", 1) == (office.ask().kind, office.open().get_statistics().today)
    assert "in_progress" == office.ask("esc-2").reason
    settled = office.open().report_run("esc-1", None)
    assert ("not_started", "started", 1) == (settled and settled.state, office.ask().kind, len(office.service.runs))
    assert (None, None) == (office.open().report_run("esc-1", None), office.open().report_run("esc-7", None))


def test_a_person_says_which_one_it_is() -> None:
    """Then it is looked at like any other."""
    office = Office(["504"], [True] * 9)
    office.ask()
    settled = office.open().report_run("esc-1", "5")
    assert ("5", "running") == (settled and settled.run_id, office.ask().kind)


def test_one_that_is_just_being_asked_for_is_nobodys_to_settle() -> None:
    """Whatever a person says meanwhile, for that person cannot know yet."""
    office, told = Office(), []
    office.service.meanwhile = lambda: told.append(office.open().report_run("esc-1", None))
    assert ("started", {None}, 1) == (office.ask().kind, set(told), len(office.service.runs))


STEPS = st.tuples(st.sampled_from(["esc-1", "esc-2"]), st.sampled_from([0.0, 1.0, 400.0, 90_000.0, -90_000.0]))


@given(
    fates=st.lists(st.sampled_from(["well", "late", "504", "cut", "refused", "429", "500"]), max_size=20),
    lags=st.lists(st.booleans(), max_size=12),
    steps=st.lists(STEPS, min_size=1, max_size=6),
    between=st.lists(st.none() | STEPS, max_size=12),
)
def test_no_cause_ever_has_two_runs(fates: list[Fate], lags: list[bool], steps: Any, between: Any) -> None:
    """Two escalations of it, callers within callers, lost answers, lagging lists, clocks that jump."""
    office, inner = Office(fates, lags), iter(between)

    def act(step: Any) -> None:
        if step is not None:
            office.clock.now += timedelta(seconds=step[1])
            office.ask(step[0])

    office.service.meanwhile = lambda: act(next(inner, None))
    for step in steps:
        act(step)
    assert len(office.service.runs) <= 1
    assert office.service.runs == [] or office.open().get_statistics().active == 1
