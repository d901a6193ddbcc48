"""Where an agent may be: an encrypted address, or this machine."""

from __future__ import annotations

from ...core.errors import UsageError
from ..web.addresses import is_protected, split_address


def check_url(url: str, *, plain: bool = False) -> str:
    """Return the base URL without its last slash; raises UsageError for one that must not be given a key.

    It is ``https``, or ``http`` where ``plain`` allows it or the host is this machine; without user, query or fragment.
    """
    try:
        parts = split_address(url)
    except ValueError as error:
        raise UsageError(f"the agent's URL is no URL ({error})") from error
    if not parts.hostname or not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError("the agent's URL must be a whole one, such as https://api.codegen.com")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UsageError("the agent's URL must have no user, query or fragment: the key is set for itself")
    if not is_protected(parts, plain=plain):
        raise UsageError(f"the agent's URL must begin with https://, not {parts.scheme}://, or the key could be read")
    return url.rstrip("/")
