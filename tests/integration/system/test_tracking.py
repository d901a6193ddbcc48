"""Programs that track operations at the same time share one store."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support.running import run_program

import errclass

TESTS = Path(__file__).parents[2]
RUNS = 60


def test_two_processes_track_at_once(tmp_path: Path) -> None:
    """Nothing is lost, doubled or mixed up, and the metrics are those of both."""
    environ = {"ERRCLASS_HOME": str(tmp_path), "PYTHONPATH": str(TESTS)}

    def work(name: str) -> str:
        return run_program(
            [sys.executable, "-m", "support.tracking_worker", name, str(RUNS)], cwd=tmp_path, environ=environ
        )

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(work, ("api", "web")))
    assert ["60 60 20 0\n"] * 2 == told
    with errclass.Store(tmp_path / "store") as store:
        found = errclass.FailureTracking(store).get_current_metrics("1h")
    assert found.failure_rate is not None
    assert (160, 40, 40) == (
        found.calls,
        found.failure_rate.count,
        found.retry_rate.count if found.retry_rate else None,
    )
    assert {"api": 80, "web": 80} == {name: one.calls for name, one in found.by_component.items()}
    assert (40, 40, 0) == (found.mttr.incidents, found.mttr.recovered, found.open_incidents)
