"""Exact codes are found where they stand for something, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.classify.codes import MAX_HITS, find_codes
from errclass.classify.knowledge import load_knowledge
from errclass.classify.training import signals_of
from errclass.core.types import CodeHit, Failure

PLACES = [
    ("HTTP/1.1 503 Service Unavailable", "http", "503"),
    ("HTTP error 502 from upstream", "http", "502"),
    ("Request failed with status code 429", "http", "429"),
    ("status: 404", "http", "404"),
    ('"status":503', "http", "503"),
    ("response code: 401", "http", "401"),
    ("The requested URL returned error: 403", "http", "403"),
    ("server said 502 Bad Gateway", "http", "502"),
    ("npm ERR! code E404", "http", "404"),
    ("could not commit: SQLSTATE[40001]: Serialization failure", "sqlstate", "40001"),
    ("ERROR 1045 (28000): Access denied for user 'shop'@'172.18.0.5'", "sqlstate", "28000"),
    ("code: '23505', detail: 'Key (id)=(1) already exists.'", "sqlstate", "23505"),
    ("rpc error: code = Unavailable desc = connection closed", "grpc", "Unavailable"),
    ("14 UNAVAILABLE: No connection established", "grpc", "UNAVAILABLE"),
    ("StatusCode.DEADLINE_EXCEEDED", "grpc", "DEADLINE_EXCEEDED"),
    ("curl: (6) Could not resolve host: example.com", "curl", "6"),
    ("Process completed with exit code 137", "exit", "137"),
    ("container exited with code 137", "exit", "137"),
    ("worker exited (137)", "exit", "137"),
    ("died with exit code -9", "exit", "137"),
    ("terminated by signal 11", "signal", "SIGSEGV"),
    ("write failed (os error 28)", "errno", "ENOSPC"),
    ("OSError: [Errno 28] No space left on device", "errno", "ENOSPC"),
    ("ERROR 1213 (40001): Deadlock found", "mysql", "1213"),
    ("pymysql.err.OperationalError: (2013, 'Lost connection to MySQL server during query')", "mysql", "2013"),
    ("Msg 1205, Level 13, State 51, Line 9", "sqlserver", "1205"),
    ("app.service: Failed at step EXEC, status=203/EXEC", "systemd", "203/EXEC"),
    ("The program exited with 0xc0000005", "windows", "0xC0000005"),
]
TOKENS = [
    ("connect ECONNREFUSED 10.0.0.3:5432", "errno", "ECONNREFUSED"),
    ("java.net.SocketTimeoutException: Read timed out", "exception", "SocketTimeoutException"),
    ("ModuleNotFoundError: No module named 'yaml'", "exception", "ModuleNotFoundError"),
    ("src/a.ts(3,1): error TS2322: Type 'string' is not assignable", "typescript", "TS2322"),
]
SILENT = [
    "tests/test_api.py::test_429_rate_limit PASSED",
    "✓ retries after ECONNRESET (12 ms)",
    "test errors::maps_enospc_ENOSPC ... ok",
    "0 errors",
    "ECONNRESET_HANDLER is set",
    "listening on port 503",
    "downloaded 404 packages",
    "elapsed 137 s",
    "commit 42P01",
    "see issue 429",
    "WARNING: ECONNRESET, trying again",
    "npm WARN registry returned 503",
    "the signal was strong",
    "line 28: done",
]


def hits_of(text: str, failure: Failure | None = None) -> tuple[CodeHit, ...]:
    numbers = list(range(1, text.count("\n") + 2))
    return find_codes(text, numbers, failure or Failure(text=text))


def pairs_of(text: str) -> set[tuple[str, str]]:
    return {(hit.table, hit.code) for hit in hits_of(text)}


@pytest.mark.parametrize(("text", "table", "code"), [*PLACES, *TOKENS])
def test_a_code_is_found_in_its_place(text: str, table: str, code: str) -> None:
    """Each wording that gives a number its meaning is read."""
    assert (table, code) in pairs_of(text)


@pytest.mark.parametrize("text", SILENT)
def test_a_line_without_evidence_is_silent(text: str) -> None:
    """Passing tests, warnings, counts and names that merely hold a code give nothing with a type."""
    around = "the job started\n" + text  # a lone healthy line has nothing else to be read
    assert [] == [hit for hit in hits_of(around) if hit.type]


def test_module_not_found_is_not_a_host_not_found() -> None:
    """The letters of ENOTFOUND inside another word are none."""
    hits = hits_of("ModuleNotFoundError: No module named 'yaml'")
    assert "network" not in {hit.type for hit in hits}
    assert "dependency" in {hit.type for hit in hits}


@pytest.mark.parametrize(
    "text",
    ["Access is denied. (os error 5)", "The process cannot access the file. (os error 32)"],
)
def test_a_windows_error_number_is_no_errno(text: str) -> None:
    """Rust prints both as "os error"; Windows' messages end with a full stop."""
    assert set() == {code for table, code in pairs_of(text) if table == "errno" and code in {"EIO", "EPIPE"}}


