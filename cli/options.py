"""Options and arguments that several commands share."""

from __future__ import annotations

import contextlib
import difflib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click

from ..core.errors import UsageError
from ..core.escaping import escape_terminal
from ..core.frozen import FrozenDict
from ..core.types import Context
from ..system.contexts import make_context
from ..system.settings import Settings, load_settings

F = TypeVar("F", bound=Callable[..., Any])

_TRUE, _FALSE = ("1", "true", "yes"), ("0", "false", "no")
_EFFECTS = ("read_only", "idempotent", "reversible", "irreversible")


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


def parse_fields(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Turn ``KEY=VALUE`` pairs into a context's fields; unknown keys become metadata.

    Raises UsageError for a pair without ``=`` and for values that a field cannot hold.
    """
    fields: dict[str, Any] = {}
    metadata: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key:
            raise UsageError(f"--context {pair!r}: expected KEY=VALUE, for example environment=production")
        if key in Context.__dataclass_fields__ and key != "metadata":
            fields[key] = _parse_value(key, value)
        else:
            _refuse_misspelling(key)
            metadata[key] = value
    return {**fields, "metadata": FrozenDict(metadata)} if metadata else fields


def _refuse_misspelling(key: str) -> None:
    """Refuse a key that is almost one of ours: as metadata it would be kept, and nothing would come of it."""
    known = [name for name in Context.__dataclass_fields__ if name != "metadata"]
    nearest = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.75)
    if nearest:
        raise UsageError(f"--context {key}=...: there is no such key; did you mean {nearest[0]}?")


def _parse_value(key: str, value: str) -> Any:
    if key == "attempt":
        if not value.isascii() or not value.isdigit() or not 1 <= int(value[:9]) <= 1_000_000:
            raise UsageError(f"--context attempt={value}: expected a number from 1")
        return int(value)
    if key == "cancelled":
        if value.lower() not in _TRUE + _FALSE:
            raise UsageError(f"--context cancelled={value}: expected true or false")
        return value.lower() in _TRUE
    if key == "effect" and value not in _EFFECTS:
        raise UsageError(f"--context effect={value}: expected one of {', '.join(_EFFECTS)}")
    return value


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
