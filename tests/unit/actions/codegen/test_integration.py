"""An agent is asked once, only where it is worth it, and its run is followed to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from support.codegen_server import Codegen, Trouble
from support.escalations import CONTEXT, WallClock, make_escalation
from support.hostile import HOSTILE, Hostile, name_case

from errclass.actions.codegen import CodegenIntegration, FollowOptions, GateOptions, IntegrationOptions
from errclass.actions.memory_states import MemoryStates
from errclass.core.errors import StoreError
from errclass.core.frozen import FrozenDict
from errclass.core.types import Context

Make = Callable[..., CodegenIntegration]
PULL = "https://github.com/acme/shop/pull/7"


def _creations(codegen: Codegen) -> int:
    return sum(method == "POST" and path.endswith("/agent/run") for method, path, _ in codegen.asked)


def _context(**metadata: str) -> Context:
    from dataclasses import replace

    return replace(CONTEXT, metadata=FrozenDict(metadata))


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Return a function that calls a method, or awaits its twin."""

    def act(integration: CodegenIntegration, name: str, *args: Any) -> Any:
        if request.param == "sync":
            return getattr(integration, name)(*args)
        return asyncio.run(getattr(integration, f"a{name}")(*args))

    return act


def test_a_run_is_started_and_followed_to_its_pull_request(
    codegen: Codegen, make: Make, call: Callable[..., Any]
) -> None:
    """With our id in its metadata; the link comes later than the end."""
    codegen.statuses, codegen.links_after = ["ACTIVE", "EVALUATING_SOMETHING_NEW", None, "COMPLETE"], 5
    integration = make()
    started = call(integration, "trigger_error_resolution", make_escalation())
    assert ("started", True, "41894") == (started.kind, started.success, started.run.id)
    method, path, body = codegen.asked[0]
    assert ("POST", "/v1/organizations/323/agent/run", "esc-1") == (method, path, body["metadata"]["errclass_id"])
    done = call(integration, "follow", started.run.id)
    assert ("completed", (PULL,)) == (done.kind, tuple(one.url for one in done.run.pull_requests))
    entry = integration.get_history()[0]
    assert ("completed", (PULL,), False) == (entry.state, entry.pull_requests, entry.active)


def test_the_same_escalation_is_paid_for_once(codegen: Codegen, make: Make, call: Callable[..., Any]) -> None:
    """Asked again, by another process too, the same run is told."""
    keeper = MemoryStates()
    one, two = make(keeper=keeper), make(keeper=keeper)
    first = call(one, "trigger_error_resolution", make_escalation())
    again = call(two, "trigger_error_resolution", make_escalation())
    assert (first.run.id, "running", 1) == (again.run.id, again.kind, _creations(codegen))
    codegen.troubles = [Trouble(500)] * 4
    assert "server_error" == call(two, "trigger_error_resolution", make_escalation()).kind
    assert ("running", 1) == (two.get_history()[0].state, _creations(codegen))


LOST = (
    ("an answer that never came", Trouble(mute=True)),
    ("an answer that ended in the middle", Trouble(cuts=True)),
    ("a fault after the fact", Trouble(502, b"bad gateway", after=True)),
    ("garbage after the fact", Trouble(200, b"<html>ok</html>", after=True)),
)


@pytest.mark.parametrize(("_", "trouble"), LOST, ids=[name for name, _ in LOST])
def test_a_run_whose_creation_was_not_confirmed_is_looked_for(
    codegen: Codegen, make: Make, call: Callable[..., Any], _: str, trouble: Trouble
) -> None:
    """And is found by our id, so that no second one is made."""
    codegen.troubles = [trouble]
    result = call(make(total=0.5), "trigger_error_resolution", make_escalation())
    assert ("started", "41894", 1) == (result.kind, result.run.id, _creations(codegen))


def test_where_the_list_tells_no_ids_nothing_is_made_twice(codegen: Codegen, make: Make) -> None:
    """A run may be there; a person is told to look, however often it is asked for."""
    codegen.tells_metadata = False
    codegen.troubles = [Trouble(502, b"", after=True)]
    integration = make()
    result = integration.trigger_error_resolution(make_escalation())
    assert ("uncertain", False, 1) == (result.kind, result.success, _creations(codegen))
    assert "own list of runs" in result.advice
    again = integration.trigger_error_resolution(make_escalation())
    assert ("uncertain", 1) == (again.kind, _creations(codegen))