def test_a_lone_healthy_line_is_read_after_all() -> None:
    """Where no other line is there, its codes are all there is."""
    assert ("errno", "ENOSPC") in pairs_of("warning: ENOSPC")


def test_a_code_comes_once() -> None:
    """A code that stands twice is one hit, the first."""
    hits = [hit for hit in hits_of("ENOSPC\nENOSPC") if hit.code == "ENOSPC"]
    assert [1] == [hit.line for hit in hits]


def test_a_code_repeated_often_does_not_hide_the_next() -> None:
    """The limit counts different codes."""
    assert ("errno", "ENOSPC") in pairs_of("\n".join(["read ENOENT"] * (2 * MAX_HITS)) + "\nwrite ENOSPC")


def test_there_are_at_most_so_many() -> None:
    """A text of nothing but codes does not flood the signals."""
    names = [name for name in load_knowledge().codes["errno"] if name.isalpha()] * 2
    names += [f"TS{number}" for number in range(2000, 2100)]
    assert MAX_HITS == len(hits_of("\n".join(names)))


@pytest.mark.parametrize(("exit_code", "code"), [(137, "137"), (-9, "137"), (143, "143"), (-15, "143"), (127, "127")])
def test_an_exit_code_from_outside_counts(exit_code: int, code: str) -> None:
    """A process killed by a signal is reported as the shell would."""
    hits = hits_of("", Failure(text="", exit_code=exit_code))
    assert [("exit", code, -1, 0)] == [(hit.table, hit.code, hit.start, hit.line) for hit in hits]


def test_an_exception_type_from_outside_counts() -> None:
    """The class name decides, whatever its module."""
    hits = hits_of("", Failure(text="", exception_type="builtins.ConnectionResetError"))
    assert [("exception", "ConnectionResetError")] == [(hit.table, hit.code) for hit in hits]


def test_an_unknown_exit_code_gives_nothing() -> None:
    """A code without an entry is no evidence."""
    assert () == hits_of("", Failure(text="", exit_code=987_654))


@pytest.mark.parametrize(("text", "table", "code"), [*PLACES, *TOKENS])
def test_a_span_points_at_the_code(text: str, table: str, code: str) -> None:
    """Start and end cut the code out of the region's text, and the line is its own."""
    whole = f"the job started\n{text}\nthe job ended"
    hit = next(hit for hit in hits_of(whole) if (hit.table, hit.code) == (table, code))
    assert whole[hit.start : hit.end].strip()
    assert hit.start >= whole.index(text)
    assert hit.end <= whole.index(text) + len(text)
    assert 2 == hit.line


@settings(deadline=None)
@given(st.lists(st.sampled_from([text for text, _, _ in PLACES] + ["", "ok", "İstanbul ﬁn", "ENOSPC é"]), max_size=6))
def test_every_span_lies_in_its_line(lines: list[str]) -> None:
    """Whatever surrounds a code, its span lies within the line that it names."""
    text = "\n".join(lines)
    for hit in hits_of(text):
        assert 0 <= hit.start < hit.end <= len(text)
        assert text.count("\n", 0, hit.start) + 1 == hit.line


def test_line_numbers_are_those_of_the_source() -> None:
    """A code in a region far down in a log names its line there."""
    log = "\n".join([*(f"step {number} ok" for number in range(500)), "write failed: ENOSPC", "done"])
    hit = next(hit for hit in signals_of(log).codes if hit.code == "ENOSPC")
    assert 501 == hit.line


def test_every_code_of_the_tables_can_be_found() -> None:
    """No entry is dead: each code of a table that is read as a bare token fires in a plain sentence."""
    knowledge = load_knowledge()
    in_place = {"http", "exit", "curl", "sqlstate", "grpc", "mysql", "sqlserver", "systemd"}
    codes = [(table, code) for table, entries in knowledge.codes.items() if table not in in_place for code in entries]
    dead = [(table, code) for table, code in codes if not _fires(code)]
    assert [] == dead


def _fires(code: str) -> bool:
    return any(hit.code.lower() == code.lower() for hit in hits_of(f"request failed ({code})"))
