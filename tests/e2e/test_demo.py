"""``errclass demo``: a store of its own, filled once, never one that is in use."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.command_line import Finished, call_errclass

from errclass.core.clock import utc_now
from errclass.core.types import Outcome
from errclass.outcomes import Store

WEEK = ("demo", "--days", "7", "--until", "2026-03-06T15:30Z")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo store of a week; only to be read."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ERRCLASS_HOME", str(folder / "home"))
        done = call_errclass(*WEEK)
    assert (0, "") == (done.code, done.err.partition("Use it:")[0])
    return folder / "home" / "demo"


def read_files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def make_real(folder: Path) -> dict[str, bytes]:
    """Make a store with something in it, and return its files."""
    with Store(folder) as store:
        store.record(Outcome("mine", "connect ETIMEDOUT"))
        store.merge()
    return read_files(folder)


def make_marked(folder: Path, **fields: object) -> None:
    """Make what looks like a demo store, without filling one."""
    folder.mkdir(parents=True)
    document = {"made_by": "errclass demo", "complete": True, "days": 7, "seed": 1, "truths": [], **fields}
    times = {"since": "2026-02-27T15:30:00+00:00", "until": "2026-03-06T15:30:00+00:00"}
    counts = {"counts": {"calls": 1, "failures": 1}}
    (folder / "truths.json").write_text(json.dumps({**document, **times, **counts}))


def test_the_usual_place_is_beside_the_store_of_which_nothing_is_made(filled: Path) -> None:
    """Only its owner may read it, as any store."""
    assert ["demo"] == [file.name for file in filled.parent.iterdir()]
    assert 0o700 == filled.stat().st_mode & 0o777
    assert {0o600} == {file.stat().st_mode & 0o777 for file in filled.iterdir()}
    assert {"outcomes.duckdb", "inbox.sqlite", "truths.json"} <= {file.name for file in filled.iterdir()}


def test_other_commands_use_it_when_they_are_told_to(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its repositories show what it is."""
    monkeypatch.setenv("ERRCLASS_STORE", str(filled))
    counts = json.loads((filled / "truths.json").read_text())["counts"]
    assert call_errclass("outcomes", "stats", "--format", "json").json["outcomes"] == counts["failures"]
    flaky = call_errclass("outcomes", "flaky", "--format", "json").json
    assert ["[chromium] › tests/checkout.spec.ts:41:5 › checkout › pays with a saved card"] == [
        row["test"] for row in flaky
    ]
    report = call_errclass("report", "--since", "52w", "--format", "json", "--filter", "repository=demo/shop").json
    assert report["data"]["total_errors"] > 50


def test_filling_it_again_says_that_it_is_there_and_changes_nothing(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With or without the end of it; also while it is the store in use."""
    monkeypatch.setenv("ERRCLASS_HOME", str(filled.parent))
    before = read_files(filled)
    for arguments in (WEEK, WEEK[:3]):
        done = call_errclass(*arguments, "--format", "json")
        assert (0, True) == (done.code, "is there already" in done.err)
        assert done.json == {"store": str(filled), **json.loads(before["truths.json"])}
    monkeypatch.setenv("ERRCLASS_STORE", str(filled))
    assert call_errclass(*WEEK).code == 0
    assert before == read_files(filled)


@pytest.mark.parametrize(
    "arguments", [("--days", "8"), ("--days", "7", "--seed", "2"), ("--days", "7", "--until", "2026-03-05")]
)
def test_another_history_does_not_replace_it_unasked(home: Path, arguments: tuple[str, ...]) -> None:
    """The one that is there is named."""
    make_marked(home / "demo")
    before = read_files(home / "demo")
    done = call_errclass("demo", *arguments)
    assert (2, "") == (done.code, done.out)
    assert "holds another demo history: --days 7 --seed 1 --until 2026-03-06T15:30:00+00:00; --force" in done.err
    assert before == read_files(home / "demo")


def test_it_is_made_anew_by_force_and_where_it_is_not_complete(home: Path) -> None:
    """And the table tells what is planted, standard error how to use it."""
    make_marked(home / "demo", days=30)
    check_made_anew(call_errclass(*WEEK, "--force"), home)
    (home / "demo" / "truths.json").write_text('{"made_by": "errclass demo", "complete": false}')
    check_made_anew(call_errclass(*WEEK), home)


def check_made_anew(done: Finished, home: Path) -> None:
    assert done.code == 0, done.err
    document = json.loads((home / "demo" / "truths.json").read_text())
    assert (7, True, "2026-02-27T15:30:00+00:00") == (document["days"], document["complete"], document["since"])
    assert all(truth["name"] in done.out for truth in document["truths"])
    assert f"export ERRCLASS_STORE={home / 'demo'}\n" in done.err
    with Store(home / "demo") as store:
        assert document["counts"]["failures"] == store.stats().outcomes


def test_the_end_is_now_where_nothing_else_is_said(home: Path, tmp_path: Path) -> None:
    """To the second; `--out` names the folder."""
    before = utc_now().replace(microsecond=0)
    done = call_errclass("demo", "--days", "7", "--out", tmp_path / "there", "--format", "json")
    until = datetime.fromisoformat(done.json["until"])
    assert before <= until <= utc_now()
    assert datetime.fromisoformat(done.json["since"]) == until - timedelta(days=7)
    assert (str(tmp_path / "there"), False) == (done.json["store"], home.exists())


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["plain", "force"])
def test_a_real_store_is_never_written_to(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, force: tuple[str, ...]
) -> None:
    """Neither the one in use, by any setting, nor one that lies elsewhere, nor any other folder."""
    own, set_by_hand, other = home / "store", tmp_path / "set", tmp_path / "other"
    files = {folder: make_real(folder) for folder in (own, set_by_hand, other)}
    assert_refused("is the store in use", "--out", own, *force)
    assert_refused("is not empty and no demo store", "--out", other, *force)
    assert_refused("is not empty and no demo store", "--out", home, *force)
    monkeypatch.setenv("ERRCLASS_STORE", str(set_by_hand))
    assert_refused("is the store in use", "--out", set_by_hand, *force)
    assert files == {folder: read_files(folder) for folder in files}


def test_a_demo_store_in_use_is_not_made_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may have recorded into it since."""
    make_marked(home / "demo")
    monkeypatch.setenv("ERRCLASS_STORE", str(home / "demo"))
    before = read_files(home / "demo")
    assert_refused("unset ERRCLASS_STORE", "--force")
    assert before == read_files(home / "demo")


@pytest.mark.parametrize("until", ["soon", "2999-01-01", "", "0001-01-01T00:00+14:00", "0001-01-05"])
def test_an_end_that_is_none_is_told(home: Path, until: str) -> None:
    """No time at all, one to come, and one before there were any."""
    assert_refused("--until", "--until", until)
    assert not home.exists()


def test_times_of_other_zones_are_taken_to_utc(home: Path) -> None:
    """What has no zone is UTC already."""
    make_marked(home / "demo")
    for text in ("2026-03-06T15:30", "2026-03-06T17:30+02:00", "2026-03-06T15:30:00Z"):
        assert call_errclass("demo", "--days", "7", "--until", text).code == 0, text


def assert_refused(why: str, *arguments: object) -> None:
    done = call_errclass("demo", *arguments)
    assert (2, "") == (done.code, done.out)
    assert why in done.err
    assert "Traceback" not in done.err
