"""A process that tracks operations beside others: every third run is called again once."""

from __future__ import annotations

import sys

import errclass
from errclass.system import failure_tracking


def track(name: str, runs: int) -> None:
    """Track so many runs in the store of the settings."""
    failure_tracking.PATIENCE = 30.0  # type: ignore[misc] # a slow disk is not what this is about
    with errclass.FailureTracking() as tracking:
        for number in range(runs):
            with tracking.operation("deploy", operation_id=f"{name}-{number}", component=name) as op:
                if number % 3 == 0:
                    op.record_failure("connection refused")
                    op.record_retry()
        found = tracking.get_statistics()
        print(found.started, found.succeeded, found.failures, found.lost)


if __name__ == "__main__":
    track(sys.argv[1], int(sys.argv[2]))
