"""``errclass doctor`` at the command line: one page, whatever is broken."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import call_errclass, start_errclass
from support.posts_server import Answer
from support.slack_server import serve_slack

from errclass.core.clock import utc_now
from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.system.checks.catalogue import CATALOGUE
from errclass.testing import quick_retries

HOLD_FOR_A_MERGE = """
import sys
from errclass.core.types import Outcome
from errclass.outcomes import Store
with Store(sys.argv[1]) as store:
    print(flush=True)
    for number in range(20):
        store.record(Outcome(id=f"m{number}", text="x"))
        store.merge(wait=10)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a home that is in order, with a store of one outcome, outside of any working tree."""
    for name in ("ERRCLASS_STORE", "ERRCLASS_MODEL", "ERRCLASS_ACT", "CODEGEN_API_KEY", "LINEAR_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("ERRCLASS_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    with Store(folder / "store") as store:
        store.record(Outcome(id="a", text="ETIMEDOUT", time=utc_now()))
        store.merge(wait=10)
    return folder


def list_statuses(*options: object) -> dict[str, str]:
    return {
        check["name"]: check["status"] for check in call_errclass("doctor", "--format", "json", *options).json["checks"]
    }


def list_files(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("inbox.")
    }


def test_a_machine_in_order_has_no_problem(home: Path) -> None:
    """Every check of the catalogue is on the page."""
    done = call_errclass("doctor")
    assert (0, "") == (done.code, done.err)
    assert {kind.name for kind in CATALOGUE} <= set(done.out.split())
    assert done.out.splitlines()[-1].startswith("no problems")


def test_nothing_is_written_but_the_probe(home: Path) -> None:
    """Neither to the home nor to the store; the inbox is as long as before."""
    before = list_files(home)
    call_errclass("doctor")
    assert before == list_files(home)
    assert not list(home.glob("trust*"))


def test_where_there_is_no_home_none_is_made(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for somebody who has just installed it."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "none"))
    assert ({"ok", "off"}, False) == (
        set(list_statuses("--only", "home", "--only", "store", "--only", "channels").values()),
        (tmp_path / "none").exists(),
    )


def test_json_has_the_group_and_all_of_each_check(home: Path) -> None:
    """For machines."""
    found = call_errclass("doctor", "--format", "json", "--only", "model").json
    assert {"status", "checks"} == set(found)
    assert {"group", "name", "status", "message", "advice", "details"} == set(found["checks"][0])


def test_everything_broken_is_one_page_of_problems_and_no_traceback(home: Path) -> None:
    """Settings, trust, store and model at once, in a process of its own."""
    (home / "config.toml").write_text("store = [")
    (home / "trust.json").write_text("{")
    (home / "store" / "outcomes.duckdb").write_bytes(b"odd" * 5000)
    (home / "models").write_text("a file in the place of a folder")
    (home / "recovery").write_text("likewise")
    done = start_errclass("doctor", cwd=home.parent)
    assert (1, "") == (done.code, done.err)
    assert "Traceback" not in done.out
    for name in ("settings", "home", "model", "store"):
        assert f"problem {name}" in done.out
    assert done.out.count("->") >= 4


def test_every_problem_says_what_to_do(home: Path) -> None:
    """Also in JSON."""
    (home / "store" / "inbox.sqlite").write_bytes(b"odd" * 5000)
    done = call_errclass("doctor", "--format", "json")
    bad = [check for check in done.json["checks"] if check["status"] in ("problem", "warning")]
    assert 1 == done.code
    assert bad
    assert all(check["advice"] for check in bad)


def test_only_what_is_asked_for_is_looked_at(home: Path) -> None:
    """A broken store is none of the model's business."""
    (home / "store" / "inbox.sqlite").write_bytes(b"odd" * 5000)
    done = call_errclass("doctor", "--only", "model", "--only", "rules", "--format", "json")
    assert (0, ["model", "rules"]) == (done.code, [check["name"] for check in done.json["checks"]])


def test_an_unknown_check_is_a_mistake_with_the_nearest_name(home: Path) -> None:
    """And exit code 2."""
    done = call_errclass("doctor", "--only", "stor")
    assert 2 == done.code
    assert "'store'" in done.err


def test_warnings_count_only_with_strict(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are told in any case."""
    monkeypatch.setenv("ERRCLASS_ACT", "off")
    assert (0, 1) == (
        call_errclass("doctor", "--only", "switches").code,
        call_errclass("doctor", "--only", "switches", "--strict").code,
    )
    assert "1 warning" in call_errclass("doctor", "--only", "switches").out


def test_what_is_off_is_neither(home: Path) -> None:
    """No channel and no agent are no fault."""
    done = call_errclass("doctor", "--only", "channels", "--only", "codegen", "--strict")
    assert 0 == done.code


def test_a_test_message_is_sent_only_where_that_is_asked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what came of it decides."""
    with serve_slack() as server, quick_retries():
        monkeypatch.setenv("NOTIFICATION_SLACK_WEBHOOK", server.url)
        assert ({"channels.slack": "ok"}, 0) == (list_statuses("--only", "channels"), len(server.posts))
        assert ({"channels.slack": "ok"}, 1) == (list_statuses("--only", "channels", "--send-test"), len(server.posts))
        server.faults += [Answer(500)] * 3
        assert 1 == call_errclass("doctor", "--only", "channels", "--send-test").code


def test_a_merge_that_runs_meanwhile_is_no_problem(home: Path) -> None:
    """A lock that is held for a moment is none."""
    command = [sys.executable, "-c", HOLD_FOR_A_MERGE, str(home / "store")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as merger:
        assert merger.stdout is not None
        merger.stdout.readline()
        codes = [
            call_errclass("doctor", "--only", "store", "--only", "queue", "--only", "clock").code for _ in range(3)
        ]
    assert ([0, 0, 0], 0) == (codes, merger.returncode)


def test_a_working_tree_cannot_write_to_the_terminal(home: Path) -> None:
    """What it asked for in vain is a stranger's text."""
    (home.parent / "errclass.toml").write_text('"\\u001b]0;x\\u0007::error::boo" = 1\n"##vso[task.x]" = 2\n')
    done = call_errclass("doctor", "--only", "settings")
    assert "\x1b" not in done.out
    assert "\n::" not in done.out.replace(" ", "")
    assert "##vso[" not in done.out
