"""Reports that are made again and again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.happenings import decide

from errclass.actions.notify import Notice
from errclass.core.errors import ConfigError, StoreError
from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.reports import make_report
from errclass.system.cron import check_cron, find_last, find_next
from errclass.system.report_schedules import LEASE, STATE, ReportSchedules
from errclass.system.reporting import open_shelf
from errclass.system.settings import Settings

MONDAY = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
WEEKLY = {"cron": "0 7 * * 1", "window": "7d", "format": "md"}


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = MONDAY - timedelta(days=3)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with one failure on a Sunday."""
    with Store(tmp_path / "store") as opened:
        opened.record(Outcome("a", "boom", time=MONDAY - timedelta(hours=20), decision=decide("build")))
        yield opened


def make_settings(tmp_path: Path, **reporting: Any) -> Settings:
    return Settings(home=tmp_path, store=str(tmp_path / "store"), reporting=reporting)


def schedule(tmp_path: Path, store: Store, clock: Clock, **fields: Any) -> ReportSchedules:
    settings = make_settings(tmp_path, schedules={"weekly": {**WEEKLY, **fields}})
    return ReportSchedules(settings, store, clock=clock)


def kept(tmp_path: Path) -> list[str]:
    return [one.id for one in open_shelf(make_settings(tmp_path)).list()]


def test_a_report_is_made_once_at_its_time(tmp_path: Path, store: Store, clock: Clock) -> None:
    """Not when the schedule is first looked at, not before, and not again after."""
    schedules = schedule(tmp_path, store, clock)
    made = []
    for hours in (0, 1, 71, 72, 72, 73, 7 * 24 + 71):
        clock.now = MONDAY + timedelta(hours=hours - 72)
        made.append([one.due for one in schedules.make_due()])
    assert [[], [], [], [MONDAY], [], [], []] == made
    assert 1 == len(kept(tmp_path))


def test_it_is_about_the_time_before_it_was_due(tmp_path: Path, store: Store, clock: Clock) -> None:
    """However late it is made."""
    schedules = schedule(tmp_path, store, clock)
    schedules.make_due()
    clock.now = MONDAY + timedelta(days=2)
    (one,) = schedules.make_due()
    assert f"summary-{MONDAY:%Y%m%dT%H%M%SZ}" in str(one.report_id)
    text = open_shelf(make_settings(tmp_path)).read(str(one.report_id)).decode()
    assert "2026-04-27 07:00 UTC to 2026-05-04 07:00 UTC" in text


def test_of_missed_times_only_the_latest_is_made_up_for(tmp_path: Path, store: Store, clock: Clock) -> None:
    """A service that was off for a month does not send four reports."""
    schedules = schedule(tmp_path, store, clock)
    schedules.make_due()
    clock.now = MONDAY + timedelta(days=30)
    assert [MONDAY + timedelta(days=28)] == [one.due for one in schedules.make_due()]
    assert [] == schedules.make_due()


def test_each_time_is_made_once_over_all_who_look(tmp_path: Path, store: Store, clock: Clock) -> None:
    """At the same moment."""
    schedule(tmp_path, store, clock).make_due()
    clock.now = MONDAY
    barrier = threading.Barrier(6)

    def look() -> int:
        schedules = schedule(tmp_path, store, clock)
        barrier.wait(30)
        return len(schedules.make_due())

    with ThreadPoolExecutor(6) as pool:
        looks = [pool.submit(look) for _ in range(6)]
        assert 1 == sum(one.result() for one in looks)


def test_who_dies_over_a_report_leaves_it_to_the_next(tmp_path: Path, store: Store, clock: Clock) -> None:
    """After a while."""
    schedules = schedule(tmp_path, store, clock)
    schedules.make_due()
    clock.now = MONDAY
    assert MONDAY == schedules._claim("weekly")  # and nothing more
    assert [] == schedules.make_due()
    clock.now = MONDAY + LEASE - timedelta(seconds=1)
    assert [] == schedules.make_due()
    clock.now = MONDAY + LEASE
    assert [MONDAY] == [one.due for one in schedules.make_due()]


