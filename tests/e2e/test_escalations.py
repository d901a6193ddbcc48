"""Escalations on the command line: listed, shown, taken up, settled."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from support.command_line import call_errclass
from support.escalations import make_request
from support.posts_server import Answer, serve_posts

from errclass.actions.escalate import Escalation, HandlerResult
from errclass.core.clock import utc_now
from errclass.outcomes import Store
from errclass.system.acting import Acting
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


def _wait_for_consent(project: Path) -> str:
    settings = load_settings(cwd=project)
    with Store(settings.store) as store:
        request = make_request(target="auto_recovery", type="configuration", evidence=("cannot parse app.json",))
        return Acting(settings, store).escalate(request, work=project).escalation_id or ""


def test_one_waits_for_consent_and_is_carried_out(tree: Path, home: Path) -> None:
    """In the folder where it failed, by whoever agrees; once."""
    (tree / "app.json").write_text("{broken")
    (tree / "app.json.bak").write_text('{"a": 1}')
    one = _wait_for_consent(tree)
    assert (["pending"], "{broken") == (
        [row["status"] for row in call_errclass("escalations", "list", "--format", "json").json],
        (tree / "app.json").read_text(),
    )
    done = call_errclass("escalations", "approve", one, "--author", "ada")
    assert (0, f"{one} is completed: config_from_template: success\n") == (done.code, done.out)
    assert '{"a": 1}' == (tree / "app.json").read_text()
    assert "ada" == call_errclass("escalations", "show", one, "--format", "json").json["approved_by"]
    assert (1, "") == ((done := call_errclass("escalations", "approve", one)).code, done.out)


def test_what_is_agreed_to_and_fails_says_why(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing fits here; and with the kill switch nothing is begun, so that one may agree later."""
    one = _wait_for_consent(tree)
    monkeypatch.setenv("ERRCLASS_ACT", "off")
    done = call_errclass("escalations", "approve", one)
    assert (1, True) == (done.code, "everything automatic is switched off" in done.err)
    monkeypatch.setenv("ERRCLASS_ACT", "on")
    done = call_errclass("escalations", "approve", one)
    assert (1, "", True) == (done.code, done.out, "no_recipe_fits" in done.err)


def test_one_is_called_off(tree: Path) -> None:
    """Nobody has to act any more, and nobody can agree to it."""
    one = _wait_for_consent(tree)
    assert f"{one} is cancelled\n" == call_errclass("escalations", "cancel", one, "--author", "ada").out
    assert [] == call_errclass("escalations", "list", "--format", "json").json
    for words in (("approve", one), ("cancel", one)):
        done = call_errclass("escalations", *words)
        assert (1, True) == (done.code, "nothing changed: it is cancelled" in done.err)


def test_a_check_tells_what_is_late_and_takes_up_what_was_left(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once; the channel is asked at the end, and its failure is the exit code."""
    done = call_errclass("escalations", "check")
    assert (0, "", True) == (done.code, done.out, "no deadline was missed" in done.err)
    late, left = _escalate(tree, type="\x1b[31mred"), _escalate(tree, fingerprint="f" * 16)
    past = utc_now() - timedelta(hours=2)
    changes = {late: {"created": past.isoformat()}, left: {"status": "executing", "lease_until": past.isoformat()}}
    with Store(load_settings(cwd=tree).store) as store:
        store.change_escalations(lambda known: ([{**one, **changes[one["id"]]} for one in known], None))
    with serve_posts(lambda _: Answer(200)) as server:
        monkeypatch.setenv("ERRCLASS_NOTIFICATIONS__CHANNELS__WEBHOOK__URL", server.url)
        done = call_errclass("escalations", "check", "--format", "json")
        assert (0, [(late, "acknowledge")]) == (done.code, [(one["id"], one["missed"]) for one in done.json["missed"]])
        assert [(left, "completed")] == [(one["escalation_id"], one["status"]) for one in done.json["resumed"]]
        assert {late, f"{left}"} == {
            json.loads(post.body)["notice"]["id"].removesuffix(":acknowledge") for post in server.posts
        }
        assert (2, "") == (len(server.posts), call_errclass("escalations", "check").out)
        server.faults = [Answer(401)]
        with Store(load_settings(cwd=tree).store) as store:
            store.change_escalations(lambda known: ([{**one, "breaches": []} for one in known], None))
        make_all_old(tree)
        done = call_errclass("escalations", "check")
        assert (1, True, False) == (done.code, "resolve" in done.out, "\x1b" in done.out)


def make_all_old(tree: Path) -> None:
    past = (utc_now() - timedelta(days=30)).isoformat()
    with Store(load_settings(cwd=tree).store) as store:
        store.change_escalations(lambda known: ([{**one, "created": past} for one in known], None))


@pytest.mark.parametrize("text", ["\x1b]0;owned\x07", "::error::owned", "##vso[task.complete]", "\u202egnp"])
def test_what_strangers_wrote_does_nothing_to_a_terminal(tree: Path, text: str) -> None:
    """Neither in the table nor in JSON."""
    one = _escalate(tree, evidence=(text,), because=(text,), type=text)
    for arguments in (("list",), ("show", one), ("show", one, "--format", "json")):
        assert text not in call_errclass("escalations", *arguments).out


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("show", "x"), ("ack", "x"), ("resolve", "x"), ("approve", "x"), ("cancel", "x"), ("check",)],
    ids=" ".join,
)
def test_a_store_that_cannot_be_read_is_told(
    tree: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """It is not taken for an empty one."""
    (tree / "inbox.sqlite").write_text("no database")
    monkeypatch.setenv("ERRCLASS_STORE", str(tree))
    done = call_errclass("escalations", *arguments)
    assert (1, "", True) == (done.code, done.out, "not a database" in done.err)
