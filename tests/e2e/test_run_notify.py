"""``errclass run --notify``: people are told when a command failed for good, and when it works again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.command_line import Finished, call_errclass, start_errclass
from support.posts_server import Answer, PostsServer
from support.slack_server import find_fault, serve_slack

pytestmark = pytest.mark.usefixtures("use_full_model")
WEBHOOK = "NOTIFICATION_SLACK_WEBHOOK"
DENIED = "permission denied for table orders"
UNAVAILABLE = "npm error code E503\nnpm error 503 Service Unavailable - GET http://127.0.0.1:4873/left-pad"
LINK = "https://gitlab.example/me/web/-/jobs/7"
HEAVY = ("pydantic", "duckdb", "httpx", "sklearn", "numpy", "errclass.system.settings", "errclass.actions.notify")
SECONDS = 60


@pytest.fixture(autouse=True)
def slack(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostsServer]:
    """A Slack on this machine, set up as a channel; no CI system around it."""
    for name in ("GITHUB_ACTIONS", "GITHUB_RUN_ID", "GITLAB_CI", "CI_JOB_URL", "BUILD_URL", "BUILDKITE_BUILD_URL"):
        monkeypatch.delenv(name, raising=False)
    with serve_slack() as server:
        monkeypatch.setenv(WEBHOOK, server.url)
        yield server


def run(tree: Path, *arguments: object, **environ: str) -> Finished:
    return start_errclass("run", "--operation", "deploy", *arguments, cwd=tree, environ=environ)


def failing(message: str = DENIED, code: int = 3) -> tuple[str, ...]:
    """A command that fails with a message."""
    return ("--", sys.executable, "-c", f"print({message!r}); raise SystemExit({code})")


def ours(done: Finished) -> list[str]:
    """What errclass says of telling people."""
    words = ("told", "not sent", "did not take", "digest")
    return [
        line for line in done.err.splitlines() if line.startswith("errclass: ") and any(word in line for word in words)
    ]


def titles(slack: PostsServer) -> list[str]:
    return [json.loads(post.body)["text"] for post in slack.posts]


def texts(slack: PostsServer) -> str:
    """All that the last message shows."""
    message: dict[str, Any] = json.loads(slack.posts[-1].body)
    return "\n".join(block["text"]["text"] for block in message["blocks"])


def test_people_are_told_once_of_a_failure_with_its_evidence_and_link(tree: Path, slack: PostsServer) -> None:
    """What failed, what was tried, what comes next, and where to look."""
    done = run(tree, "--notify", *failing(), CI_JOB_URL=LINK)
    assert (3, ["errclass: told slack"]) == (done.code, ours(done))
    assert ["CRITICAL: deploy failed: security"] == titles(slack)
    for part in (DENIED, "call 1: exit code 3", "Check credentials", f"<{LINK}|"):
        assert part in texts(slack)


def test_all_calls_are_named(tree: Path, slack: PostsServer) -> None:
    """Those that were repeated as well."""
    done = run(tree, "--notify", "--attempts", 2, *failing(UNAVAILABLE, 1))
    assert (1, 1) == (done.code, len(slack.posts))
    assert "call 2: exit code 1" in texts(slack)
    assert "2 of 2 calls were made" in texts(slack)


def test_the_same_failure_is_not_told_twice(tree: Path, slack: PostsServer) -> None:
    """A digest counts it."""
    codes = [run(tree, "--notify", *failing()).code for _ in range(2)]
    assert ([3, 3], 1) == (codes, len(slack.posts))


def test_nobody_is_told_without_being_asked_to(tree: Path, slack: PostsServer) -> None:
    """A channel alone is no wish to hear of every run."""
    done = run(tree, *failing())
    assert (3, [], []) == (done.code, ours(done), slack.posts)


def test_a_success_tells_nobody_and_loads_nothing(tree: Path, slack: PostsServer) -> None:
    """It costs what it costs without the flag."""
    program = (
        "import sys; from errclass.cli import main\n"
        f"try: main()\nfinally: print(sorted(set({HEAVY}) & set(sys.modules)), file=sys.stderr)"
    )
    done = start_errclass("run", "--notify", "--", "true", cwd=tree, program=("-c", program))
    assert (0, "[]\n", []) == (done.code, done.err, slack.posts)


def test_a_success_after_a_failure_is_told_once(tree: Path, slack: PostsServer) -> None:
    """To those who were told that it failed."""
    run(tree, "--notify", *failing())
    done = [run(tree, "--notify", "--", "true", BUILD_URL=LINK) for _ in range(2)]
    assert [(0, ["errclass: told slack"]), (0, [])] == [(one.code, ours(one)) for one in done]
    assert ["CRITICAL: deploy failed: security", "Resolved: deploy works again: security"] == titles(slack)
    assert f"<{LINK}|" in texts(slack)


def test_a_success_within_the_run_is_told_to_those_who_knew(tree: Path, slack: PostsServer) -> None:
    """A call that fails at first is no news by itself."""
    script = f"import os; os.environ['ERRCLASS_RUN_ATTEMPT'] == '1' and exit(print({UNAVAILABLE!r}) or 1)"
    flaky = ("--", sys.executable, "-c", script)
    assert (0, []) == (run(tree, "--notify", *flaky).code, slack.posts)
    run(tree, "--notify", "--attempts", 1, *failing(UNAVAILABLE, 1))
    assert 0 == run(tree, "--notify", *flaky).code
    assert ["failed", "works again"] == ["works again" if "works" in one else "failed" for one in titles(slack)]
    assert "call 1: exit code 1" in texts(slack)


@pytest.mark.parametrize(
    ("failed", "succeeded"),
    [
        (("--context", "branch=fix"), ("--context", "branch=main")),
        (("--context", "environment=production"), ("--context", "environment=staging")),
        ((), ("--context", "operation=another")),
    ],
)
def test_a_success_elsewhere_is_no_end_of_it(
    failed: tuple[str, ...], succeeded: tuple[str, ...], tree: Path, slack: PostsServer
) -> None:
    """Another branch, environment or operation says nothing of this one."""
    run(tree, "--notify", *failed, *failing())
    assert (0, []) == ((done := run(tree, "--notify", *succeeded, "--", "true")).code, ours(done))
    assert 1 == len(slack.posts)


def test_a_success_is_not_told_where_nobody_was(tree: Path, slack: PostsServer) -> None:
    """It failed unheard."""
    run(tree, *failing())
    assert (0, []) == (run(tree, "--notify", "--", "true").code, slack.posts)


@pytest.mark.parametrize("place", ["variable", "file"])
def test_the_setting_does_what_the_flag_does(place: str, tree: Path, home: Path, slack: PostsServer) -> None:
    """For failures, and for their end."""
    environ = {"ERRCLASS_RUN__NOTIFY": "true"} if place == "variable" else {}
    if place == "file":
        home.mkdir()
        (home / "config.toml").write_text("[run]\nnotify = true\n")
    assert [3, 0] == [run(tree, *command, **environ).code for command in (failing(), ("--", "true"))]
    assert 2 == len(slack.posts)


def test_a_working_tree_does_not_switch_it_on(tree: Path, slack: PostsServer) -> None:
    """A stranger's file may only switch it off."""
    (tree / "errclass.toml").write_text("[run]\nnotify = true\n")
    assert (3, []) == (run(tree, *failing()).code, slack.posts)
    (tree / "errclass.toml").write_text("[run]\nnotify = false\n")
    assert (3, []) == (run(tree, *failing(), ERRCLASS_RUN__NOTIFY="true").code, slack.posts)


