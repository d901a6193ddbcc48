"""Signatures of webhooks: who has the secret can tell that a post is ours, whole and recent."""

from __future__ import annotations

import hashlib
import hmac

TIMESTAMP_HEADER = "X-Errclass-Timestamp"
SIGNATURE_HEADER = "X-Errclass-Signature"
_SCHEME = "sha256="


def sign_body(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a body sent at a time in seconds since 1970: HMAC-SHA256 over ``timestamp.body``."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"{_SCHEME}{digest.hexdigest()}"


def is_signed(secret: str, timestamp: str, signature: str, body: bytes, *, now: float, tolerance: float = 300) -> bool:
    """Tell, as a receiver, whether a post is signed with the secret and at most ``tolerance`` seconds old."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    expected = sign_body(secret, int(timestamp), body)
    return hmac.compare_digest(expected.encode(), signature.encode()) and abs(now - int(timestamp)) <= tolerance
