"""How calls of ``errclass run`` ended, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...actions.run.values import Ended
from ...core.failure import signal_name
from .run_order import Step

_MOST_TRIED = 10
"""Lines of a message."""


def describe_end(ended: Ended) -> str:
    """Return how a call ended."""
    name = signal_name(ended.status) if ended.status < 0 else None
    by = f"ended by {name or f'signal {-ended.status}'}" if ended.status < 0 else f"exit code {ended.status}"
    return f"timed out, {by}" if ended.timed_out else by


def list_tried(steps: Sequence[Step]) -> tuple[str, ...]:
    """Return a line for each call and each recovery, the latest of them where there are many."""
    return tuple(_list_parts(steps))[-_MOST_TRIED:]


def _list_parts(steps: Sequence[Step]) -> Iterator[str]:
    from .run_recoveries import describe_result

    for step in steps:
        ended = step.call.ended
        yield f"call {step.call.number}: {describe_end(ended)} after {ended.seconds:.1f} s"
        if step.recovery is not None:
            yield describe_result(step.recovery)
