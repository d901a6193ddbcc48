"""Options and arguments that several commands share."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click

from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from ..core.types import Context
from ..system.contexts import make_context
from ..system.settings import Settings, load_settings
from .context_pairs import parse_fields

F = TypeVar("F", bound=Callable[..., Any])


def format_option(command: F) -> F:
    """Add ``--format table|json``."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json"]),
        default="table",
        show_default=True,
        help="How to print.",
    )(command)


def context_option(command: F) -> F:
    """Add ``--context KEY=VALUE``, any number of times."""
    return click.option(
        "--context",
        "context",
        multiple=True,
        metavar="KEY=VALUE",
        help="What is known of the operation: environment, operation, effect, attempt, component, branch, ...",
    )(command)


def model_option(command: F) -> F:
    """Add ``--model``."""
    return click.option("--model", metavar="NAME|DIR", help="Use this model instead of the promoted one.")(command)


@contextmanager
def open_input(name: str) -> Iterator[BinaryIO]:
    """Open a file, or standard input for ``-``; a file that cannot be read is a usage error."""
    if name == "-":
        yield sys.stdin.buffer
        return
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            hint = "give a text file, or - for standard input"
            raise UsageError(f"{name}: cannot be read ({error.strerror}); {hint}") from error
        yield file


def parse_context(pairs: tuple[str, ...], settings: Settings) -> Context:
    """Build a context from ``KEY=VALUE`` pairs over what the settings say; see ``parse_fields``."""
    return replace(make_context(settings), **parse_fields(pairs))


def tell_faults(faults: Iterable[str]) -> None:
    """Tell what is wrong with the user's rules; the decision stands nevertheless."""
    for fault in faults:
        click.echo(escape_terminal(f"errclass: {fault}"), err=True)


def read_settings(**overrides: Any) -> Settings:
    """Load the settings and tell, once, what a file of the working tree asked for in vain."""
    settings = load_settings(overrides={key: value for key, value in overrides.items() if value is not None})
    for refusal in settings.refused:
        click.echo(escape_terminal(f"errclass: {refusal}"), err=True)
    return settings
