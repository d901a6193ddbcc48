"""From a failed job to an agent and a person, by real servers: once each, in time, and never twice after a kill."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support import acting_workers
from support.codegen_server import KEY, ORG, Codegen, Trouble, serve_codegen
from support.escalations import make_decision
from support.posts_server import Answer, PostsServer
from support.slack_server import serve_slack
from support.tree_hash import hash_tree

from errclass.actions.escalate import EscalationRequest, EscalationResult, HandlerResult
from errclass.core.clock import utc_now
from errclass.core.failure import to_failure
from errclass.core.types import Context, Decision, Plan
from errclass.outcomes import Store
from errclass.system.acting import Acting
from errclass.system.escalating import make_request
from errclass.system.pipeline import answer_failure, to_outcome
from errclass.system.settings import Settings
from errclass.system.wiring import build_parts
from errclass.testing import quick_retries

LOG = """FAIL src/cart.test.js
  x adds up the prices
AssertionError: expected 2, got 3
    at src/cart.test.js:7:13
Tests: 1 failed, 12 passed, 13 total
npm ERR! Test failed.  See above for more details.
"""
OFF = {"decision": {"kill_switch": True}}


@dataclass(slots=True)
class World:
    """Hold the services of a team, and how errclass is set up for it."""

    codegen: Codegen
    slack: PostsServer
    home: Path
    store: Store

    def set_up(self, **changes: Any) -> Settings:
        values: dict[str, Any] = {
            "home": self.home,
            "store": str(self.home / "store"),
            "codegen": {"api_url": self.codegen.url, "api_key": KEY, "org_id": ORG},
            "notifications": {"channels": {"slack": {"webhook_url": self.slack.url}}},
            "recovery": {"autonomy": "auto"},
        }
        return Settings(**values | changes)

    def act(self, **changes: Any) -> Acting:
        return Acting(self.set_up(**changes), self.store)

    def fail(self, acting: Acting, **changes: Any) -> tuple[Decision, EscalationResult]:
        """Have the job fail as it did before: decided, recorded, and escalated as decided."""
        parts = replace(build_parts(self.set_up(**changes)), store=self.store)
        place = Context(operation="npm test", environment="development", repository="acme/shop", branch="main")
        answer = answer_failure(replace(to_failure(LOG), context=place), parts)
        outcome = to_outcome(answer, parts.engine)
        self.store.record(outcome)
        request = make_request(answer.decision, text=outcome.text, outcome_id=outcome.id, environ={})
        return answer.decision, acting.escalate(request)

    def list_paid(self) -> list[Any]:
        return [body for method, path, body in self.codegen.asked if (method, path[-4:]) == ("POST", "/run")]

    def list_told(self) -> list[str]:
        """Return the headings of what Slack was sent."""
        return [json.loads(post.body)["text"] for post in self.slack.posts]

    def change_kept(self, **changes: Any) -> None:
        """Change what is kept of all open escalations."""

        def change(known: list[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], None]:
            return [{**one, **changes} for one in known], None

        self.store.change_escalations(change)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Real servers, and a store that is empty."""
    home = tmp_path / "home"
    with serve_codegen() as codegen, serve_slack() as slack, quick_retries(), Store(home / "store") as store:
        yield World(codegen, slack, home, store)


def hand_over(target: str, **changes: Any) -> EscalationRequest:
    return make_request(make_decision(target=target, **changes), text="FAIL", environ={})


def test_the_ladder_tells_people_once_and_asks_the_agent_once(world: World) -> None:
    """First a person, at two failures the agent, then it waits for that; at the top a person again."""
    with world.act() as acting:
        ends = [world.fail(acting) for _ in range(6)]
        acting.close(30)
        targets = [decision.plan.target for decision, _ in ends]
        assert ["manual", "codegen", "codegen", "manual", "manual", "manual"] == targets
        refused = [result.refused for _, result in ends]
        joined = "escalation_in_progress"
        assert [None, None, joined, None, joined, joined] == refused
        assert ["codegen_run_started", "notification_queued"] == [ends[1][1].action, ends[3][1].action]
        (told,) = world.list_told()
        (one,) = acting.escalations.get_active_escalations()
    assert "npm test failed and needs a person: test" in told
    assert (1, "manual", 2) == (len(world.list_paid()), one.target, one.repeats)
    assert "AssertionError: expected 2, got 3" in world.list_paid()[0]["prompt"]


