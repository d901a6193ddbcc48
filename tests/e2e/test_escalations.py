"""Escalations on the command line: listed, shown, taken up, settled."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command_line import call_errclass
from support.escalations import make_request

from errclass.actions.escalate import Escalation, HandlerResult
from errclass.outcomes import Store
from errclass.system.escalating import make_escalations
from errclass.system.settings import load_settings


def _escalate(tree: Path, **changes: object) -> str:
    def hand_over(_: Escalation) -> HandlerResult:
        return HandlerResult(success=True, summary="told the one on call", action="notification_sent")

    settings = load_settings(cwd=tree)
    with Store(settings.store) as store:
        manager = make_escalations(settings, store=store)
        manager.register_handler("manual", hand_over)
        return manager.escalate_error(make_request(target="manual", **changes)).escalation_id or ""


def test_nobody_has_to_act_at_first(home: Path) -> None:
    """Nothing is made up, and nothing is written."""
    done = call_errclass("escalations", "list")
    assert (0, "", True) == (done.code, done.out, "nobody has to act" in done.err)
    assert [] == call_errclass("escalations", "list", "--all", "--format", "json").json
    assert not home.exists()


def test_one_is_taken_up_and_settled(tree: Path) -> None:
    """By name; what is closed is listed on request only."""
    one = _escalate(tree)
    assert one in call_errclass("escalations", "list").out
    done = call_errclass("escalations", "ack", one, "--author", "ada")
    assert (0, f"{one} is acknowledged\n") == (done.code, done.out)
    shown = call_errclass("escalations", "show", one)
    for text in ("ada", "told the one on call", "expected 2, got 3", "acme/shop"):
        assert text in shown.out
    again = call_errclass("escalations", "ack", one)
    assert (1, "", True) == (again.code, again.out, "nothing changed" in again.err)
    assert (0, f"{one} is resolved\n") == ((done := call_errclass("escalations", "resolve", one)).code, done.out)
    assert [] == call_errclass("escalations", "list", "--format", "json").json
    (row,) = call_errclass("escalations", "list", "--all", "--format", "json").json
    assert (one, "resolved", "ada") == (row["id"], row["status"], row["acknowledged_by"])
    assert row == call_errclass("escalations", "show", one, "--format", "json").json


@pytest.mark.parametrize("text", ["\x1b]0;owned\x07", "::error::owned", "##vso[task.complete]", "\u202egnp"])
def test_what_strangers_wrote_does_nothing_to_a_terminal(tree: Path, text: str) -> None:
    """Neither in the table nor in JSON."""
    one = _escalate(tree, evidence=(text,), because=(text,), type=text)
    for arguments in (("list",), ("show", one), ("show", one, "--format", "json")):
        assert text not in call_errclass("escalations", *arguments).out


@pytest.mark.parametrize("arguments", [("list",), ("show", "x"), ("ack", "x"), ("resolve", "x")], ids=" ".join)
def test_a_store_that_cannot_be_read_is_told(
    tree: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """It is not taken for an empty one."""
    (tree / "inbox.sqlite").write_text("no database")
    monkeypatch.setenv("ERRCLASS_STORE", str(tree))
    done = call_errclass("escalations", *arguments)
    assert (1, "", True) == (done.code, done.out, "not a database" in done.err)
