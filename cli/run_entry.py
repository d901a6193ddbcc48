"""Run a command for ``errclass run`` and end as it did; nothing heavy is imported here."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from ..actions.run.values import SIGNAL_BASE
from ..system.jobs.run_order import RunOrder, RunResult, RunScreen
from ..system.jobs.running import run_command


def run_and_exit(order: RunOrder) -> NoReturn:
    """Run the command, report, and end with its exit code, or by the signal that ended it or the run."""
    result = run_command(order, lambda: _make_screen(order))
    if order.report:
        from .run_report import write_report

        write_report(order.report, result)
    if order.as_json and not order.quiet and result.ended.status:
        from .run_report import print_report

        print_report(result)
    _end(result)


def _make_screen(order: RunOrder) -> RunScreen:
    from .run_display import choose_screen

    return choose_screen(order, os.environ)


def _end(result: RunResult) -> NoReturn:
    status = result.ended.status
    asked = result.stopped_by or (result.ended.cancelled_by if status == -(result.ended.cancelled_by or 0) else None)
    if asked:
        _end_by(asked)
    sys.exit(result.ended.exit_code)


def _end_by(number: int) -> NoReturn:
    """End by a signal: a shell goes on with its script after an exit code, and stops with a signal."""
    import signal

    if os.name == "posix" and number != signal.SIGQUIT:  # which would dump our core
        from ..actions.run.signals import die_by

        die_by(number)
    sys.exit(SIGNAL_BASE + number)