def test_what_cannot_be_sent_waits(tree: Path, slack: PostsServer) -> None:
    """The exit code is the command's, and another process sends it."""
    slack.faults = [Answer(500)] * 50
    done = run(tree, "--notify", *failing())
    assert (3, 1) == (done.code, len(ours(done)))
    assert "not sent yet through slack (127.0.0.1 answered HTTP 500" in ours(done)[0]
    assert "it waits in the store" in ours(done)[0]
    assert "errclass.notification_failed" not in done.err
    slack.faults = []
    assert 0 == call_errclass("notifications", "send-due", "--wait", "120s").code
    assert "CRITICAL: deploy failed: security" == titles(slack)[-1]


def test_a_channel_that_refuses_is_told(tree: Path, slack: PostsServer) -> None:
    """A webhook that was taken back."""
    slack.faults = [Answer(404, b"no_service")] * 50
    done = run(tree, "--notify", *failing())
    assert (3, 1) == (done.code, len(ours(done)))
    assert "slack (127.0.0.1 answered HTTP 404: no_service) did not take it" in ours(done)[0]


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({WEBHOOK: ""}, "no channel is set up"),
        ({"ERRCLASS_ENABLE__NOTIFICATIONS": "false"}, "enable.notifications"),
        ({"ERRCLASS_DECISION__KILL_SWITCH": "true"}, "decision.kill_switch"),
    ],
)
def test_why_nobody_is_told_is_said(environ: dict[str, str], reason: str, tree: Path, slack: PostsServer) -> None:
    """In one line; the exit code stays."""
    done = run(tree, "--notify", *failing(), **environ)
    assert (3, 1, []) == (done.code, len(ours(done)), slack.posts)
    assert ours(done)[0].startswith("errclass: nobody was told: ")
    assert reason in ours(done)[0]


