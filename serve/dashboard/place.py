"""Where the dashboard is, and what every answer of it forbids the browser."""

from __future__ import annotations

from typing import Final

from ...core.frozen import FrozenDict

PREFIX: Final = "/dashboard"
"""Under which all of it is, its cookie included."""
SIGN_IN: Final = f"{PREFIX}/sign-in"
COOKIE: Final = "errclass_session"
_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
HEADERS: Final = FrozenDict(
    {
        "content-security-policy": "; ".join(_POLICY),
        # not no-referrer: with that the browser hides from us which page a form is sent from
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }
)


def is_local(path: str) -> bool:
    """Tell whether a path is one of the dashboard's, so that one may be sent there."""
    plain = path.isascii() and path.isprintable() and "\\" not in path and ".." not in path
    return plain and (path == PREFIX or path.startswith((f"{PREFIX}/", f"{PREFIX}?")))
