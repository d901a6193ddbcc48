"""The commands of the store on a PostgreSQL server: chosen by one variable, and otherwise the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.command_line import call_errclass
from support.postgres import PASSWORD

from errclass.core.frozen import FrozenDict
from errclass.core.happenings import Attempt
from errclass.core.types import Decision, Outcome
from errclass.outcomes import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.postgres import PostgresServer

FAILED = "curl: (6) Could not resolve host: deb.debian.org"
EVENTS = [
    {"id": "a", "text": FAILED, "operation": "deploy", "context": {"operation_id": "r1", "attempt": 1}},
    {"id": "b", "success": True, "operation": "deploy", "context": {"operation_id": "r1", "attempt": 2}},
]


@pytest.fixture
def address(postgres: PostgresServer, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a store that does not exist yet, in use."""
    with postgres.lend_place() as place:
        monkeypatch.setenv("ERRCLASS_STORE", place)
        yield place


def test_record_merge_and_report(address: str, home: Path) -> None:
    """Acknowledged once durable, counted once merged; nothing is kept on this machine."""
    lines = "\n".join(json.dumps(event) for event in EVENTS)
    done = call_errclass("outcomes", "record", "--ack", stdin=lines)
    assert (0, ["a", "b"]) == (done.code, done.out.split())
    assert 0 == call_errclass("outcomes", "merge").code
    found = call_errclass("outcomes", "stats", "--format", "json").json
    assert (1, 0) == (found["outcomes"], found["waiting"])
    assert not (home / "store").exists()


def test_history_moves_between_folder_and_server(
    address: str, home: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exported there and imported here, and the other way round, it is the same."""
    call_errclass("outcomes", "record", stdin=json.dumps(EVENTS[0]))
    exported = call_errclass("outcomes", "export")
    (tree / "server.jsonl").write_text(exported.out, encoding="utf-8")
    monkeypatch.delenv("ERRCLASS_STORE")
    assert 0 == call_errclass("outcomes", "import", "server.jsonl").code
    assert sorted(exported.out.splitlines()) == sorted(call_errclass("outcomes", "export").out.splitlines())


@pytest.mark.usefixtures("use_small_model")
def test_decisions_are_replayed(address: str) -> None:
    """Merged ones and waiting ones, with what re-runs were seen to bring."""
    facts = FrozenDict({"predicted_type": "network", "confidence": 0.95, "margin": 0.9, "attempt": 1})
    decision = Decision("transient", "network", "low", True, 0.95, "wait", strategy="notify")
    outcome = Outcome("a", FAILED, fingerprint="a" * 16, facts=facts, decision=decision)
    with Store(address) as store:
        store.record(outcome)
        store.record_attempt(Attempt("again", True, failure_id="a"))
        store.merge()
        store.record(replace(outcome, id="b"))
    report = call_errclass("rules", "replay", "--format", "json").json
    added = report["reruns"]["retry"]["added"]
    assert (2, 2, 2, 0) == (report["changed"], added["decisions"], added["observed"], added["not_observed"])


def test_an_absent_server_is_one_clear_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For who records; who asks for an explanation gets one, without history."""
    monkeypatch.setenv("ERRCLASS_STORE", "postgres://bot:hunter2@127.0.0.1:1/errclass")
    done = call_errclass("outcomes", "stats")
    assert (1, "", 1) == (done.code, done.out, done.err.count("\n"))
    assert "start the server" in done.err
    assert "hunter2" not in done.err
    explained = call_errclass("explain", stdin=FAILED)
    assert (0, True) == (explained.code, explained.out.startswith("network"))


def test_settings_show_the_address_without_its_password(address: str) -> None:
    """As a table and as JSON."""
    for options in ((), ("--format", "json")):
        shown = call_errclass("config", "show", *options).out
        assert "[masked:password]" in shown.replace("\n", "")
        assert PASSWORD not in shown
