"""Replays: one at a time, in the background, of drafts that can be rules."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from errclass.core.errors import StoreError, UsageError
from errclass.rules import Layer
from errclass.serve.dashboard import replays
from errclass.serve.dashboard.replays import ReplayDesk
from errclass.serve.dashboard.rule_drafts import MOST_CHARS, THRESHOLDS, RuleDraft, list_rules, read_draft
from errclass.serve.problem import RefusalError
from errclass.system.jobs.replaying import ReplayRequest
from errclass.system.settings import Settings

RULE = RuleDraft("strategy/mine", "title: mine\n")


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let replays be done before they are told of."""

    def do(work: Callable[[], Any], *, name: str) -> Future[Any]:
        work()
        return Future()

    monkeypatch.setattr(replays, "start_in_background", do)


def desk(run: Callable[..., dict[str, Any]]) -> ReplayDesk:
    return ReplayDesk(Settings(home=Path("none"), store="none"), run=run)


@pytest.mark.usefixtures("in_place")
def test_a_draft_is_laid_over_the_rules_while_it_is_replayed() -> None:
    """And is gone afterwards."""
    seen: list[tuple[str, Path]] = []

    def run(_: Settings, request: ReplayRequest, **__: Any) -> dict[str, Any]:
        (folder,) = request.folders
        seen.append(((folder / "strategy" / "mine.yaml").read_text(), folder))
        return {"changed": 3}

    replay = desk(run).start("mine", "7d", draft=RULE)
    assert (RULE.text, False) == (seen[0][0], seen[0][1].exists())
    assert ({"changed": 3}, None, False) == (replay.report, replay.fault, replay.running)


def test_one_is_under_way_at_a_time_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how far it is."""
    may_go, told, threads = threading.Event(), threading.Event(), []

    def run(_: Settings, __: ReplayRequest, *, progress: Callable[[str, int, int], None]) -> dict[str, Any]:
        progress("deciding anew", 1000, 5000)
        told.set()
        may_go.wait(60)
        progress("deciding anew", 2000, 5000)
        return {}

    def begin(work: Callable[[], Any], *, name: str) -> Future[Any]:
        threads.append(threading.Thread(target=work))
        threads[-1].start()
        return Future()

    monkeypatch.setattr(replays, "start_in_background", begin)
    busy = desk(run)
    replay = busy.start("a", "7d")
    told.wait(60)
    assert (1000, 5000, True) == (replay.done, replay.total, replay.running)
    with pytest.raises(RefusalError):
        busy.start("b", "7d")
    replay.stopping = True
    may_go.set()
    threads[0].join(60)
    assert (False, None, True) == (replay.running, replay.report, "stopped" in (replay.fault or ""))
    busy.start("c", "7d")
    threads[1].join(60)
    assert ["c", "a"] == [one.title for one in busy.list()]
    assert replay is busy.find(replay.id)
    assert busy.find("none") is None


@pytest.mark.usefixtures("in_place")
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UsageError("no rule"), "no rule"),
        (StoreError("/home/somebody"), "try again"),
        (KeyError("somebody"), "the log"),
    ],
    ids=str,
)
def test_what_goes_wrong_is_told_without_places_of_this_machine(error: Exception, told: str) -> None:
    """The next one may begin."""

    def fail(*_: Any, **__: Any) -> dict[str, Any]:
        raise error

    failing = desk(fail)
    replay = failing.start("a", "7d")
    assert (True, False) == (told in (replay.fault or ""), "somebody" in (replay.fault or ""))
    assert not failing.start("b", "7d").running


@pytest.mark.usefixtures("in_place")
def test_only_the_last_are_kept() -> None:
    """Nobody fills the memory."""
    full = desk(lambda *_, **__: {})
    for number in range(replays.MOST_KEPT + 5):
        full.start(str(number), "7d")
    assert (replays.MOST_KEPT, str(replays.MOST_KEPT + 4)) == (len(full.list()), full.list()[0].title)


@pytest.mark.parametrize(
    "draft",
    [
        RuleDraft("../../etc/passwd", "a: b"),
        RuleDraft("strategy/../x", "a: b"),
        RuleDraft("/etc/x", "a: b"),
        RuleDraft("policy", "a: b"),
        RuleDraft("Strategy/x", "a: b"),
        RuleDraft("strategy/x\n", "a: b"),
        RuleDraft("strategy/x", "  \n"),
        RuleDraft("strategy/x", "x" * (MOST_CHARS + 1)),
    ],
    ids=lambda draft: draft.rule,
)
def test_a_draft_that_can_be_no_rule_is_refused(draft: RuleDraft) -> None:
    """Before anything is written."""
    with pytest.raises(UsageError):
        desk(lambda *_, **__: {}).start("a", "7d", draft=draft)


@pytest.mark.parametrize("text", ["extends: /etc\n", "tables: {}\nstages: []\n", "- a\n", "a: [\n"])
def test_thresholds_are_rows_of_tables_and_nothing_else(text: str) -> None:
    """No draft leads to a folder of this machine, nor names the one that it is in."""
    with pytest.raises(UsageError) as caught, RuleDraft(THRESHOLDS, text).laid_out():
        pass
    assert "errclass-draft-" not in str(caught.value)


def test_what_is_in_use_is_offered_to_be_changed(tmp_path: Path) -> None:
    """The rule of the last layer that has one; the thresholds as rows."""
    (tmp_path / "strategy").mkdir()
    (tmp_path / "strategy" / "retry.yaml").write_text("title: ours\n")
    (tmp_path / "strategy" / "ours.yaml").write_text("title: ours alone\n")
    layers = (Layer(tmp_path),)
    assert {"strategy/ours", "strategy/retry", "cause/prediction"} <= set(list_rules(layers))
    assert ("title: ours\n", "") == (
        read_draft("strategy/retry", layers).text,
        read_draft("strategy/none", layers).text,
    )
    thresholds = read_draft(THRESHOLDS, ())
    assert "  manual_after: {default: 5, development: 3, staging: 4, production: 5}" in thresholds.text
    with thresholds.laid_out() as folder:
        assert ["policy.yaml"] == [path.name for path in folder.iterdir()]


def test_a_misspelt_threshold_is_told() -> None:
    """Otherwise nothing would have changed, which looks like a finding."""
    draft = RuleDraft(THRESHOLDS, "tables:\n  confidence_flor: {default: 0.9}\n")
    with pytest.raises(UsageError, match=r"'confidence_flor'.*did you mean 'confidence_floor'"), draft.laid_out():
        pass