def test_a_process_that_died_between_asking_and_noting_is_made_good(
    codegen: Codegen, make: Make, clock: WallClock
) -> None:
    """Its run is found by its id, once nobody can be asking any more."""
    keeper = MemoryStates()

    class Killed(BaseException):
        pass

    def die(_: float) -> None:
        raise Killed

    dying = make(keeper=keeper, total=0.5)
    dying._line._sleep = die
    codegen.troubles = [Trouble(mute=True)]
    with pytest.raises(Killed):
        dying.trigger_error_resolution(make_escalation())
    other = make(keeper=keeper)
    assert "starting" == other.trigger_error_resolution(make_escalation()).reason
    clock.sleep(301)
    result = other.trigger_error_resolution(make_escalation())
    assert ("started", "41894", 1) == (result.kind, result.run.id, _creations(codegen))


REFUSED = (
    ("type", {"type": "network"}),
    ("type", {"type": "security"}),
    ("confidence", {"confidence": 0.79}),
    ("abstained", {"abstained": "low_margin"}),
    ("fault_domain", {"fault_domain": "infrastructure"}),
    ("repository", {"context": Context(operation="npm test")}),
    ("fork", {"context": _context(pull_request="true", fork="true")}),
    ("fork_unknown", {"context": _context(pull_request="12")}),
    ("fork_unknown", {"context": _context(pull_request="unknown")}),
    ("fork_unknown", {"context": _context(pull_request="true", fork="perhaps")}),
)


@pytest.mark.parametrize(("reason", "changes"), REFUSED, ids=[f"{r}-{i}" for i, (r, _) in enumerate(REFUSED)])
def test_what_is_not_worth_it_is_not_asked(codegen: Codegen, make: Make, reason: str, changes: dict[str, Any]) -> None:
    """No request is made, and the reason is told."""
    integration = make()
    result = integration.trigger_error_resolution(make_escalation(**changes))
    assert ("refused", reason, []) == (result.kind, result.reason, codegen.asked)
    assert {reason: 1} == dict(integration.get_statistics().refused)


ASKED: tuple[dict[str, Any], ...] = (
    {"type": "syntax"},
    {"type": "build"},
    {"type": "dependency"},
    {"type": "configuration", "fault_domain": "configuration"},
    {"confidence": 0.8},
    {"context": _context(pull_request="true", fork="false")},
    {"context": _context(pull_request="false")},
)


@pytest.mark.parametrize("changes", ASKED, ids=str)
def test_what_is_worth_it_is_asked(codegen: Codegen, make: Make, changes: dict[str, Any]) -> None:
    """One request each."""
    assert "started" == make().trigger_error_resolution(make_escalation(**changes)).kind
    assert 1 == _creations(codegen)


def test_the_kill_switch_stops_everything_that_costs(codegen: Codegen, make: Make) -> None:
    """Looking and stopping are still allowed."""
    assert "started" == make().trigger_error_resolution(make_escalation()).kind
    stopped = make(acting=False)
    kinds = [stopped.trigger_error_resolution(make_escalation("esc-2")).reason, stopped.resume("41894", "go on").reason]
    assert (["acting_is_off", "acting_is_off"], 1) == (kinds, _creations(codegen))
    assert ("running", "cancelled") == (stopped.look("41894").kind, stopped.cancel("41894").kind)


def test_the_budget_of_a_day_is_shared_and_comes_back(codegen: Codegen, make: Make, clock: WallClock) -> None:
    """Failed creations cost nothing."""
    keeper, options = MemoryStates(), IntegrationOptions(GateOptions(runs_per_day=2))
    one, two = (make(keeper=keeper, options=options) for _ in range(2))
    codegen.troubles = [Trouble(402, b'{"message": "used up"}')]
    kinds = [
        one.trigger_error_resolution(make_escalation(f"esc-{number}", fingerprint=f"{number:016}")).kind
        for number in range(3)
    ]
    assert ["payment_required", "started", "started"] == kinds
    refused = two.trigger_error_resolution(make_escalation("esc-9", fingerprint="9" * 16))
    assert ("refused", "budget", 2) == (refused.kind, refused.reason, two.get_statistics().today)
    clock.sleep(86_400)
    assert "started" == two.trigger_error_resolution(make_escalation("esc-9", fingerprint="9" * 16)).kind


def test_a_budget_that_cannot_be_read_is_not_spent(codegen: Codegen, make: Make) -> None:
    """The store is broken: nothing is paid, nothing is raised."""

    class Broken:
        def change_state(self, *_: Any) -> Any:
            raise StoreError("the disk is full")

        read_state = change_state

    integration = make(keeper=Broken())
    result = integration.trigger_error_resolution(make_escalation())
    assert ("refused", "budget_unknown", []) == (result.kind, result.reason, codegen.asked)
    assert ((), 0) == (integration.get_history(), integration.get_statistics().requests)