def test_a_merged_fix_settles_the_escalation(world: World) -> None:
    """Then the same failure is a new one, and worth another run; a build that turned green settles nothing."""
    acting = world.act()
    first = acting.escalate(hand_over("codegen"))
    assert acting.codegen is not None
    url = "https://github.com/acme/shop/pull/7"
    acting.codegen.report_pull_request("41894", url, "green")
    assert "escalation_in_progress" == acting.escalate(hand_over("codegen")).refused
    acting.codegen.report_pull_request("41894", url, "merged", by="ada")
    assert "ada" == getattr(acting.escalations.find(first.escalation_id or ""), "resolved_by", None)
    assert (True, 2) == (acting.escalate(hand_over("codegen")).success, len(world.list_paid()))


def test_the_kill_switch_stops_all_of_it_but_the_decision(world: World) -> None:
    """What is told meanwhile waits in the store, and goes out when the switch is released."""
    off = world.act(**OFF)
    ends = [world.fail(off, **OFF) for _ in range(6)]
    assert {("test", "manual", "acting_is_off")} == {(d.type, d.plan.target, r.refused) for d, r in ends}
    assert all("Everything automatic is switched off." in decision.because for decision, _ in ends)
    for target in ("codegen", "manual", "environment_reset", "auto_recovery", "system_reset"):
        assert "acting_is_off" == off.escalate(hand_over(target), work=world.home).refused
    before = world.act()
    before.escalate(hand_over("manual"))
    before.notifying.system.clear_queue()
    world.change_kept(created=(utc_now() - timedelta(days=2)).isoformat())
    assert ["acknowledge", "resolve"] == [breach.kind for breach in off.check_deadlines()]
    assert 0 == getattr(off.close(1), "sent", None)
    assert ([], [], False) == (world.list_told(), world.list_paid(), (world.home / "recovery").exists())
    with world.act() as on:
        assert on.notifying.system.channels == ("slack",)
    assert ["Digest: 2 notices on 1 topic"] == world.list_told()
    assert b"it is not settled, 24 h past its deadline" in world.slack.posts[0].body


def test_begin_changes_nothing_while_everything_is_switched_off(world: World) -> None:
    """What was left in the middle stays so."""
    world.act().escalate(hand_over("manual"))
    past = (utc_now() - timedelta(hours=1)).isoformat()
    world.change_kept(status="executing", lease_until=past)
    assert ((), ()) == ((begun := world.act(**OFF).begin()).resumed, begun.rolled_back)
    assert 1 == len(world.act().begin().resumed)


@pytest.mark.parametrize("status", [401, 500])
def test_a_broken_channel_fails_no_escalation(world: World, status: int) -> None:
    """It is queued, tried, and listed; the other channels, and the person's deadline, are as they were."""
    world.slack.faults = [Answer(status)] * 20
    with world.act() as acting:
        result = acting.escalate(hand_over("manual"))
        report = acting.close(1)
        assert (True, "completed") == (result.success, result.status)
        assert report is not None
        assert (0, 1) == (report.sent, report.failed)
        assert (status == 401) == bool(acting.notifying.system.list_dead_letters())


def test_a_channel_that_cannot_be_made_leaves_nobody_told(world: World) -> None:
    """The escalation says so, stays open, and goes on to nobody else."""
    acting = world.act(notifications={"channels": {"slack": {"webhook_url": "ftp://x"}}})
    result = acting.escalate(hand_over("manual"))
    assert (False, "no_channel", "failed") == (result.success, result.action, result.status)
    assert ("no channel is set up" in result.summary, "webhook_url" in result.summary) == (True, True)
    assert 1 == len(acting.escalations.get_active_escalations())


def test_without_an_agent_that_is_said(world: World) -> None:
    """With what to set; an account that is none is told likewise."""
    result = world.act(codegen={}).escalate(hand_over("codegen"))
    assert ("codegen_not_set_up", True) == (result.action, "CODEGEN_API_KEY" in result.summary)
    wrong = world.act(codegen={"api_key": KEY, "org_id": "acme"})
    result = wrong.escalate(hand_over("codegen", fingerprint="f" * 16))
    assert (False, "error", True) == (result.success, result.status, "CODEGEN_ORG_ID" in result.summary)


