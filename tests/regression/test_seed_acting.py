"""What the system before did to the outside world, or only said that it did, must not come back."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.codegen_server import KEY, ORG, Codegen, Trouble, serve_codegen
from support.escalations import make_decision
from support.posts_server import Answer, serve_posts
from support.recovering import make_classification
from support.tree_hash import hash_tree

from errclass.actions.notify import Notice, NotificationSystem, make_channel
from errclass.actions.recover import RecoveryContext, RecoveryOptions, RecoveryStrategies
from errclass.actions.reset import EnvironmentReset
from errclass.outcomes import Store
from errclass.system.escalating import make_codegen, make_escalations, make_request
from errclass.system.settings import load_settings
from errclass.testing import FakeClock, quick_retries

ELSEWHERE = {
    "50 notifications of 50 were accepted at a limit of 10": (
        "unit/actions/notify/test_notification_system.py", "test_fifty_at_once_are_nine_messages_and_one_digest",
    ),
    "priorities of Linear were turned round": (
        "integration/actions/notify/test_linear.py", "test_an_issue_is_created_with_the_right_priority",
    ),
    "the queue was lost with the process": (
        "integration/actions/notify/test_processes.py", "test_what_was_queued_before_a_kill_is_sent_after_it",
    ),
    "the history kept copies that stayed pending, so the success rate was 0": (
        "unit/actions/escalate/test_manager.py", "test_history_and_figures_follow_what_happens",
    ),
    "an escalation that nobody carries out succeeded": (
        "unit/actions/escalate/test_manager.py", "test_nobody_there_is_told_as_it_is",
    ),
    "senders that reached nobody succeeded": (
        "contracts/test_channels.py", "test_a_server_that_is_not_there_is_a_result",
    ),
    "configurations were never put right": (
        "integration/actions/recover/test_real_tools.py", "test_a_broken_settings_file_comes_back_from_git",
    ),
    "a request to Codegen was repeated after a 4xx": (
        "unit/actions/codegen/test_codegen_api.py", "test_every_fault_has_its_own_result",
    ),
    "recoveries deleted, killed by name and rewrote what tests expect": (
        "unit/actions/recover/test_recipe_files.py", "test_what_no_recipe_may_do_is_refused",
    ),
    "a rejection of the breaker counted as a failure": (
        "unit/actions/breaker/test_breaker.py", "test_a_rejection_is_no_failure",
    ),
    "retries threw the same error without calling again": (
        "unit/actions/retry/test_executor.py", "test_it_succeeds_after_failures",
    ),
    "jitter came to nearly nothing": ("unit/actions/retry/test_backoff.py", "test_jitter_does_not_vanish_at_the_cap"),
}  # fmt: skip
"""Faults whose tests lie with the parts that could have them."""
TESTS = Path(__file__).parents[1]
NPM = """#!{python}
import os, pathlib, sys
pathlib.Path({log!r}).open("a").write(" ".join(sys.argv[1:]) + " " + str(os.path.exists("package-lock.json")) + "\\n")
{does}
"""
WORK = "import pathlib; pathlib.Path('node_modules').mkdir()"
SERVER = """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    print(server.getsockname()[1], flush=True)
    while True:
        server.accept()[0].sendall(b"alive")
"""


@pytest.mark.parametrize("place", ELSEWHERE.values(), ids=ELSEWHERE)
def test_the_tests_of_other_faults_are_there(place: tuple[str, str]) -> None:
    """Under the names by which they are known here."""
    file, name = place
    assert f"\ndef {name}(" in (TESTS / file).read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project of npm with its lockfile and damaged packages."""
    folder = tmp_path / "work"
    (folder / "node_modules" / "left-pad").mkdir(parents=True)
    (folder / "node_modules" / "left-pad" / "index.js").write_text("half a fi")
    (folder / "package.json").write_text('{"name": "shop", "dependencies": {"left-pad": "1.3.0"}}')
    (folder / "package-lock.json").write_text('{"lockfileVersion": 3}')
    return folder


