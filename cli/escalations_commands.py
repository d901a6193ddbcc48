"""``errclass escalations``: what was handed on, and who has it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ..core.durations import parse_duration
from ..core.errors import ErrclassError, UsageError
from ..core.escaping import escape_terminal
from .author_option import author_option
from .options import format_option, read_settings
from .output import print_json, print_table

if TYPE_CHECKING:
    from ..actions.escalate import Breach, Escalation, EscalationManager, EscalationResult
    from ..outcomes import Store
    from ..system.acting import Acting, Begun
    from ..system.settings import Settings

_LATE = ("id", "missed", "by (min)", "priority", "operation", "type")
_COLUMNS = ("id", "status", "priority", "target", "operation", "type", "created", "repeats", "taken up by")


@click.group(name="escalations")
def escalations_group() -> None:
    """List escalations, agree to them, take them up and settle them.

    \b
    Examples:
      errclass escalations list
      errclass escalations ack 019a5b1e-5a5a-7c3d-8f00-0123456789ab
      errclass escalations resolve 019a5b1e-5a5a-7c3d-8f00-0123456789ab
    """


@escalations_group.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Those that are closed too.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Show so many at most.")
@format_option
def list_command(everything: bool, limit: int, form: str) -> None:
    """List escalations in which somebody still has to act, newest first.

    \b
    Example:
      errclass escalations list --all --limit 10
    """
    with _open_manager() as manager:
        found = (manager.get_history(limit) if everything else manager.get_active_escalations())[:limit]
    if form == "json":
        print_json([one.to_dict() for one in found])
    elif found:
        print_table("", _COLUMNS, map(_make_row, found))
    else:
        click.echo("errclass: nobody has to act", err=True)


@escalations_group.command(name="show")
@click.argument("escalation_id", metavar="ID")
@format_option
def show_command(escalation_id: str, form: str) -> None:
    """Show one escalation: what it is about, who has it, and what came of it.

    \b
    Example:
      errclass escalations show 019a5b1e-5a5a-7c3d-8f00-0123456789ab
    """
    with _open_manager() as manager:
        found = manager.find(escalation_id)
    if found is None:
        raise UsageError(f"{escalation_id}: there is no such escalation; see errclass escalations list --all")
    if form == "json":
        print_json(found.to_dict())
        return
    print_table("", ("what", "value"), _list_facts(found))


@escalations_group.command(name="ack")
@click.argument("escalation_id", metavar="ID")
@author_option
def ack_command(escalation_id: str, author: str | None) -> None:
    """Say that you have taken an escalation up: its deadline for that is met, and nobody else is called.

    \b
    Example:
      errclass escalations ack 019a5b1e-5a5a-7c3d-8f00-0123456789ab
    """
    with _open_manager() as manager:
        _tell(escalation_id, manager.acknowledge(escalation_id, by=_name(author)))


@escalations_group.command(name="resolve")
@click.argument("escalation_id", metavar="ID")
@author_option
def resolve_command(escalation_id: str, author: str | None) -> None:
    """Say that an escalation is settled: the same failure is escalated anew if it comes back.

    \b
    Example:
      errclass escalations resolve 019a5b1e-5a5a-7c3d-8f00-0123456789ab
    """
    with _open_manager() as manager:
        _tell(escalation_id, manager.resolve(escalation_id, by=_name(author)))


@escalations_group.command(name="approve")
@click.argument("escalation_id", metavar="ID")
@author_option
def approve_command(escalation_id: str, author: str | None) -> None:
    """Agree to an escalation that waits for consent: it is carried out now; exits with 1 where that fails.

    A recovery or reset works in the folder in which the failure happened, and on that host only.

    \b
    Example:
      errclass escalations approve 019a5b1e-5a5a-7c3d-8f00-0123456789ab
    """
    with _open_acting() as acting:
        result = acting.escalations.approve(escalation_id, by=_name(author))
        acting.close()
    _tell(escalation_id, result, more=result.summary)


@escalations_group.command(name="cancel")
@click.argument("escalation_id", metavar="ID")
@author_option
def cancel_command(escalation_id: str, author: str | None) -> None:
    """Call an escalation off: whatever it still brings changes nothing, and nobody has to act.

    What another process is carrying out cannot be stopped from here.

    \b
    Example:
      errclass escalations cancel 019a5b1e-5a5a-7c3d-8f00-0123456789ab
    """
    with _open_manager() as manager:
        _tell(escalation_id, manager.cancel_escalation(escalation_id, by=_name(author)))


@escalations_group.command(name="check")
@click.option("--wait", default="5s", show_default=True, help="Time for sending what is due.")
@format_option
def check_command(wait: str, form: str) -> None:
    """Tell people of missed deadlines, once each, and take up what killed processes left; for a timer.

    It exits with 1 where an attempt to send failed; what is left is sent by the next process.

    \b
    Example:
      errclass escalations check --wait 30s
    """
    seconds = parse_duration(wait).total_seconds()
    with _open_acting() as acting:
        begun, missed = acting.begin(), acting.check_deadlines()
        report = acting.close(seconds)
        for fault in acting.notifying.faults if report is not None else ():
            click.echo(escape_terminal(f"errclass: {fault}"), err=True)
    if form == "json":
        print_json({"missed": list(map(_describe_breach, missed)), "resumed": begun.resumed, "sending": report})
    else:
        _render_check(missed, begun)
    if report is not None and report.failed:
        sys.exit(1)


@contextmanager
def _open_manager() -> Iterator[EscalationManager]:
    from ..system.escalating import make_escalations

    with _open_store() as (settings, store):
        yield make_escalations(settings, store=store)


@contextmanager
def _open_acting() -> Iterator[Acting]:
    from ..system.acting import Acting

    with _open_store() as (settings, store):
        yield Acting(settings, store)


@contextmanager
def _open_store() -> Iterator[tuple[Settings, Store]]:
    from ..system.wiring import open_store

    settings = read_settings()
    with open_store(settings) as store:
        store.read_escalations(limit=1)  # the manager goes on without a broken store; a person wants to know
        yield settings, store


def _tell(escalation_id: str, result: EscalationResult, more: str = "") -> None:
    if result.refused == "no_such_escalation":
        raise UsageError(f"{escalation_id}: there is no such escalation; see errclass escalations list --all")
    if not result.success:
        raise ErrclassError(f"{escalation_id}: {result.summary}")
    click.echo(escape_terminal(f"{escalation_id} is {result.status}{more and f': {more}'}"))


def _render_check(missed: tuple[Breach, ...], begun: Begun) -> None:
    if missed:
        print_table("", _LATE, (list(_describe_breach(one).values()) for one in missed))
    for result in begun.resumed:
        click.echo(escape_terminal(f"{result.escalation_id} was taken up and is {result.status}: {result.summary}"))
    if not missed and not begun.resumed:
        click.echo("errclass: no deadline was missed, and nothing was left behind", err=True)


def _describe_breach(breach: Breach) -> dict[str, object]:
    one, minutes = breach.escalation, round(breach.late.total_seconds() / 60)
    values = (one.id, breach.kind, minutes, one.priority, one.case.operation, one.case.type)
    return dict(zip(("id", "missed", "minutes", "priority", "operation", "type"), values, strict=True))


def _name(author: str | None) -> str:
    return author or "somebody"


def _make_row(one: Escalation) -> tuple[object, ...]:
    created = one.created.strftime("%Y-%m-%d %H:%M")
    operation = one.case.operation or "-"
    return (
        one.id,
        one.status,
        one.priority,
        one.target,
        operation,
        one.case.type,
        created,
        one.repeats,
        one.acknowledged_by,
    )


def _list_facts(one: Escalation) -> Iterator[tuple[str, object]]:
    case, result = one.case, one.result
    yield from zip(_COLUMNS, _make_row(one), strict=True)
    yield "settled by", one.resolved_by
    yield "result", result.summary if result is not None else one.reason or None
    for name in ("url", "run"):
        if result is not None and result.details.get(name):
            yield name, result.details[name]
    for name in ("environment", "repository", "branch", "commit", "job", "fingerprint", "decision_id"):
        if getattr(case, name):
            yield name.replace("_", " "), getattr(case, name)
    for line in case.because:
        yield "because", line
    for line in case.evidence:
        yield "evidence", line
