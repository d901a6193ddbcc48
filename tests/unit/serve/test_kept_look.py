"""Looking at how everything is: seldom, and in the way of nobody."""

from __future__ import annotations

import threading

from errclass.serve.kept_look import KeptLook
from errclass.system.handling import HealthStatus


def test_of_many_who_ask_one_looks() -> None:
    """While it looks nobody waits in it, and all are told the same."""
    may_end, looks = threading.Event(), []

    def look() -> HealthStatus:
        looks.append(1)
        may_end.wait(60)
        return HealthStatus("healthy")

    kept = KeptLook(look)
    asked = [kept.take() for _ in range(100)]
    assert [False] * 100 == [found.done() for found in asked]
    may_end.set()
    assert ({"healthy"}, 1) == ({found.result(60).overall for found in asked}, len(looks))


def test_what_was_found_is_kept_for_a_while() -> None:
    """And then looked at again."""
    now, found = [0.0], iter(["healthy", "degraded"])
    kept = KeptLook(lambda: HealthStatus(next(found)), clock=lambda: now[0])  # type: ignore[arg-type]
    told = []
    for time in (0.0, 4.9, 5.0):
        now[0] = time
        told.append(kept.take().result(60).overall)
    assert ["healthy", "healthy", "degraded"] == told
