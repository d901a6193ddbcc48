"""``--author``: who says so."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def author_option(command: F) -> F:
    """Add ``--author``, by default the name of the system's user."""
    return click.option(
        "--author", metavar="NAME", default=_user_name, help="Who says so; the system user by default."
    )(command)


def _user_name() -> str | None:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container may run under a number that has no name
        return None