def stand_in_for_npm(folder: Path, does: str) -> dict[str, str]:
    """Return an environment in which npm notes how it is called, and then does this."""
    place = folder / "bin"
    place.mkdir()
    program = place / "npm"
    program.write_text(NPM.format(python=sys.executable, log=str(folder / "calls"), does=does))
    program.chmod(0o755)
    return {"PATH": f"{place}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}


def recover(folder: Path, project: Path, does: str) -> Any:
    environ = stand_in_for_npm(folder, does)
    strategies = RecoveryStrategies(folder / "root", options=RecoveryOptions(autonomy="auto"), environ=environ)
    return strategies.execute_recovery(make_classification("dependency"), RecoveryContext(project, tool="npm"))


def test_a_lockfile_is_installed_by_and_never_deleted(project: Path, tmp_path: Path) -> None:
    """The seed removed it, and installed whatever was newest."""
    result = recover(tmp_path, project, f"if sys.argv[1] == 'ci': {WORK}")
    assert ("success", "npm_reinstall") == (result.outcome, result.strategy)
    assert "ci --no-audit --no-fund True\nls --depth=0 True\n" == (tmp_path / "calls").read_text()
    assert '{"lockfileVersion": 3}' == (project / "package-lock.json").read_text()


@pytest.mark.parametrize("harm", ["unlink()", "write_text('{}')"])
def test_a_tool_that_changes_the_lockfile_has_not_helped(project: Path, tmp_path: Path, harm: str) -> None:
    """All is put back, the lockfile included."""
    before = hash_tree(project)
    harmful = f"pathlib.Path('package-lock.json').{harm}; {WORK}"
    result = recover(tmp_path, project, f"if sys.argv[1] == 'ci': {harmful}")
    assert ("failed", "lockfile_changed", before) == (result.outcome, result.reason, hash_tree(project))


@pytest.mark.parametrize("kind", ["medium", "hard", "full"])
def test_a_reset_whose_installation_failed_has_failed(project: Path, tmp_path: Path, kind: Any) -> None:
    """The seed said that it had succeeded, and the packages were gone."""
    environ = stand_in_for_npm(tmp_path, "sys.exit(1)")
    before = hash_tree(project)
    reset = EnvironmentReset(tmp_path / "root", environ=environ)
    result = reset.reset_environment(kind, project)
    assert ("failed", False, before) == (result.outcome, result.success, hash_tree(project))
    assert 0.0 == reset.get_statistics().success_rate


@pytest.fixture
def bystander() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run a server with a name that the seed killed by, and return it with its port."""
    command = [sys.executable, "-c", SERVER, "vite", "webpack-dev-server", "next dev"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
        process.kill()


def test_nobody_elses_process_is_killed(
    project: Path, tmp_path: Path, bystander: tuple[subprocess.Popen[str], int]
) -> None:
    """Neither by its name nor by its port, whatever failed and however much is allowed."""
    process, port = bystander
    environ = stand_in_for_npm(tmp_path, WORK)
    options = RecoveryOptions(autonomy="auto")
    strategies = RecoveryStrategies(tmp_path / "root", options=options, environ=environ)
    for kind in ("network", "temporary", "resource", "system", "build", "unknown"):
        strategies.execute_recovery(make_classification(kind), RecoveryContext(project))
    EnvironmentReset(tmp_path / "root", allow_destructive=True, environ=environ).reset_environment("full", project)
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        assert (b"alive", None) == (connection.recv(5), process.poll())


@pytest.fixture
def codegen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Codegen]:
    """Run a Codegen that the settings lead to."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CODEGEN_API_KEY", KEY)
    monkeypatch.setenv("CODEGEN_ORG_ID", str(ORG))
    with serve_codegen() as service, quick_retries():
        monkeypatch.setenv("CODEGEN_API_URL", service.url)
        yield service


def test_an_escalation_to_codegen_succeeds_only_with_a_run(codegen: Codegen) -> None:
    """The seed reported a pull request without any call."""
    settings = load_settings()
    agent = make_codegen(settings)
    manager = make_escalations(settings, codegen=agent)
    codegen.troubles = [Trouble(402, b"{}")] * 9
    refused = manager.escalate_error(make_request(make_decision(), environ={}))
    assert (False, "failed", "codegen_payment_required") == (refused.success, refused.status, refused.action)
    codegen.troubles.clear()
    done = manager.escalate_error(make_request(make_decision(), environ={}))
    assert (True, "completed", "codegen_run_started") == (done.success, done.status, done.action)
    assert [done.details["run"]] == [str(number) for number in codegen.runs]
    without = make_escalations(settings).escalate_error(make_request(make_decision(), environ={}))
    assert (False, "no_handler") == (without.success, without.action)


def test_no_merge_is_reported_that_nobody_reported(codegen: Codegen) -> None:
    """The seed's monitor would have told one of its own invention."""
    agent = make_codegen(load_settings())
    assert agent is not None
    manager = make_escalations(load_settings(), codegen=agent)
    started = manager.escalate_error(make_request(make_decision(), environ={}))
    codegen.statuses = ["COMPLETE"]
    done = agent.follow(started.details["run"])
    assert ("completed", {"open": 1}) == (done.kind, dict(agent.get_statistics().by_fate))
    assert "have a person review and merge its pull request" == done.advice
    assert [] == [path for _, path, _ in codegen.asked if "merge" in path]
    assert [] == [name for name in dir(agent) if "merge" in name]


CHANNELS: dict[str, dict[str, str]] = {
    "slack": {"option": "webhook_url"},
    "linear": {"option": "url", "api_key": "lin_api_x", "team_id": "t"},
    "webhook": {"option": "url"},
}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
@pytest.mark.parametrize("name", CHANNELS)
def test_what_is_refused_is_sent_once_and_told(tmp_path: Path, name: str, status: int) -> None:
    """The seed's retries made no difference between what passes and what does not, and its senders sent nothing."""
    clock, options = FakeClock(1_700_000_000.0), dict(CHANNELS[name])
    with serve_posts(lambda _: Answer(status, json.dumps({"message": "no"}).encode())) as server:
        options[options.pop("option")] = server.url
        with Store(tmp_path / "store") as store, quick_retries():
            system = NotificationSystem(store, [make_channel(name, options)], clock=clock, sleep=clock.sleep)
            notice = Notice("deploy failed", fingerprint="f")
            system.send_notification(notice)
            system.drain(600)
            statistics = system.get_statistics()
            assert ("failed", {"failed": 1}, 0.0) == (
                system.get_receipt(notice.id).status, dict(statistics.by_status), statistics.success_rate,
            )  # fmt: skip
        assert 1 == len(server.posts)
