"""``errclass escalations``: what was handed on, and who has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ..core.errors import ErrclassError, UsageError
from .author_option import author_option
from .options import format_option, read_settings
from .output import print_json, print_table

if TYPE_CHECKING:
    from ..actions.escalate import Escalation, EscalationManager, EscalationResult

_COLUMNS = ("id", "status", "priority", "target", "operation", "type", "created", "repeats", "taken up by")


@click.group(name="escalations")
def escalations_group() -> None:
    """List escalations, take them up and settle them.

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


@contextmanager
def _open_manager() -> Iterator[EscalationManager]:
    from ..system.escalating import make_escalations
    from ..system.wiring import open_store

    settings = read_settings()
    with open_store(settings) as store:
        store.read_escalations(limit=1)  # the manager goes on without a broken store; a person wants to know
        yield make_escalations(settings, store=store)


def _tell(escalation_id: str, result: EscalationResult) -> None:
    if result.refused == "no_such_escalation":
        raise UsageError(f"{escalation_id}: there is no such escalation; see errclass escalations list --all")
    if not result.success:
        raise ErrclassError(f"{escalation_id}: {result.summary}")
    click.echo(f"{escalation_id} is {result.status}")


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