def test_an_agent_that_is_down_costs_nothing(world: World) -> None:
    """The next rung is free."""
    world.codegen.troubles = [Trouble(401, b"{}")]
    acting = world.act()
    assert "codegen_unauthorized" == acting.escalate(hand_over("codegen")).action
    assert acting.escalate(hand_over("manual")).success


def test_a_system_reset_is_a_persons(world: World) -> None:
    """It joins what a person has already; whoever has a system to reset registers a handler."""
    acting = world.act()
    acting.escalate(hand_over("manual"))
    joined = acting.escalate(hand_over("system_reset"))
    assert "escalation_in_progress" == joined.refused
    acting.escalate(hand_over("system_reset", fingerprint="f" * 16))
    newest = acting.escalations.get_active_escalations()[0]
    assert ("manual", True) == (newest.target, "owns no system" in newest.case.because[-1])
    acting.escalations.register_handler("system_reset", lambda _: HandlerResult(success=True, summary="restarted"))
    assert "restarted" == acting.escalate(hand_over("system_reset", fingerprint="e" * 16)).summary


def test_a_missed_deadline_is_told_once(world: World) -> None:
    """Also where two processes look at once."""
    acting = world.act()
    acting.escalate(hand_over("manual"))
    acting.close(10)
    world.change_kept(created=(utc_now() - timedelta(hours=2)).isoformat())
    assert ["acknowledge"] == [breach.kind for breach in acting.check_deadlines()]
    world.change_kept(breaches=[])  # as another process read it before
    with world.act() as other:
        assert ["acknowledge"] == [breach.kind for breach in other.check_deadlines()]
    assert ["needs a person", "nobody has taken it up"] == [
        next(part for part in ("needs a person", "nobody has taken it up") if part in text)
        for text in world.list_told()
    ]


