"""``errclass outcomes record``: what other programs report of their operations."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from ..core.clock import utc_now
from ..core.errors import ErrclassError, UsageError
from ..core.escaping import escape_terminal
from ..core.ids import new_id
from ..core.types import Context
from .json_lines import context_of, parse_line, read_lines, require_object, text_of
from .options import context_option, open_input, parse_context, read_settings, tell_faults

if TYPE_CHECKING:
    from ..outcomes import Store
    from ..system.jobs.recording import CallReport, Recorder

_GROUP = 500
"""Lines at most that become durable together."""
_END = None
_CONTEXT = tuple(name for name in Context.__dataclass_fields__ if name not in {"metadata", "source"})
_SHOWN = 5
"""Lines that are complained about one by one."""
_Lines = queue.Queue[tuple[int, bytes] | None]


@click.command(name="record")
@click.argument("file", default="-")
@click.option("--ack", is_flag=True, help="Print the id of each event once it is durable.")
@click.option("--decide", is_flag=True, help="Also decide each failure, and keep what errclass would have done.")
@context_option
def record_command(file: str, ack: bool, decide: bool, context: tuple[str, ...]) -> None:
    """Record calls of operations from FILE (or standard input), one JSON object a line.

    Keys: text (what failed; may be left out when success is true), success, exit_code, operation, time (ISO 8601 or a
    Unix time), context (environment, job, operation_id, attempt, commit, ...), and id: up to 64 characters; a second
    failure, or a second success, with the same id changes nothing. A line that cannot be recorded is named on standard
    error, the others go on, and the exit code is 1.

    \b
    Examples:
      errclass outcomes record events.jsonl
      producer | errclass outcomes record --ack
      echo '{"text": "connect ETIMEDOUT", "operation": "deploy"}' | errclass outcomes record
    """
    from ..outcomes import BackgroundMerger
    from ..system.jobs.recording import Recorder
    from ..system.wiring import build_parts, open_store

    settings = read_settings()
    given = parse_context(context, settings)
    parts = build_parts(settings) if decide else None
    tell_faults(parts.faults if parts else ())
    with open_input(file) as stream, open_store(settings) as store, BackgroundMerger(store):
        recorder, recorded, refused = Recorder(store, parts), 0, 0
        complain = _Complaints()
        for group in _group_lines(stream):
            reports, bad = _read_group(group, given, complain)
            taken = _record(store, recorder, reports, ack, complain)
            recorded, refused = recorded + taken, refused + bad + len(reports) - taken
    complain.end(recorded)
    if not ack:
        click.echo(f"{recorded} recorded" + (f", {refused} refused" if refused else ""))
    if refused:
        sys.exit(1)


def _group_lines(stream: BinaryIO) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the lines that have come, as soon as there is one: no event waits for the next to become durable."""
    lines: _Lines = queue.Queue(maxsize=2 * _GROUP)
    faults: list[OSError] = []
    threading.Thread(target=_fetch, args=(stream, lines, faults), daemon=True).start()
    while (first := lines.get()) is not _END:
        group: list[tuple[int, bytes] | None] = [first]
        while group[-1] is not _END and len(group) < _GROUP and not lines.empty():
            group.append(lines.get())
        yield [line for line in group if line is not _END]
        if group[-1] is _END:
            break
    if faults:
        raise faults[0]


def _fetch(stream: BinaryIO, lines: _Lines, faults: list[OSError]) -> None:
    try:
        for line in read_lines(stream):
            lines.put(line)
    except OSError as error:
        faults.append(error)
    finally:
        lines.put(_END)


class _Complaints:
    """Name the first lines that cannot be recorded, and count the rest."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, number: int, error: Exception) -> None:
        self._count += 1
        if self._count <= _SHOWN:
            click.echo(escape_terminal(f"errclass: line {number}: {error}"), err=True)

    def end(self, recorded: int) -> None:
        if self._count > _SHOWN:
            click.echo(f"errclass: and {self._count - _SHOWN} more lines", err=True)
        if self._count and not recorded:
            click.echo("errclass: no call was found; histories are for: errclass outcomes import FILE", err=True)


def _read_group(
    group: list[tuple[int, bytes]], given: Context, complain: _Complaints
) -> tuple[list[tuple[int, CallReport]], int]:
    """Return the reports with their line numbers, and the number of lines that hold none."""
    reports, bad = [], 0
    for number, line in group:
        try:
            reports.append((number, _read_report(require_object(parse_line(line)), given)))
        except UsageError as error:
            complain(number, error)
            bad += 1
    return reports, bad


def _record(
    store: Store, recorder: Recorder, reports: list[tuple[int, CallReport]], ack: bool, complain: _Complaints
) -> int:
    """Make a group durable, acknowledge it, and return how many of it there were."""
    events, ids = [], []
    for number, report in reports:
        try:
            events += recorder.events(report)
        except ErrclassError as error:
            complain(number, error)
        else:
            ids.append(report.id)
    store.add_events(events)
    if ack and ids:
        click.echo("\n".join(map(escape_terminal, ids)))
        sys.stdout.flush()
    return len(ids)


def _read_report(record: dict[str, Any], given: Context) -> CallReport:
    from ..system.jobs.recording import CallReport

    success, exit_code = record.get("success"), record.get("exit_code")
    if success is not None and not isinstance(success, bool):
        raise UsageError("the key 'success' must be true or false")
    if exit_code is not None and (isinstance(exit_code, bool) or not isinstance(exit_code, int)):
        raise UsageError("the key 'exit_code' must be a whole number")
    extra = record.get("context") or {}
    if isinstance(extra, dict):
        # What belongs into the context is taken from beside it too: lost, it would cost what a re-run is worth.
        beside = {name: record[name] for name in _CONTEXT if record.get(name) is not None}
        extra = {**extra, **beside}
    return CallReport(
        text="" if success and "text" not in record else text_of(record),
        success=success,
        exit_code=exit_code,
        context=context_of({"context": extra}, given),
        time=_read_time(record.get("time")),
        id=_read_id(record.get("id")),
    )


def _read_id(value: Any) -> str:
    if value is None:
        return new_id()
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise UsageError("the key 'id' must be a string")
    return str(value)


def _read_time(value: Any) -> Any:
    from ..outcomes.reading.cells import parse_time

    if value is None:
        return utc_now()
    time = parse_time(value)
    if time is None:
        raise UsageError(f"the key 'time' is neither ISO 8601 nor a Unix time: {str(value)[:40]!r}")
    return time
