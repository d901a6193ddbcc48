"""The report of a run, as JSON: calls, decisions, waits, ids of what was recorded."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.escaping import escape_json, escape_terminal
from ..core.masking import mask_secrets
from ..core.text import replace_surrogates
from ..system.jobs.run_order import RunResult, Step
from .error_lines import print_error_line

if TYPE_CHECKING:
    from ..actions.recover import RecoveryResult


def write_report(name: str, result: RunResult) -> None:
    """Write the report whole or not at all; a failure is told and changes nothing else."""
    path = Path(name)
    try:
        with _write_beside(path) as file:
            json.dump(describe_run(result), file, indent=2)
            file.write("\n")
    except OSError as error:
        if not result.order.quiet:
            print_error_line(f"errclass: {escape_terminal(name)}: the report was not written ({error.strerror})")


def print_report(result: RunResult) -> None:
    """Print the report as one line on standard error."""
    print_error_line(escape_json(json.dumps(describe_run(result))))


def describe_run(result: RunResult) -> dict[str, Any]:
    """Return the report, JSON-ready and without secrets."""
    order, ended = result.order, result.ended
    return {
        "command": [_clean(word) for word in order.command],
        "operation": _clean(order.name),
        "operation_id": result.operation_id,
        "success": ended.status == 0,
        "exit_code": ended.exit_code,
        "cancelled": bool(result.stopped_by or ended.cancelled_by),
        "started": _moment(result.steps[0].call.ended.started),
        "ended": _moment(ended.ended),
        "told": dict(result.told.channels) if result.told else None,
        "attempts": [_describe_step(step) for step in result.steps],
    }


def _describe_step(step: Step) -> dict[str, Any]:
    ended, verdict = step.call.ended, step.verdict
    return {
        "attempt": step.call.number,
        "started": _moment(ended.started),
        "ended": _moment(ended.ended),
        "seconds": round(ended.seconds, 3),
        "exit_code": ended.exit_code,
        "signal": -ended.status if ended.status < 0 else None,
        "timed_out": ended.timed_out,
        "output_bytes": step.call.output_bytes,
        "outcome_id": verdict.outcome_id if verdict else None,
        "wait": verdict.wait if verdict else None,
        "stopped_because": verdict.reason or None if verdict else None,
        "recovery": _describe_recovery(step.recovery) if step.recovery else None,
        "decision": verdict.explanation["decision"] if verdict and verdict.explanation else None,
    }


def _describe_recovery(result: RecoveryResult) -> dict[str, Any]:
    return {
        "id": result.recovery_id or None,
        "recipe": result.strategy,
        "outcome": result.outcome,
        "reason": result.reason or None,
        "seconds": round(result.seconds, 3),
        "actions": [_clean(action) for action in result.actions],
        "restored": [_clean(path) for path in result.restored],
        "fault": _clean(str(result.details["fault"])) if "fault" in result.details else None,
    }


def _clean(word: str) -> str:
    return mask_secrets(replace_surrogates(word))


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


@contextlib.contextmanager
def _write_beside(path: Path) -> Any:
    """Yield a file that takes the place of ``path`` once it is written."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - it is open already
            yield file
        os.replace(name, path)  # noqa: PTH105 - likewise
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)  # noqa: PTH108
        raise
