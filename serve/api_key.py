"""A key of the service: shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from ..core.clock import utc_now

Scope = Literal["classify", "handle", "label", "metrics", "read", "record"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
PREFIX = "errclass_"
_ID_BYTES, _SECRET_BYTES = 6, 32


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Hold what is kept of a key."""

    id: str
    """Its public part, for lists and logs."""
    name: str
    scopes: tuple[Scope, ...]
    digest: str = field(repr=False)
    """SHA-256 of the whole key: 256 random bits cannot be guessed, so nothing is won by a hash that is slow."""
    created: datetime = field(default_factory=utc_now)
    revoked: datetime | None = None

    def matches(self, digest: str) -> bool:
        """Tell, in constant time, whether a key with this digest is this one, and still holds."""
        # As bytes: a file that was changed by hand may hold what is no ASCII, which is not compared as text.
        return hmac.compare_digest(self.digest.encode(), digest.encode()) and self.revoked is None


def make_key(name: str, scopes: tuple[Scope, ...]) -> tuple[ApiKey, str]:
    """Return a new key as it is kept, and the text of it that is shown once."""
    identifier = secrets.token_hex(_ID_BYTES)
    text = f"{PREFIX}{identifier}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    return ApiKey(identifier, name, scopes, digest_key(text)), text


def digest_key(text: str) -> str:
    """Return the SHA-256 of a key's text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