def test_following_ends_at_its_deadline_whatever_the_status_is(codegen: Codegen, make: Make) -> None:
    """A status nobody knows counts as still running."""
    codegen.statuses = ["THINKING_HARD"]
    integration = make(options=IntegrationOptions(follow=FollowOptions(deadline=600)))
    run = integration.trigger_error_resolution(make_escalation()).run
    assert run is not None
    result = integration.follow(run.id)
    assert ("deadline", "THINKING_HARD", False) == (
        result.kind,
        result.run.status if result.run else "",
        result.success,
    )
    assert 1 == len(integration.get_active_requests())


def test_following_bears_a_few_bad_answers(codegen: Codegen, make: Make) -> None:
    """And gives up after many in a row, with the last known run."""
    integration = make()
    run = integration.trigger_error_resolution(make_escalation()).run
    assert run is not None
    codegen.statuses = ["ACTIVE", "COMPLETE"]
    codegen.troubles = [None, *[Trouble(500)] * 4, Trouble(200, b"[]"), Trouble(200, b"not json")]
    assert "completed" == integration.follow(run.id).kind
    codegen.statuses = ["ACTIVE"]
    codegen.troubles = [None, *[Trouble(503)] * 24]
    result = integration.follow(run.id)
    assert ("server_error", run.id) == (result.kind, result.run.id if result.run else "")


@pytest.mark.parametrize("status", ["FAILED", "ERROR", "error", "Cancelled"])
def test_a_run_that_fails_says_so(codegen: Codegen, make: Make, status: str) -> None:
    """It is no success, and no longer active."""
    codegen.statuses = ["ACTIVE", status]
    integration = make()
    integration.trigger_error_resolution(make_escalation())
    result = integration.follow("41894")
    assert (False, ()) == (result.success, integration.get_active_requests())
    assert result.kind in ("failed", "cancelled")


def test_resuming_sends_the_words_without_secrets(codegen: Codegen, make: Make, call: Callable[..., Any]) -> None:
    """And the run is active again."""
    integration = make()
    codegen.statuses = ["COMPLETE"]
    call(integration, "trigger_error_resolution", make_escalation())
    call(integration, "follow", "41894")
    result = call(integration, "resume", "41894", "also mend lint; password=hunter2hunter2")
    sent = codegen.asked[-1][2]
    assert ("running", {"agent_run_id", "prompt"}) == (result.kind, set(sent))
    assert "hunter2" not in sent["prompt"]
    assert 1 == len(integration.get_active_requests())


def test_stopping_tells_how_it_stands_then(codegen: Codegen, make: Make, call: Callable[..., Any]) -> None:
    """Also where it goes on."""
    integration = make()
    call(integration, "trigger_error_resolution", make_escalation())
    codegen.stops = False
    assert "running" == call(integration, "cancel", "41894").kind
    codegen.stops = True
    assert "cancelled" == call(integration, "cancel", "41894").kind
    assert {"cancelled": 1} == dict(integration.get_statistics().by_state)


@pytest.mark.parametrize("run_id", ["../../users", "1?x=1", "", "9" * 30, "٣", "-1"])
def test_an_id_that_is_none_is_not_sent(codegen: Codegen, make: Make, run_id: str) -> None:
    """It could lead to another call of the API."""
    integration = make()
    kinds = {integration.look(run_id).kind, integration.cancel(run_id).kind, integration.resume(run_id, "go").kind}
    assert ({"not_found"}, []) == (kinds, codegen.asked)


def test_what_became_of_a_pull_request_is_recorded(codegen: Codegen, make: Make) -> None:
    """By whoever hears of it; one who records badly does no harm, and nobody merges."""
    told: list[Any] = []

    def record(news: Any) -> None:
        told.append(news)
        raise ValueError("no room")

    integration = make(record=record)
    codegen.statuses = ["COMPLETE"]
    integration.trigger_error_resolution(make_escalation())
    integration.follow("41894")
    integration.report_pull_request("41894", PULL, "green")
    news = integration.report_pull_request("41894", PULL, "merged", by="ada")
    assert [("esc-1", "green", None), ("esc-1", "merged", "ada")] == [(one.key, one.fate, one.by) for one in told]
    assert told[-1] == news
    assert None is integration.report_pull_request("1", PULL, "closed")
    statistics = integration.get_statistics()
    assert (1, {"merged": 1}, 1.0) == (statistics.pull_requests, dict(statistics.by_fate), statistics.success_rate)
    assert not any("merge" in path for _, path, _ in codegen.asked)


