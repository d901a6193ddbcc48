"""A look around is kept for a while."""

from __future__ import annotations

from errclass.serve.kept_look import KEPT_SECONDS, KeptLook
from errclass.system.handling import HealthStatus


def test_it_looks_once_in_a_while() -> None:
    """However often it is asked."""
    now, looks = [0.0], []

    def look() -> HealthStatus:
        looks.append(now[0])
        return HealthStatus("healthy")

    kept = KeptLook(look, clock=lambda: now[0])
    for moment in (0.0, 1.0, KEPT_SECONDS - 0.1, KEPT_SECONDS, KEPT_SECONDS + 1):
        now[0] = moment
        assert HealthStatus("healthy") == kept.take()
    assert [0.0, KEPT_SECONDS] == looks
