"""``errclass explain``: a failed log, for a person; and whatever else a person may hand over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.command_line import Finished, call_errclass, start_errclass

pytestmark = pytest.mark.usefixtures("use_small_model")

FAILURE = "curl: (7) Failed to connect to registry.example.com port 443: Connection refused"
TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3
PASSWORD = "hunter" + "2butlonger"
MEGABYTE = 1 << 20
MEMORY_LIMIT_MB = 300

# Not ru_maxrss: that of a new process starts with what its parent, the test run, holds.
MEASURE = """
import sys
from errclass.cli import main
try:
    main()
finally:
    with open("/proc/self/status") as file:
        print(next(int(line.split()[1]) // 1024 for line in file if line.startswith("VmHWM")), file=sys.stderr)
"""


def explain(data: bytes | str, *options: str) -> Finished:
    done = call_errclass("explain", *options, stdin=data.encode() if isinstance(data, str) else data)
    assert (0, "") == (done.code, done.err)
    return done


def make_log(*failing: str, before: int = 200, after: int = 20) -> str:
    lines = [f"2026-03-02T10:{n // 60 % 60:02}:{n % 60:02}Z Fetching layer {n}" for n in range(before)]
    return "\n".join([*lines, *failing, *(f"Cleaning up workspace {n}" for n in range(after))]) + "\n"


def test_a_failed_log_is_explained_to_a_person(tree: Path) -> None:
    """What failed and where, why, what was tried before, what to do."""
    (tree / "build.log").write_text(make_log(FAILURE))
    done = call_errclass("explain", "build.log")
    assert (0, "") == (done.code, done.err)
    for words in (
        "network",
        "What failed",
        "of build.log",
        "> 201 | curl: (7)",
        "Why",
        "Never seen before",
        "What to do",
    ):
        assert words in done.out


def test_a_program_gets_the_ranked_lines(tree: Path) -> None:
    """Lines count from 1, the best comes first, and the region holds them."""
    report = explain(make_log(FAILURE, "Error: Process completed with exit code 7."), "--format", "json").json
    assert ("network", "network") == (report["type"], report["decision"]["type"])
    assert 201 == report["cause_lines"][0]
    assert report["region"]["start"] <= 201 <= report["region"]["end"]
    assert FAILURE == report["lines"][0]["text"]


def test_never_more_than_twenty_lines_are_named() -> None:
    """However much a log complains."""
    failing = [f"ERROR: step {n}: Connection refused by host-{n}" for n in range(300)]
    lines = explain(make_log(*failing), "--format", "json").json["cause_lines"]
    assert len(lines) == len(set(lines))
    assert 1 <= len(lines) <= 20
    assert all(201 <= number <= 500 for number in lines)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_log_in_any_encoding_is_read(encoding: str) -> None:
    """Windows tools write what they like."""
    report = explain(make_log("Échec — " + FAILURE).encode(encoding), "--format", "json").json
    assert ("network", 201) == (report["type"], report["cause_lines"][0])


def test_a_log_whose_lines_end_in_cr_only_is_read() -> None:
    """Progress bars leave such logs; a line ends at LF, so all of it is line 1."""
    report = explain(make_log(FAILURE).replace("\n", "\r"), "--format", "json").json
    assert ("network", [1], {"start": 1, "end": 1}) == (report["type"], report["cause_lines"], report["region"])


def test_windows_line_ends_change_nothing() -> None:
    """CRLF gives the same lines."""
    unix, windows = (
        explain(text, "--format", "json").json for text in (make_log(FAILURE), make_log(FAILURE).replace("\n", "\r\n"))
    )
    assert [unix[key] for key in ("type", "cause_lines", "region", "lines")] == [
        windows[key] for key in ("type", "cause_lines", "region", "lines")
    ]


NO_CAUSE = {
    "empty": (b"", "empty"),
    "blank": (b"\n \n\t\r\n", "empty"),
    "rubbish": (bytes(range(256)) * 400, "no_log"),
    "an ELF header": (b"\x7fELF\x02\x01\x01" + bytes(64), "no_log"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)) * 40, "no_log"),
    "only that it failed": (b"Error: Process completed with exit code 1.\n", "no_log"),
    "healthy": (
        b"Collecting numpy\nSuccessfully installed numpy-2.1.0\n===== 214 passed in 3.1s =====\nDone.\n",
        "no_match",
    ),
}


@pytest.mark.parametrize("name", NO_CAUSE)
def test_a_text_without_a_cause_is_answered_too(name: str) -> None:
    """Exit code 0, type unknown, and the reason with its next step."""
    data, reason = NO_CAUSE[name]
    report = explain(data, "--format", "json").json
    assert ("unknown", reason) == (report["type"], report["abstained"])
    assert report["decision"]["strategy"] != "retry"
    assert report["advice"] in explain(data).out


def test_a_text_without_a_cause_can_be_recorded() -> None:
    """Even nothing is an outcome."""
    assert explain(b"", "--format", "json", "--record").json["outcome_id"]


HOSTILE = (
    "\x1b[31mred\x1b[0m error: Connection refused",
    "error: Connection refused \x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
    "error: Connection refused \x1b]0;title\x1b\\",
    "::error file=a.py,line=1::Connection refused",
    "::set-output name=token::Connection refused",
    "error: Connection refused ##vso[task.setvariable variable=a]b",
    "error: Connection refused ##[error]yes",
    "error: Connection refused \u202egnirts",
    "error: Connection refused \x9b31m \x07\x08\x7f",
)


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize("place", ["log", "operation", "name"])
def test_a_hostile_log_cannot_speak_to_terminal_or_ci(form: str, place: str, tree: Path) -> None:
    """Sequences and workflow commands never leave as such, wherever they came in."""
    text = make_log(*HOSTILE)
    name = "::error::\x1b[31m##vso[a]b.log" if place == "name" else "a.log"
    (tree / name).write_text(text)
    options = [f"operation={line}" for line in HOSTILE] if place == "operation" else []
    done = call_errclass("explain", name, "--format", form, *(part for pair in options for part in ("--context", pair)))
    assert 0 == done.code
    assert not set(done.out) & set("\x1b\x07\x08\x7f\x9b\u202e")
    assert "##vso[" not in done.out
    assert "##[" not in done.out
    assert not [line for line in done.out.splitlines() if line.lstrip().startswith("::")]
    assert form == "table" or "network" == done.json["type"]


def test_hostile_names_in_errors_are_harmless() -> None:
    """A message repeats what the user wrote, and nothing of it acts."""
    done = call_errclass("explain", "::error::\x1b[31m.log")
    assert (2, False, True) == (done.code, "\x1b" in done.err, "cannot be read" in done.err)


SECRETS = (
    f"fatal: could not read from https://bot:{PASSWORD}@git.example.com/a.git: Connection refused",
    f"Authorization: Bearer {TOKEN}",
    f"export GITHUB_TOKEN={TOKEN}",
    f"error: login with password={PASSWORD} failed: Connection refused",
)


@pytest.mark.parametrize("form", ["table", "json"])
def test_secrets_reach_neither_the_screen_nor_the_store(form: str, home: Path) -> None:
    """They are masked before anything else happens."""
    context = ("--context", f"operation=deploy --token {TOKEN}", "--context", f"api_key={TOKEN}")
    done = explain(make_log(*SECRETS), "--record", "--format", form, *context)
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert kept
    for secret in (TOKEN, PASSWORD):
        assert secret not in done.out
        assert secret.encode() not in kept
        assert secret.encode("utf-16-le") not in kept


def test_what_is_recorded_is_history_for_the_next_time() -> None:
    """The store tells what happened before, also to a person."""
    log = make_log(FAILURE)
    first = explain(log, "--record", "--format", "json").json
    again = explain(log, "--format", "json").json
    assert (0, 1) == (first["history"]["seen"], again["history"]["seen"])
    assert "Seen 1 time before" in explain(log).out


def test_without_record_nothing_is_written(home: Path) -> None:
    """Explaining only looks."""
    explain(make_log(FAILURE))
    assert not home.exists()


def test_a_damaged_history_costs_neither_the_answer_nor_its_counts(home: Path) -> None:
    """What decisions need is kept beside the history."""
    explain(make_log(FAILURE), "--record")
    (home / "store" / "outcomes.duckdb").write_bytes(b"rubbish" * 1000)
    done = call_errclass("explain", "--format", "json", stdin=make_log(FAILURE).encode())
    assert (0, "network", 1) == (done.code, done.json["type"], done.json["history"]["seen"])


def test_a_damaged_store_does_not_cost_the_answer(home: Path) -> None:
    """The decision is made without history and says so; what shall be kept is not, and says so too."""
    explain(make_log(FAILURE), "--record")
    for suffix in ("", "-wal", "-shm"):
        (home / "store" / f"inbox.sqlite{suffix}").unlink(missing_ok=True)
    (home / "store" / "inbox.sqlite").write_bytes(b"rubbish" * 1000)
    kept = call_errclass("explain", "--record", stdin=make_log(FAILURE).encode())
    assert (0, True) == (kept.code, "the answer was not kept" in kept.err)
    done = call_errclass("explain", "--format", "json", stdin=make_log(FAILURE).encode())
    assert 0 == done.code
    assert ("network", False) == (done.json["type"], done.json["history"]["available"])
    assert "without history" in done.json["before"][0]


def test_standard_input_is_read_without_a_name() -> None:
    """``errclass explain`` and ``errclass explain -`` are the same."""
    log = make_log(FAILURE).encode()
    assert call_errclass("explain", stdin=log).out == call_errclass("explain", "-", stdin=log).out


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read as Linux tells it")
def test_a_log_of_100_mb_takes_little_memory(tree: Path) -> None:
    """Memory does not grow with the log, and the failure in its midst is found."""
    block = "".join(
        f"[{n:05}] Compiling unit {n} of the big project, nothing to see here\n" for n in range(16_000)
    ).encode()
    with (tree / "big.log").open("wb") as file:
        while file.tell() < 60 * MEGABYTE:
            file.write(block)
        line = 1 + 16_000 * (file.tell() // len(block))
        file.write(FAILURE.encode() + b"\n")
        while file.tell() < 100 * MEGABYTE:
            file.write(block)
    done = start_errclass("explain", "big.log", "--format", "json", cwd=tree, program=("-c", MEASURE))
    assert 0 == done.code, done.err
    assert ("network", line) == (done.json["type"], done.json["cause_lines"][0])
    assert int(done.err) < MEMORY_LIMIT_MB


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_for_terminals_that_want_them(environ: dict[str, str], coloured: bool, tree: Path) -> None:
    """``NO_COLOR`` is honoured; into a pipe no colour is written in any case."""
    import pty

    (tree / "a.log").write_text(FAILURE)
    main, side = pty.openpty()
    command = [sys.executable, "-m", "errclass", "explain", "a.log"]
    process = subprocess.Popen(command, stdout=side, cwd=tree, env={**os.environ, **environ, "TERM": "xterm"})
    os.close(side)
    shown = b""
    while part := _read(main):
        shown += part
    os.close(main)
    assert 0 == process.wait()
    assert b"network" in shown
    assert coloured == (b"\x1b[" in shown)
    assert b"\x1b[" not in start_errclass("explain", "a.log", cwd=tree, environ=environ).out.encode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:  # Linux says so when the other side is closed
        return b""


def test_a_terminal_with_a_small_alphabet_gets_an_answer(tree: Path) -> None:
    """What its encoding cannot say is written in escapes."""
    (tree / "a.log").write_text("→ Échec " + FAILURE, encoding="utf-8")
    done = start_errclass("explain", "a.log", cwd=tree, environ={"PYTHONIOENCODING": "koi8-r", "PYTHONUTF8": "0"})
    assert (0, "") == (done.code, done.err)
    assert "\\u2192 \\xc9chec" in done.out


def test_json_is_ascii_and_says_all(tree: Path) -> None:
    """The data survives any pipe; a parser gets the characters back."""
    done = explain("→ Échec " + FAILURE, "--format", "json")
    assert done.out.isascii()
    assert "→ Échec" in json.dumps(done.json["lines"], ensure_ascii=False)
