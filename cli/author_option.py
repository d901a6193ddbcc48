"""``--author``: who says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from ..core.user import find_user_name

F = TypeVar("F", bound=Callable[..., Any])


def author_option(command: F) -> F:
    """Add ``--author``, by default the name of the system's user."""
    return click.option(
        "--author", metavar="NAME", default=find_user_name, help="Who says so; the system user by default."
    )(command)
