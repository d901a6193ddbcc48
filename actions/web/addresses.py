"""Addresses that secrets are sent to: read once, and judged by one rule."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit


def split_address(url: str) -> SplitResult:
    """Return the parts of an address; raises ValueError where it is none, for its host or port alone too."""
    parts = urlsplit(url)
    _ = parts.hostname, parts.port
    return parts


def is_protected(parts: SplitResult, *, plain: bool) -> bool:
    """Tell whether nobody on the way reads what is sent: over TLS, or on this machine; or whether ``plain`` will do."""
    return parts.scheme == "https" or (parts.scheme == "http" and (plain or is_loopback(parts.hostname or "")))


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
