"""The context of an operation: what the settings know of it, and what a caller says."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from ..core.context_slips import CONTEXT_FIELDS, judge_slips
from ..core.frozen import FrozenDict
from ..core.types import Context, Effect
from .settings import Settings

_log = logging.getLogger("errclass")


def make_context(settings: Settings) -> Context:
    """Return a context that says what the settings say of every operation."""
    return Context(environment=settings.environment, component=settings.component, operation=settings.operation)


def extend_context(context: Context, given: Mapping[str, object]) -> Context:
    """Return the context with what a caller says; a name that is no field of it goes to its metadata.

    One that is nearly the name of what forbids a re-run, such as ``efect``, forbids it.
    """
    stated = {name: _as_field(name, value) for name, value in given.items() if name in CONTEXT_FIELDS}
    if stated.get("effect") not in {None, *get_args(Effect)}:
        _log.warning("errclass.unknown_effect: %r is taken as 'irreversible'", stated["effect"])
        stated["effect"] = "irreversible"  # a slip of the pen must not allow a re-run that the right word forbids
    extra = {name: str(value) for name, value in given.items() if name not in CONTEXT_FIELDS}
    if extra and (effect := judge_slips(extra)):
        stated["effect"] = effect
    return replace(context, **stated, metadata=FrozenDict({**context.metadata, **extra}))


def _as_field(name: str, value: Any) -> Any:
    """Return the value as the field's own type: rules pass over any other, and only text is masked."""
    if name == "attempt":
        return int(1 if value is None else value)
    if name == "cancelled":
        return str(value).lower() in {"true", "1", "yes"}
    return value if value is None or isinstance(value, str) else str(value)