def test_what_the_kill_switch_held_waits_for_its_end(tree: Path, slack: PostsServer) -> None:
    """Nothing is lost."""
    run(tree, "--notify", *failing(), ERRCLASS_DECISION__KILL_SWITCH="true")
    listed = call_errclass("notifications", "list", "--format", "json")
    assert (0, True) == (listed.code, "deploy failed" in listed.out)


def test_a_failure_that_cannot_be_decided_is_told_as_such(tree: Path, slack: PostsServer) -> None:
    """A broken model does not silence a failed deployment."""
    (tree / "model").mkdir()
    done = run(tree, "--notify", *failing(), ERRCLASS_MODEL=str(tree / "model"))
    assert (3, ["errclass: told slack"]) == (done.code, ours(done))
    assert ["deploy failed, and errclass could not decide why"] == titles(slack)


def test_broken_settings_are_one_line_more(tree: Path, slack: PostsServer) -> None:
    """And without the flag none."""
    broken = {"ERRCLASS_DECISION__MAX_ATTEMPTS": "many"}
    asked, unasked = run(tree, "--notify", *failing(), **broken), run(tree, *failing(), **broken)
    assert [3, 3] == [asked.code, unasked.code]
    assert [1, 0] == [one.err.count("could not tell people") for one in (asked, unasked)]
    assert [] == slack.posts


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_run_knows_of_it(number: signal.Signals, tree: Path, slack: PostsServer) -> None:
    """Nobody is told."""
    process = start(tree, "import time; print('up', flush=True); time.sleep(600)")
    assert process.stdout is not None
    assert "up\n" == process.stdout.readline()
    process.send_signal(number)
    process.communicate(timeout=SECONDS)
    assert (-number, []) == (process.returncode, slack.posts)


def test_ctrl_c_while_a_message_is_sent_leaves_the_exit_code(tree: Path, slack: PostsServer) -> None:
    """Whoever does not want to wait need not."""
    slack.faults = [Answer(hangs=True)] * 5
    process = start(tree, f"print({DENIED!r}); raise SystemExit(3)")
    assert slack.came.wait(SECONDS)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=SECONDS)
    assert 3 == process.returncode


def test_a_run_within_a_run_leaves_it_to_the_outer_one(tree: Path, slack: PostsServer) -> None:
    """One message for one failure."""
    inner = (sys.executable, "-m", "errclass", "run", "--notify", "--deadline", "60s", *failing())
    assert (3, 1) == (run(tree, "--notify", "--", *inner).code, len(slack.posts))


def test_hostile_output_is_harmless_in_the_message(tree: Path, slack: PostsServer) -> None:
    """Nobody is called, no link is made, and no secret is sent."""
    hostile = f"<!channel> <https://evil.example|{DENIED}> password=hunter2secret ``` \x1b[31m"
    assert 3 == run(tree, "--notify", *failing(hostile)).code
    body = slack.posts[-1].body.decode()
    assert (None, []) == (
        find_fault(json.loads(body)),
        [part for part in ("<!channel>", "<https://evil", "hunter2secret", "\x1b") if part in texts(slack)],
    )


def test_the_report_says_who_was_told(tree: Path) -> None:
    """By channel; nothing where nobody was to be told."""
    told = [
        json.loads(run(tree, *flags, "--json", *failing()).err.splitlines()[-1])["told"]
        for flags in ((), ("--notify",))
    ]
    assert [None, {"slack": "sent"}] == told


def start(tree: Path, script: str) -> subprocess.Popen[str]:
    """Start a run that tells people, in a process of its own."""
    command = [sys.executable, "-m", "errclass", "run", "--notify", "--operation", "deploy", "--", sys.executable, "-c"]
    return subprocess.Popen(
        [*command, script],
        cwd=tree,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