def test_figures_of_nothing_are_none(make: Make) -> None:
    """No rate of nothing is made up."""
    statistics = make().get_statistics()
    assert (0, None, None) == (statistics.requests, statistics.success_rate, statistics.mean_seconds)


def test_resetting_keeps_what_counts(codegen: Codegen, make: Make, clock: WallClock) -> None:
    """What is under way, what the day's budget has to know, and what stands in the way of another run."""
    integration = make()
    codegen.statuses = ["COMPLETE"]
    for number in (1, 2):
        integration.trigger_error_resolution(make_escalation(f"esc-{number}", fingerprint=f"{number}" * 16))
        integration.follow(str(41_893 + number))
    integration.report_pull_request("41894", PULL, "merged")
    integration.reset()
    assert 2 == len(integration.get_history())
    clock.sleep(86_400)
    integration.reset()
    assert ["esc-2"] == [entry.key for entry in integration.get_history()]
    clock.sleep(6 * 86_400)
    integration.reset()
    assert () == integration.get_history()


@pytest.mark.parametrize("hostile", HOSTILE, ids=name_case)
def test_what_strangers_wrote_travels_as_data(codegen: Codegen, make: Make, hostile: Hostile) -> None:
    """One line each in the metadata, nothing in the path, and always a request that the API takes."""
    text = hostile.text
    context = Context(operation=text, repository=f"acme/{text}", branch=text, commit=text, job=text)
    escalation = make_escalation(context=context, text=text, evidence=(text,), fingerprint=text)
    result = make().trigger_error_resolution(escalation)
    method, path, body = codegen.asked[-1]
    assert ("started", "POST", "/v1/organizations/323/agent/run") == (result.kind, method, path)
    assert all(value.isprintable() and len(value) < 300 for value in body["metadata"].values())
    assert "running" == make().resume("41894", text).kind


def test_the_same_cause_is_paid_for_once(codegen: Codegen, make: Make, call: Callable[..., Any]) -> None:
    """Another escalation of it is told which run is under way, and how that stands; another cause is not kept waiting."""
    integration = make()
    assert "started" == call(integration, "trigger_error_resolution", make_escalation()).kind
    again = call(integration, "trigger_error_resolution", make_escalation("esc-2"))
    assert ("refused", "in_progress", "41894") == (again.kind, again.reason, again.run.id)
    assert ("41894" in again.message, "esc-1" in again.message, 1) == (True, True, _creations(codegen))
    codegen.statuses = ["COMPLETE"]
    for _ in range(2):
        refused = call(integration, "trigger_error_resolution", make_escalation("esc-3"))
        assert ("in_progress", True) == (refused.reason, PULL in refused.message)
    assert (
        "started" == call(integration, "trigger_error_resolution", make_escalation("esc-4", fingerprint="f" * 16)).kind
    )
    other = make_escalation("esc-5", context=Context(operation="npm test", repository="acme/other"))
    assert ("started", 3) == (call(integration, "trigger_error_resolution", other).kind, _creations(codegen))


@pytest.mark.parametrize("freed_by", ["merged", "closed", "days", "failure"])
def test_a_cause_is_free_again_when_its_run_is_over(
    codegen: Codegen, make: Make, clock: WallClock, freed_by: str
) -> None:
    """A person ended its pull request, nobody did for a week, or it failed."""
    integration = make()
    codegen.statuses = ["FAILED" if freed_by == "failure" else "COMPLETE"]
    integration.trigger_error_resolution(make_escalation())
    integration.follow("41894")
    if freed_by in ("merged", "closed"):
        integration.report_pull_request("41894", PULL, "green")
        assert "in_progress" == integration.trigger_error_resolution(make_escalation("esc-2")).reason
        integration.report_pull_request("41894", PULL, "merged" if freed_by == "merged" else "closed")
    if freed_by == "days":
        clock.sleep(7 * 86_400 - 1)
        integration.reset()
        assert "in_progress" == integration.trigger_error_resolution(make_escalation("esc-2")).reason
        clock.sleep(1)
    assert ("started", 2) == (integration.trigger_error_resolution(make_escalation("esc-2")).kind, _creations(codegen))


def test_a_run_that_was_merged_unseen_frees_its_cause(codegen: Codegen, make: Make) -> None:
    """Nobody looked at the run, but a person said what became of it."""
    integration = make()
    integration.trigger_error_resolution(make_escalation())
    integration.report_pull_request("41894", PULL, "merged")
    assert "started" == integration.trigger_error_resolution(make_escalation("esc-2")).kind
