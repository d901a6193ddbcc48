"""Slips of the pen in the names of a context: what was meant to forbid must not be kept as a mere remark."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Final, get_args

from .types import Context, Effect

_log = logging.getLogger("errclass")

CONTEXT_FIELDS: Final = frozenset(field.name for field in fields(Context)) - {"metadata"}
GUARD_NAMES: Final = ("breaker_open", "budget_spent", "kill_switch", "attempts_at_most")
"""Those of ``Guard`` that a caller may say."""
_LIMITS = frozenset({"cancelled", *GUARD_NAMES})
_ALL = CONTEXT_FIELDS | _LIMITS
_NEAR = 0.8
"""Similarity, 0 to 1 (Ratcliff and Obershelp), from which a name is taken for a slip: one letter in five or more."""
_MOST_LETTERS = 2
"""By which a slip is longer or shorter: ``cancelled_by`` is another name, and not a slip of ``cancelled``."""
_MOST_KEPT = 256
"""Names that are remembered: a program says the same ones at every call."""


@lru_cache(maxsize=_MOST_KEPT)
def find_near_field(name: str, known: frozenset[str] = CONTEXT_FIELDS) -> str | None:
    """Return which of the names, fields of a context unless told otherwise, is nearly the one given."""
    alike = (one for one in sorted(known) if abs(len(one) - len(name)) <= _MOST_LETTERS)
    return next(iter(difflib.get_close_matches(name.lower(), alike, n=1, cutoff=_NEAR)), None)


def judge_slips(given: Mapping[str, object]) -> Effect | None:
    """Return ``irreversible`` where a name that is nearly one that forbids says so; every slip is logged once.

    ``given``: what is no field of a context, and is about to become metadata.
    """
    slips = {name: near for name in given if (near := find_near_field(name, _ALL))}
    careful = [name for name, near in slips.items() if _forbids(near, given[name])]
    for name, near in slips.items():
        _warn(name, near, "the operation is taken as irreversible" if name in careful else "it is kept as metadata")
    return "irreversible" if careful else None


def _forbids(field: str, value: object) -> bool:
    if field == "effect":
        return bool(difflib.get_close_matches(str(value).lower(), get_args(Effect), n=1, cutoff=_NEAR))
    return field in _LIMITS and str(value).lower() not in {"", "0", "false", "no", "none"}


@lru_cache(maxsize=_MOST_KEPT)
def _warn(name: str, near: str, what: str) -> None:
    """Warn of a slip, once for each: a program makes the same one at every call."""
    meant = "is no part of a context" if name == near else f"means nothing here; is it {near!r}?"
    _log.warning("errclass.misspelt_context: %r %s; %s", name, meant, what)
