"""What metrics say of the history, against a history whose truth is known."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.happenings import decide
from support.random_history import END, START, TYPES, Truth, draw_history, write_history

from errclass.core.errors import StoreError
from errclass.core.happenings import Action
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store, read_mart
from errclass.serve.metrics import METRICS
from errclass.serve.metrics.aged_look import AgedLook
from errclass.serve.metrics.figure_look import COUNTED, JUDGED, KnownNames, read_figures
from errclass.serve.metrics.metric import Sample
from errclass.system.settings import Settings, load_settings

KNOWN = KnownNames(frozenset(TYPES), frozenset({"transient", "persistent"}), frozenset({"clean", "install"}))
Values = dict[tuple[str, ...], float]
_HOLDER = """
import sys, duckdb
with duckdb.connect(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a store of their own, which does not exist yet."""
    return load_settings(cwd=tmp_path, overrides={"home": str(tmp_path), "store": str(tmp_path / "store")})


def read(settings: Settings, now: datetime, known: KnownNames = KNOWN) -> Values:
    """Return what is said, by name and labels; every series is said once."""
    samples = list(read_figures(settings, known, now))
    found = {(sample.name, *sample.labels): sample.value for sample in samples}
    assert len(samples) == len(found)
    check_labels(samples)
    return found


def check_labels(samples: list[Sample]) -> None:
    """Each sample is of a metric of the catalogue, with its labels."""
    widths = {metric.name: len(metric.labels) for metric in METRICS if metric.source == "figures"}
    assert [] == [one for one in samples if widths[one.name] != len(one.labels)]


def pick(found: Values, name: str) -> Values:
    """Return the values of one metric that are not 0."""
    return {labels[1:]: value for labels, value in found.items() if labels[0] == name and value}


def recount(truth: Truth, now: datetime) -> dict[str, Counter[tuple[str, ...]]]:
    """Count in plain Python."""

    def is_recent(time: datetime) -> bool:
        return now - COUNTED <= time < now

    categories = {"network": "transient", "dependency": "persistent", "test": "persistent", "build": "persistent"}
    counts: dict[str, Counter[tuple[str, ...]]] = {name: Counter() for name in _RECOUNTED}
    for fault in truth.faults:
        if is_recent(fault.time) and not fault.cancelled:
            category = categories[fault.type] if fault.type else "none"
            counts["errclass_recent_failures"][fault.type or "none", category, fault.severity or "none"] += 1
            ended = [call for call in fault.reruns if call.success]
            end = "resolved" if ended else "given_up" if fault.given_up else "pending"
            counts["errclass_recent_failure_ends"][(end,)] += 1
            counts["errclass_recent_failures_escalated"][()] += fault.escalated
            if fault.decided:
                labels = ("notify", categories[fault.decided], fault.severity or "")
                counts["errclass_recent_decisions"][labels] += 1
        for call in fault.reruns:
            if is_recent(call.time):
                result = "success" if call.success else "failure"
                if call.recovery:
                    counts["errclass_recent_recovery_reruns"][call.recovery, result] += 1
                else:
                    counts["errclass_recent_retries"][fault.type or "none", result] += 1
        for kind, name, result, time in fault.actions:
            if is_recent(time):
                labels = (result,) if kind == "reset" else (name, result)
                counts[_ACTIONS[kind]][labels] += 1
    return counts


_ACTIONS = {
    "recover": "errclass_recent_recoveries",
    "escalate": "errclass_recent_escalations",
    "reset": "errclass_recent_resets",
}
_RECOUNTED = (
    "errclass_recent_failures",
    "errclass_recent_failure_ends",
    "errclass_recent_failures_escalated",
    "errclass_recent_decisions",
    "errclass_recent_retries",
    "errclass_recent_recovery_reruns",
    *_ACTIONS.values(),
)


@pytest.mark.parametrize(
    ("seed", "settle"),
    [(1, lambda _: None), (2, Store.merge), (3, Store.merge)],
    ids=["waiting", "merged", "merged too"],
)
def test_counts_are_those_of_the_last_day(settings: Settings, seed: int, settle: Callable[[Store], object]) -> None:
    """By type, strategy, end, recipe, target and result, as plain Python counts them."""
    truth = draw_history(seed, faults=250)
    with write_history(truth, Store(settings.store)) as store:
        settle(store)
    for days in (3, 11, 20, 39):
        now = START + timedelta(days=days, hours=7)
        found, expected = read(settings, now), recount(truth, now)
        for name in _RECOUNTED:
            assert {labels: number for labels, number in expected[name].items() if number} == pick(found, name), name
        assert sum(pick(found, "errclass_recent_failures").values()) > 0


def test_reliability_is_that_of_the_marts(settings: Settings) -> None:
    """Of the last seven days, by the mart that shows everything side by side."""
    with write_history(draw_history(7, faults=300), Store(settings.store)) as store:
        for now in (START + timedelta(days=9), END):
            found = read(settings, now)
            rows: list[dict[str, Any]] = read_mart(store, "reliability", since=now - JUDGED, until=now)
            (row,) = [row for row in rows if row["dimension"] == "all"]
            assert pytest.approx(row["mttr_seconds"]) == found["errclass_mttr_seconds",]
            assert pytest.approx(row["mtbf_seconds"]) == found["errclass_mtbf_seconds",]
            assert pytest.approx(row["availability"]) == found["errclass_availability_ratio",]
            assert pytest.approx(row["median_recovery_seconds"]) == found["errclass_recovery_median_seconds",]
            assert row["open_incidents"] == found["errclass_recent_incidents", "open"]


def test_calls_and_the_newest_row(settings: Settings) -> None:
    """Calls of the last day, failed ones too; the newest of all, whenever it was."""
    truth = draw_history(5, faults=60)
    with write_history(truth, Store(settings.store)):
        pass
    everything = [call for fault in truth.faults for call in fault.reruns] + truth.calls
    newest = max(*(call.time for call in everything), *(fault.time for fault in truth.faults))
    now = START + timedelta(days=30)
    found = read(settings, now)
    assert newest.timestamp() == found["errclass_store_newest_timestamp_seconds",]
    succeeded = sum(call.success and now - COUNTED <= call.time < now for call in everything)
    assert succeeded == found["errclass_recent_calls", "success"]


def test_without_a_store_nothing_is_made_up(settings: Settings) -> None:
    """Counts are 0, and what needs a single failure is not there; no file is made."""
    found = read(settings, END)
    assert {0} == set(found.values())
    assert set() == {"errclass_mttr_seconds", "errclass_mtbf_seconds", "errclass_availability_ratio"} & {
        labels[0] for labels in found
    }
    assert not Path(settings.store).exists()


def test_names_of_strangers_are_other(settings: Settings) -> None:
    """A type, recipe or target that is not known makes no series, however many there are."""
    with Store(settings.store) as store:
        for number in range(30):
            hostile = f'x"}} 1\n{number}'
            outcome = Outcome(f"f{number}", "boom", time=START, context=Context(operation=hostile))
            store.record(Outcome(**{**_fields(outcome), "decision": decide(hostile, category=hostile)}))
            for kind in ("recover", "escalate", "reset"):
                store.record_action(Action(f"{kind}{number}", kind, hostile, "failed", f"f{number}", ended=START))  # type: ignore[arg-type]
    found = read(settings, START + timedelta(hours=1))
    assert {("other", "other", "medium"): 30} == pick(found, "errclass_recent_failures")
    assert {("other", "failed"): 30} == pick(found, "errclass_recent_recoveries")
    assert {("other", "failed"): 30} == pick(found, "errclass_recent_escalations")
    assert {("failed",): 30} == pick(found, "errclass_recent_resets")
    assert not [labels for labels in found if any("x" in part and "}" in part for part in labels)]


def test_a_history_that_cannot_be_read_is_an_error(settings: Settings) -> None:
    """Which leaves what was found before."""
    folder = Path(settings.store)
    with Store(settings.store) as store:
        store.record(Outcome("a", "boom", time=START))
        store.merge()
    (folder / "outcomes.duckdb").write_bytes(b"damaged" * 1000)
    with pytest.raises(StoreError):
        read(settings, END)


def _fields(outcome: Outcome) -> dict[str, Any]:
    return {name: getattr(outcome, name) for name in Outcome.__dataclass_fields__}


def test_a_history_that_another_process_holds_leaves_the_old_figures(settings: Settings) -> None:
    """With their age; nobody who asks waits for it."""
    with Store(settings.store) as store:
        store.record(Outcome("a", "boom", time=START, decision=decide("network")))
        store.merge()
    now = [0.0]
    look = AgedLook("figures", lambda: read_figures(settings, KNOWN, START + COUNTED), every=60.0, clock=lambda: now[0])
    first = {(sample.name, *sample.labels): sample.value for sample in look.read(60.0)}
    command = [sys.executable, "-c", _HOLDER, str(Path(settings.store) / "outcomes.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert "held\n" == holder.stdout.readline()
        now[0] = 500.0
        told = [{(sample.name, *sample.labels): sample.value for sample in look.read()} for _ in range(10)]
        holder.communicate()
    look.stop()
    assert {500.0} == {one["errclass_look_age_seconds", "figures"] for one in told}  # since the first one began
    assert [pick(first, "errclass_recent_failures")] * 10 == [pick(one, "errclass_recent_failures") for one in told]
    assert {("network", "transient", "medium"): 1} == pick(first, "errclass_recent_failures")
