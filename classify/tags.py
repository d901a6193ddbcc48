"""Name the model's features beside words: the codes found, what they point to, and how surely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..core.types import CodeHit, Signals


def tags_of_codes(codes: Iterable[CodeHit]) -> tuple[str, ...]:
    """Return the tags of code hits given in the order of the text, each once."""
    hits = list(codes)
    tags = [f"code:{hit.table}:{hit.code}" for hit in hits]
    tags += [f"says:{hit.type}:{hit.strength}" for hit in hits if hit.type]
    tags += [f"says:{hit.type}" for hit in hits if hit.type]
    tags += [f"first:{hit.type}" for hit in hits if hit.type and hit.strength != "weak"][:1]
    return tuple(dict.fromkeys(tags))


def forget_codes(signals: Signals) -> Signals:
    """Return the signals without the tags of their codes.

    A model that always saw a code beside the words that mean the same learns the code alone, and reads a wording whose
    code no table has as if nothing were said.
    """
    known = frozenset(tags_of_codes(signals.codes))
    return replace(signals, tags=tuple(tag for tag in signals.tags if tag not in known))
