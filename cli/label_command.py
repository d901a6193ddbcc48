"""``errclass outcomes label``: what a failure really was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from .author_option import author_option
from .options import format_option, read_settings
from .output import print_json

if TYPE_CHECKING:
    from ..core.taxonomy import Taxonomy
    from ..outcomes import Store
    from ..outcomes.opinions import Opinion


@click.command(name="label")
@click.argument("outcome", metavar="ID")
@click.argument("kind", metavar="[TYPE]", required=False)
@click.option("--retryable/--not-retryable", default=None, help="Whether an unchanged re-run would have helped.")
@click.option(
    "--spread/--only-this",
    "spreads",
    default=True,
    show_default=True,
    help="Say it of all failures with the same fingerprint, or of this one only.",
)
@click.option(
    "--weight", type=click.FloatRange(min=0), default=1.0, show_default=True, help="How much it counts in training."
)
@click.option("--undo", "undone", metavar="LABEL", help="Take this label back; it stays stored, and counts no more.")
@author_option
@format_option
def label_command(
    outcome: str,
    kind: str | None,
    retryable: bool | None,
    spreads: bool,
    weight: float,
    undone: str | None,
    author: str | None,
    form: str,
) -> None:
    """Say that the outcome ID was of TYPE; without TYPE, list what was said of it.

    ID may be cut short to its first eight characters or more. A label outranks what models, imports and re-runs say of
    the same failures; of several people's the latest counts, one on the failure itself before one that spread to it.

    \b
    Examples:
      errclass outcomes label 0193a1c2-7b1e-7e07-a6fd-4a0a54a0c111 dependency --not-retryable
      errclass outcomes label 0193a1c2-7b1e
      errclass outcomes label 0193a1c2-7b1e --undo 0193a1d0-0c5f-7d3e-8a51-b6a1a9d6a222
    """
    from ..system.wiring import open_store

    settings = read_settings()
    _check_question(kind, undone, retryable)
    with open_store(settings) as store:
        if undone is not None:
            _undo(store, outcome, undone, author, form)
        elif kind is None:
            _list(store, outcome, form)
        else:
            from ..system.taxonomy_in_use import find_taxonomy

            said = {"retryable": retryable, "weight": weight, "author": author, "spreads": spreads}
            _label(store, (outcome, kind), find_taxonomy(settings), said, form)


def _check_question(kind: str | None, undone: str | None, retryable: bool | None) -> None:
    if kind is not None and undone is not None:
        raise UsageError(f"--undo takes a label back and {kind!r} adds one; do one after the other")
    if kind is None and retryable is not None:
        raise UsageError("--retryable and --not-retryable need a TYPE to go with")


def _label(store: Store, given: tuple[str, str], taxonomy: Taxonomy, said: dict[str, Any], form: str) -> None:
    from ..system.jobs.labelling import label_outcome

    labelled = label_outcome(store, *given, taxonomy, **said)
    if form == "json":
        print_json(labelled)
        return
    name, reach = escape_terminal(labelled.outcome_id), labelled.reach
    click.echo(f"{name} is {labelled.type}; this speaks for {_count(reach.counting)} (label {labelled.label_id})")
    if reach.said > reach.counting:
        click.echo(f"{_count(reach.said - reach.counting)} with the same fingerprint keep a label that outranks it")


def _list(store: Store, outcome: str, form: str) -> None:
    from ..system.jobs.labelling import show_opinions

    found, opinions = show_opinions(store, outcome)
    if form == "json":
        print_json({"outcome_id": found, "labels": opinions})
    elif opinions:
        # Lines and no table: an id that is folded cannot be copied.
        for opinion in opinions:
            click.echo(escape_terminal(f"{opinion.id}  {_describe(opinion, found)}"))
    else:
        click.echo(f"nobody said what {escape_terminal(found)} was")


def _describe(opinion: Opinion, outcome: str) -> str:
    standing = "taken back" if opinion.undone else ("counts" if opinion.counts else "outranked")
    helps = "" if opinion.retryable is None else f", a re-run {'helps' if opinion.retryable else 'does not help'}"
    of = "" if opinion.outcome_id == outcome else f", of its cause, on {opinion.outcome_id}"
    when = opinion.time.isoformat(sep=" ", timespec="minutes")
    return f"{opinion.type} by {opinion.voice}, {when}{helps}{of}: {standing}"


def _undo(store: Store, outcome: str, label: str, author: str | None, form: str) -> None:
    from ..system.jobs.labelling import undo_opinion

    found, before, counting = undo_opinion(store, outcome, label, author=author)
    if form == "json":
        print_json({"outcome_id": found, "label_id": label, "changed": before.undone is None, "counts": counting})
        return
    done = "was taken back before" if before.undone else "is taken back"
    now = f"{counting.type} counts now, by {counting.voice}" if counting else "nothing is said of this failure now"
    click.echo(escape_terminal(f"{before.type} {done}; {now}"))


def _count(failures: int) -> str:
    return f"{failures} failure{'s' if failures != 1 else ''}"
