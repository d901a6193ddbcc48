"""``errclass outcomes review``: ask a person where an answer helps most."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from ..core.jsonable import to_jsonable
from .author_option import author_option
from .options import format_option, read_settings
from .output import print_json, print_table

if TYPE_CHECKING:
    from ..outcomes import Disagreement, ReviewItem, Store
    from ..system.jobs.review_files import FileReport
    from ..system.settings import Settings

_WHAT_CHARS = 60


@click.command(name="review")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="At most so many causes."
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE.csv", help="Write the queue, to be filled in.")
@click.option("--in", "filled", type=click.Path(path_type=Path), metavar="FILE.csv", help="Take the answers of a file.")
@click.option("--disagreements", is_flag=True, help="List causes that are labelled in two ways, and who wins.")
@author_option
@format_option
def review_command(
    limit: int, out: Path | None, filled: Path | None, disagreements: bool, author: str | None, form: str
) -> None:
    """Ask about the causes that no person labelled, those first where an answer helps most.

    The order is expected cost x uncertainty x frequency. An answer speaks for all failures with the same fingerprint.
    On a terminal each cause is answered with a single key, and each answer is stored at once; elsewhere the queue is
    printed. A file of --out has the empty columns label (a type) and retryable (yes or no) to fill in for --in.

    \b
    Examples:
      errclass outcomes review
      errclass outcomes review --limit 100 --out queue.csv
      errclass outcomes review --in queue.csv
      errclass outcomes review --disagreements
    """
    from ..system.wiring import open_store

    if sum(map(bool, (out, filled, disagreements))) > 1:
        raise UsageError("--out, --in and --disagreements do different things; give one of them")
    settings = read_settings()
    with open_store(settings) as store:
        if filled:
            _take_in(store, settings, filled, author, form)
        elif disagreements:
            _list_disagreements(store, form)
        else:
            _show_queue(store, settings, limit, out, author, form)


def _show_queue(store: Store, settings: Settings, limit: int, out: Path | None, author: str | None, form: str) -> None:
    from ..outcomes import load_review_queue

    items = load_review_queue(store, limit=limit)
    if out:
        _write_out(out, items)
    elif form == "json":
        print_json(items)
    elif not items:
        click.echo(f"errclass: no cause in {store.place} waits for a label", err=True)
    elif sys.stdin.isatty() and sys.stdout.isatty():
        _ask(store, settings, items, author)
    else:
        columns = ("priority", "id", "seen", "decided", "confidence", "what failed", "why")
        print_table("", columns, (_row(item) for item in items))
        click.echo("errclass: answer with --out FILE.csv and --in FILE.csv, or at a terminal", err=True)


def _ask(store: Store, settings: Settings, items: list[ReviewItem], author: str | None) -> None:
    from ..system.taxonomy_in_use import find_taxonomy
    from .review_session import ReviewSession

    def say(item: ReviewItem, kind: str, retryable: bool | None) -> str:
        return store.label(item.id, kind, "human", retryable=retryable, author=author, spreads=True)

    def take_back(label_id: str) -> None:
        store.undo_label(label_id, author=author)

    session = ReviewSession(items, find_taxonomy(settings).names, say, take_back)
    answers = session.run(_read_key)
    store.merge()
    click.echo(f"\n{answers} of {len(items)} causes answered")


def _read_key() -> str:
    try:
        return click.getchar()
    except EOFError:
        return "\x04"


def _write_out(path: Path, items: list[ReviewItem]) -> None:
    from ..system.jobs.review_files import write_review_file

    write_review_file(path, items)
    click.echo(
        escape_terminal(f"{path}: {len(items)} causes; fill in label, then: errclass outcomes review --in {path}")
    )


def _row(item: ReviewItem) -> tuple[object, ...]:
    what = next(iter([*item.evidence, *item.excerpt.splitlines()]), "")[:_WHAT_CHARS]
    return item.priority, item.id, item.count, item.type, item.confidence, what, "; ".join(item.reasons)


def _take_in(store: Store, settings: Settings, path: Path, author: str | None, form: str) -> None:
    from ..system.jobs.review_files import take_review_file
    from ..system.taxonomy_in_use import find_taxonomy

    report = take_review_file(store, path, find_taxonomy(settings), author=author)
    print_json(report) if form == "json" else _render_report(report)
    if report.refused:
        sys.exit(1)


def _render_report(report: FileReport) -> None:
    click.echo(
        escape_terminal(
            f"{report.path}: {report.applied} answers taken, {report.known} known before, {report.empty} left empty, "
            f"{len(report.refused)} refused; they speak for {report.failures} failures"
        )
    )
    for row in report.refused:
        click.echo(escape_terminal(f"  {row['place']}: {row['reason']}"))


def _list_disagreements(store: Store, form: str) -> None:
    from ..outcomes import list_disagreements

    found = list_disagreements(store)
    if form == "json":
        print_json([{**to_jsonable(one), "winner": one.winner} for one in found])
    elif found:
        columns = ("id", "failures", "counts", "said by", "others")
        print_table("", columns, (_disagreement(one) for one in found))
    else:
        click.echo("no cause is labelled in two ways")


def _disagreement(found: Disagreement) -> tuple[object, ...]:
    others = ", ".join(f"{one.type} by {one.voice} ({one.failures} failures)" for one in found.opinions[1:])
    return found.id, found.count, found.winner.type, found.winner.voice, others