def test_a_deadline_that_cannot_be_told_is_told_at_the_next_check(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store was locked, say."""
    from errclass.core.errors import StoreError

    acting = world.act()
    acting.escalate(hand_over("manual"))
    world.change_kept(created=(utc_now() - timedelta(hours=2)).isoformat())

    def fail(work: object) -> None:
        raise StoreError("locked")

    with monkeypatch.context() as patch:
        patch.setattr(world.store, "change_mail", fail)
        assert () == acting.check_deadlines()
    assert 1 == len(acting.check_deadlines())


@pytest.mark.skipif(sys.platform == "win32", reason="it kills as POSIX does")
@pytest.mark.parametrize("target", ["codegen", "manual"])
def test_a_killed_process_is_taken_over_without_doing_it_twice(world: World, target: str) -> None:
    """Killed after the agent took the order, or after the notice was queued, and before either was written down."""
    program = Path(str(acting_workers.__file__))
    environment = {**os.environ, "PYTHONPATH": str(program.parent.parent)}
    command = [sys.executable, str(program), str(world.home), world.codegen.url, world.slack.url, target]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert "done\n" == process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    with world.act() as acting:
        assert "escalation_in_progress" == acting.escalate(hand_over(target)).refused
        world.change_kept(lease_until=(utc_now() - timedelta(seconds=1)).isoformat())
        (resumed,) = acting.begin().resumed
        assert (True, "completed") == (resumed.success, resumed.status)
    expected = (1, 0) if target == "codegen" else (0, 1)
    assert expected == (len(world.list_paid()), len(world.list_told()))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose settings file is broken, with a backup beside it."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.json").write_text("{broken")
    (folder / "app.json.bak").write_text('{"a": 1}')
    return folder


def ask_for_repair(target: str) -> EscalationRequest:
    line = "failed to parse configuration file app.json: Unexpected token"
    request = hand_over(target, type="configuration", evidence=(line,))
    return replace(request, decision=replace(request.decision, plan=Plan(target=target, recipe="reset_config")))


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_recovery_waits_for_consent_and_is_done_where_it_failed(
    world: World, project: Path, asynchronous: bool
) -> None:
    """Another process carries it out; the store keeps what became of it."""
    settings: dict[str, Any] = {"recovery": {"autonomy": "ask"}}
    before = hash_tree(project)
    with world.act(**settings) as acting:
        asked = acting.escalate(ask_for_repair("auto_recovery"), work=project)
        assert "escalation_in_progress" == acting.escalate(ask_for_repair("auto_recovery"), work=project).refused
    assert ("approval_needed", before) == (asked.action, hash_tree(project))
    assert (1, True) == (len(world.slack.posts), b"errclass escalations approve" in world.slack.posts[0].body)
    other = world.act(**settings).escalations
    if asynchronous:
        done = asyncio.run(other.aapprove(asked.escalation_id or "", by="ada"))
    else:
        done = other.approve(asked.escalation_id or "", by="ada")
    assert (True, "config_from_template: success") == (done.success, done.summary)
    assert '{"a": 1}' == (project / "app.json").read_text()
    world.store.merge()
    with world.store.reading() as session:
        rows = session.execute("SELECT kind, name, result FROM actions ORDER BY kind").fetchall()
    assert [("escalate", "auto_recovery", "success"), ("recover", "config_from_template", "success")] == rows


@pytest.mark.parametrize(
    ("changes", "said"), [({}, "not known in which folder"), ({"host": "elsewhere"}, "it failed in")]
)
@pytest.mark.parametrize("target", ["auto_recovery", "environment_reset"])
def test_nothing_is_repaired_in_a_folder_that_may_be_another(
    world: World, project: Path, target: str, changes: dict[str, str], said: str
) -> None:
    """Without a folder, or on another host, a person has to look."""
    request = ask_for_repair(target)
    if changes:
        context = replace(request.decision.context, metadata={"work": str(project), **changes})
        request = replace(request, context=context)
    before = hash_tree(project)
    result = world.act().escalate(request)
    assert (False, before, True) == (result.success, hash_tree(project), said in result.summary)


@pytest.fixture
def checkout(project: Path) -> Path:
    """The project as a checkout, with what a build left and what nobody committed."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    (project / ".gitignore").write_text("dist\n")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "x")):
        subprocess.run(["git", *words], cwd=project, check=True)
    (project / "dist").mkdir()
    (project / "dist" / "app.js").write_text("built")
    (project / "mine.txt").write_text("not committed")
    return project


def test_a_reset_takes_what_builds_make_and_nothing_of_the_users(world: World, checkout: Path) -> None:
    """By itself only where the settings say so."""
    request = hand_over("environment_reset", type="build")
    for autonomy, action in (("suggest", "environment_reset_failed"), ("ask", "approval_needed")):
        acting = world.act(recovery={"autonomy": autonomy})
        assert (action, True) == (acting.escalate(request, work=checkout).action, (checkout / "dist").exists())
    world.store.change_escalations(lambda known: ([{**one, "open": False} for one in known], None))
    result = asyncio.run(world.act().aescalate(request, work=checkout))
    assert (True, "environment_reset_done") == (result.success, result.action)
    assert (False, True) == ((checkout / "dist").exists(), (checkout / "mine.txt").exists())


def test_a_destructive_reset_needs_a_setting(world: World, checkout: Path) -> None:
    """Without it the reset is not whole, which is said, and a person has to look."""
    request = hand_over("environment_reset", type="corruption")
    result = world.act(reset={"allow_destructive": False}).escalate(request, work=checkout)
    assert (False, True) == (result.success, (checkout / "mine.txt").exists())
    assert "was not allowed" in result.summary
    result = world.act().escalate(request, work=checkout)  # in staging the preset allows it
    assert (True, False) == (result.success, (checkout / "mine.txt").exists())


def test_everything_has_its_twin_for_tasks(world: World) -> None:
    """The same, awaited."""

    async def work() -> tuple[str | None, ...]:
        async with world.act() as acting:
            told = await acting.aescalate(hand_over("manual"))
            paid = await acting.aescalate(hand_over("codegen", fingerprint="f" * 16))
            await acting.acheck_deadlines()
            return told.action, paid.action

    assert ("notification_queued", "codegen_run_started") == asyncio.run(work())
    assert (1, 1) == (len(world.list_told()), len(world.list_paid()))


def test_beginning_and_closing_makes_no_store(world: World) -> None:
    """Nothing was left, nothing is told."""
    with world.act() as acting:
        assert None is acting.close()
    assert not world.store.exists()
