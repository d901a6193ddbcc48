"""Print tables, JSON and progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from ..core.escaping import escape_json, escape_terminal
from ..core.jsonable import to_jsonable


def print_json(value: Any) -> None:
    """Print a value as indented JSON on standard output."""
    click.echo(escape_json(json.dumps(to_jsonable(value), indent=2)))


def print_json_line(value: Any) -> None:
    """Print a value as one line of JSON on standard output."""
    click.echo(escape_json(json.dumps(to_jsonable(value))))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table on standard output; numbers are right-aligned, rates have two digits."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    heading = Text(escape_terminal(title)) if title else None
    table = Table(title=heading, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    body = [list(row) for row in rows]
    for index, column in enumerate(columns):
        numeric = all(isinstance(row[index], (int, float)) for row in body)
        table.add_column(Text(escape_terminal(column)), justify="right" if numeric else "left", overflow="fold")
    for row in body:
        table.add_row(*(Text(_cell(value)) for value in row))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 140, highlight=False)
    console.print(table)


def write_scalar(value: object) -> str:
    """Return a value as it would stand in a rule file."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}" if isinstance(value, float) else escape_terminal(str(value))


@contextmanager
def show_progress() -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function (step, done, total) that draws progress bars on a terminal and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total or None)
            bar.update(tasks[step], completed=done)

        yield show