def test_a_report_that_fails_is_told_and_not_repeated(tmp_path: Path, store: Store, clock: Clock) -> None:
    """Until it is due again; others are made all the same."""
    other = {"cron": "0 7 * * 1", "format": "csv"}
    settings = make_settings(tmp_path, schedules={"weekly": {**WEEKLY, "type": "sumary"}, "other": other})
    schedules = ReportSchedules(settings, store, clock=clock)
    schedules.make_due()
    clock.now = MONDAY
    broken, whole = schedules.make_due()
    assert "no report type is called 'sumary'" in str(broken.fault)
    assert "weekly, due 2026-05-04 07:00 UTC: failed" in str(broken)
    assert ("other", None) == (whole.name, whole.fault)
    assert [] == schedules.make_due()


def test_a_store_that_cannot_be_read_now_is_asked_again(
    tmp_path: Path, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the next look."""
    schedules = schedule(tmp_path, store, clock)
    schedules.make_due()
    clock.now = MONDAY

    def fail(*_: Any, **__: Any) -> None:
        raise StoreError("locked")

    with monkeypatch.context() as patched:
        patched.setattr("errclass.system.report_schedules.make_report", fail)
        (one,) = schedules.make_due()
        assert "locked; the next look tries again" == one.fault
    assert [None] == [one.fault for one in schedules.make_due()]


def test_a_look_with_a_wrong_clock_stops_nothing(tmp_path: Path, store: Store, clock: Clock) -> None:
    """The schedule counts from the next look."""
    schedules = schedule(tmp_path, store, clock)
    schedules.make_due()
    clock.now = MONDAY + timedelta(days=3650)
    assert 1 == len(schedules.make_due())
    clock.now = MONDAY - timedelta(days=1)
    assert [] == schedules.make_due()
    clock.now = MONDAY
    assert [MONDAY] == [one.due for one in schedules.make_due()]


def test_who_dies_with_a_wrong_clock_leaves_it_to_the_next(tmp_path: Path, store: Store, clock: Clock) -> None:
    """At once, for nobody is at it for years."""
    last, until = MONDAY - timedelta(days=3), MONDAY + timedelta(days=3650)
    store.change_state(STATE, "weekly", lambda _: ({"last": last.isoformat(), "until": until.isoformat()}, None))
    clock.now = MONDAY
    assert [MONDAY] == [one.due for one in schedule(tmp_path, store, clock).make_due()]


def test_a_clock_that_is_a_little_behind_makes_nothing_twice(tmp_path: Path, store: Store, clock: Clock) -> None:
    """Machines differ by seconds."""
    schedules = schedule(tmp_path, store, clock, cron="*/5 * * * *")
    schedules.make_due()
    clock.now = MONDAY
    assert 1 == len(schedules.make_due())
    clock.now = MONDAY - timedelta(seconds=30)
    assert [] == schedules.make_due()
    clock.now = MONDAY
    assert [] == schedules.make_due()


@pytest.mark.parametrize("last", ["yesterday", 7, "2026-04-01T07:00:00"])
def test_a_damaged_state_begins_anew(tmp_path: Path, store: Store, clock: Clock, last: object) -> None:
    """Nothing is made for times that nobody knows of."""
    store.change_state(STATE, "weekly", lambda _: ({"last": last}, None))
    schedules = schedule(tmp_path, store, clock)
    assert [] == schedules.make_due()
    clock.now = MONDAY
    assert 1 == len(schedules.make_due())


def test_a_report_goes_where_it_is_wanted(
    tmp_path: Path, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Into a folder, and to people; kept only if asked for."""
    told: list[Notice] = []

    class Told:
        error = ""

    def tell(self: Any, notice: Notice, channels: Any = None) -> Told:
        told.append(notice)
        return Told()

    monkeypatch.setattr("errclass.actions.notify.NotificationSystem.send_notification", tell)
    folder = tmp_path / "out"
    folder.mkdir()
    schedules = schedule(tmp_path, store, clock, keep=False, folder=str(folder), notify=True)
    schedules.make_due()
    clock.now = MONDAY
    (one,) = schedules.make_due()
    assert [f"written to {folder / str(one.report_id)}.md", "told"] == list(one.places)
    assert [f"{one.report_id}.md"] == [path.name for path in folder.iterdir()]
    assert [] == kept(tmp_path)
    (notice,) = told
    assert ("weekly: summary of failures, 1 in the window", "report") == (notice.what, notice.kind)
    assert "Errors: 1" in notice.evidence


def test_a_folder_that_is_gone_is_told(tmp_path: Path, store: Store, clock: Clock) -> None:
    """With what to do; the report is kept all the same."""
    folder = tmp_path / "gone"
    schedules = schedule(tmp_path, store, clock, folder=str(folder))
    schedules.make_due()
    clock.now = MONDAY
    (one,) = schedules.make_due()
    assert f"{folder}: is no folder, so the report was not written there; create it" == one.fault
    assert f"kept as {one.report_id}, failed: {folder}" in str(one)
    assert 1 == len(kept(tmp_path))


def test_a_folder_that_takes_no_files_is_told(
    tmp_path: Path, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the name of a draft."""

    def refuse(path: Path, content: bytes) -> None:
        raise PermissionError(13, "Permission denied", f"{path}.draft")

    monkeypatch.setattr("errclass.system.report_schedules.write_whole", refuse)
    schedules = schedule(tmp_path, store, clock, folder=str(tmp_path))
    schedules.make_due()
    clock.now = MONDAY
    (one,) = schedules.make_due()
    expected = f"{tmp_path}: the report cannot be written there (Permission denied); make it a folder that takes files"
    assert expected == one.fault


def test_a_report_that_cannot_be_kept_goes_to_its_other_places(
    tmp_path: Path, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And each fault is named."""

    def fail(*_: Any) -> str:
        raise KeyError("channel")

    monkeypatch.setattr("errclass.reports.shelf.MOST_BYTES", 10)
    monkeypatch.setattr(ReportSchedules, "_tell", fail)
    folder = tmp_path / "out"
    folder.mkdir()
    schedules = schedule(tmp_path, store, clock, folder=str(folder), notify=True)
    schedules.make_due()
    clock.now = MONDAY
    (one,) = schedules.make_due()
    assert [f"{one.report_id}.md"] == [path.name for path in folder.iterdir()]
    assert (f"written to {folder / str(one.report_id)}.md",) == one.places
    assert "of which 10 are kept at most" in str(one.fault)
    assert str(one.fault).endswith("; a fault in errclass itself (KeyError: 'channel')")
    assert [] == schedules.make_due()


def test_a_fault_of_ours_stops_no_other_schedule(
    tmp_path: Path, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And is not repeated until it is due again."""
    settings = make_settings(tmp_path, schedules={"weekly": WEEKLY, "other": {**WEEKLY, "type": "trends"}})
    schedules = ReportSchedules(settings, store, clock=clock)
    schedules.make_due()
    clock.now = MONDAY

    def make(store: Store, kind: str, **fields: Any) -> Any:
        if kind == "summary":
            raise KeyError("x")
        return make_report(store, kind, **fields)

    monkeypatch.setattr("errclass.system.report_schedules.make_report", make)
    broken, whole = schedules.make_due()
    assert "a fault in errclass itself (KeyError: 'x')" == broken.fault
    assert ("other", None) == (whole.name, whole.fault)
    assert ["errclass.inner_fault"] == [record.message for record in caplog.records if record.levelname == "ERROR"]
    clock.now = MONDAY + LEASE
    assert [] == schedules.make_due()


@pytest.mark.parametrize(
    ("text", "last", "next_time"),
    [
        ("0 7 * * 1", "2026-05-04T07:00", "2026-05-11T07:00"),
        ("*/15 * * * *", "2026-05-04T07:00", "2026-05-04T07:15"),
        ("30 6 1 * *", "2026-05-01T06:30", "2026-06-01T06:30"),
        ("0 12 * * mon-fri", "2026-05-01T12:00", "2026-05-04T12:00"),
    ],
)
def test_times_of_cron(text: str, last: str, next_time: str) -> None:
    """A moment counts as the last one, and not as the next."""
    utc = ZoneInfo("UTC")
    assert datetime.fromisoformat(f"{last}:00+00:00") == find_last(text, MONDAY, utc)
    assert datetime.fromisoformat(f"{next_time}:00+00:00") == find_next(text, MONDAY, utc)


def test_times_are_those_of_the_time_zone() -> None:
    """In summer and in winter."""
    berlin = ZoneInfo("Europe/Berlin")
    assert 5 == find_next("0 7 * * *", datetime(2026, 7, 1, tzinfo=UTC), berlin).hour
    assert 6 == find_next("0 7 * * *", datetime(2026, 12, 1, tzinfo=UTC), berlin).hour


@pytest.mark.parametrize(
    ("begin", "text", "expected"),
    [
        ("2026-10-25", "0 * * * *", ["00:00", "01:00", "02:00", "03:00"]),
        ("2026-10-25", "*/30 * * * *", ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00"]),
        ("2026-10-25", "30 2 * * *", ["00:30"]),
        ("2026-10-25", "0 3 * * *", ["02:00"]),
        ("2026-03-29", "0 * * * *", ["00:00", "01:00", "02:00", "03:00"]),
        ("2026-03-29", "*/30 * * * *", ["00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00"]),
        ("2026-03-29", "30 2 * * *", ["01:00"]),
        ("2026-03-29", "0 3 * * *", ["01:00"]),
    ],
)
def test_when_clocks_change_nothing_is_missed_and_nothing_comes_twice(
    begin: str, text: str, expected: list[str]
) -> None:
    """Whoever looks once a minute; a time of day that comes twice counts once, one that is left out comes after it."""
    berlin, midnight = ZoneInfo("Europe/Berlin"), datetime.fromisoformat(f"{begin}T00:00:00+00:00")
    looks = [midnight + timedelta(minutes=minutes) for minutes in range(181)]
    last = [find_last(text, now, berlin) for now in looks]
    assert sorted(last) == last
    assert expected == [f"{due:%H:%M}" for due in sorted(set(last)) if due >= midnight]
    following = [find_next(text, now - timedelta(minutes=1), berlin) for now in looks]
    assert sorted(following) == following
    assert expected == [f"{due:%H:%M}" for due in sorted(set(following)) if due <= looks[-1]]


@pytest.mark.parametrize("text", ["", "@daily", "* * *", "* * * * * *", "0 25 * * *", "0 0 31 2 *", "a b c d e"])
def test_what_is_no_time_of_cron(text: str) -> None:
    """Or one that never comes."""
    with pytest.raises(ValueError, match="is no time of cron"):
        check_cron(text)


@pytest.mark.parametrize(
    "reporting",
    [
        {"schedules": {"x": {"cron": "daily"}}},
        {"schedules": {"x": {**WEEKLY, "keep": False}}},
        {"schedules": {"x": {**WEEKLY, "folder": "out"}}},
        {"schedules": {"x": {**WEEKLY, "format": "odt"}}},
        {"schedules": {"../x": WEEKLY}},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../../etc/passwd"},
        {"cost_per_minute": 1},
        {"currency": "euro"},
        {"cost_per_minute": -1, "currency": "EUR"},
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, reporting: dict[str, Any]) -> None:
    """When they are read."""
    with pytest.raises((ValueError, ConfigError)):
        make_settings(tmp_path, **reporting)
