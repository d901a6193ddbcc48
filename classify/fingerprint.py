"""Give failures of the same cause the same short name."""

from __future__ import annotations

import hashlib
import re

from ..core.types import CodeHit, Region
from .masks import mask_variables
from .scoring import is_generic

_HEX_DIGITS = 16
_WORD = re.compile(r"[^\W\d_]{3,}")
_PLACEHOLDER = re.compile(r"<\w+>(?:\.\w+)?")
_MIN_WORDS = 2


def compute_fingerprint(
    region: Region, headline: str, codes: tuple[CodeHit, ...], failing_tests: tuple[str, ...]
) -> str | None:
    """Return 16 hex digits that stay the same under changing numbers, paths, hashes, times and hosts.

    ``headline`` is the line that best explains the failure. Failing tests are part of a failure's identity: two tests
    that fail with the same assertion are two failures. Returns None for text that only says that something failed.
    """
    template = " ".join(mask_variables(headline).split()).lower()
    exact = sorted({f"{hit.table}:{hit.code}" for hit in codes if hit.strength == "exact" and hit.start >= 0})
    words = _WORD.findall(_PLACEHOLDER.sub(" ", template))
    vague = len(words) < _MIN_WORDS or is_generic(headline)
    if not region.text.strip() or (vague and not failing_tests and not exact):
        return None
    # Codes count only where the line itself says little: other lines of the region may come and go.
    identity = "\n".join([template, *map(mask_variables, failing_tests[:1]), *(exact if vague else ())])
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:_HEX_DIGITS]
