"""Options of the commands about rules, and the rule set that they name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..core.errors import UsageError

if TYPE_CHECKING:
    from ..rules import Policy
    from ..system.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
_MOST_LISTED = 40


def rules_option(command: F) -> F:
    """Add ``--rules DIR``, any number of times."""
    return click.option(
        "--rules",
        "folders",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="A folder of rules laid over the usual ones and those of the settings; several in this order.",
    )(command)


def stage_option(command: F) -> F:
    """Add ``--stage S``."""
    return click.option("--stage", metavar="STAGE", help="Only the rules of this stage.")(command)


def load_policy_of(folders: tuple[Path, ...], settings: Settings) -> Policy:
    """Load the rules that the settings name, with the folders over them; raise PolicyError for what is wrong."""
    from ..system.rules_in_use import load_rules
    from ..system.taxonomy_in_use import find_taxonomy

    return load_rules(find_taxonomy(settings), settings.rule_layers, folders)


def require_name(where: str, what: str, name: str | None, known: Collection[str]) -> None:
    """Raise UsageError where a name is given that is none of the known ones."""
    from ..core.suggesting import suggest_name

    if name is not None and name not in known:
        listed = f"; there are: {', '.join(known)}" if len(known) <= _MOST_LISTED else "; see errclass rules list"
        raise UsageError(f"{where}: there is no {what} {name!r}{suggest_name(name, known)}{listed}")
