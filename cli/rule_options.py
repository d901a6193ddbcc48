"""Options of the commands about rules, and the rule set that they name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..core.errors import UsageError
from .options import read_settings

if TYPE_CHECKING:
    from ..rules import Layer, Policy

F = TypeVar("F", bound=Callable[..., Any])
_MOST_LISTED = 40


def rules_option(command: F) -> F:
    """Add ``--rules DIR``, any number of times."""
    return click.option(
        "--rules",
        "folders",
        multiple=True,
        type=click.Path(path_type=Path),
        help="A folder of rules laid over the usual ones.",
    )(command)


def stage_option(command: F) -> F:
    """Add ``--stage S``."""
    return click.option("--stage", metavar="STAGE", help="Only the rules of this stage.")(command)


def find_layers(folders: tuple[Path, ...]) -> tuple[Layer, ...]:
    """Return the layers that the settings name, with the folders over them."""
    from ..system.rules_in_use import lay_over

    return lay_over(read_settings().rule_layers, folders)


def load_policy_of(folders: tuple[Path, ...]) -> Policy:
    """Load the rules that the settings name, with the folders over them; raise PolicyError for what is wrong."""
    from ..system.rules_in_use import load_rules
    from ..system.taxonomy_in_use import find_taxonomy

    return load_rules(find_taxonomy(read_settings()), find_layers(folders))


def require_name(where: str, what: str, name: str | None, known: Collection[str]) -> None:
    """Raise UsageError where a name is given that is none of the known ones."""
    from ..rules.suggesting import suggest_name

    if name is not None and name not in known:
        listed = f"; there are: {', '.join(known)}" if len(known) <= _MOST_LISTED else "; see errclass rules list"
        raise UsageError(f"{where}: there is no {what} {name!r}{suggest_name(name, known)}{listed}")
