"""Where an agent may be: an encrypted address, or this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from ...core.errors import UsageError


def check_url(url: str, *, plain: bool = False) -> str:
    """Return the base URL without its last slash; raises UsageError for one that must not be given a key.

    It is ``https``, or ``http`` where ``plain`` allows it or the host is this machine; without user, query or fragment.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise UsageError(f"the agent's URL is no URL ({error})") from error
    if not host or not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError("the agent's URL must be a whole one, such as https://api.codegen.com")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UsageError("the agent's URL must have no user, query or fragment: the key is set for itself")
    if parts.scheme != "https" and not (parts.scheme == "http" and (plain or _is_here(host))):
        raise UsageError(f"the agent's URL must begin with https://, not {parts.scheme}://, or the key could be read")
    return url.rstrip("/")


def find_proxy(url: str) -> str | None:
    """Return the proxy that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY say; none leads to this machine itself."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_here(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all")
    return found if not found or "://" in found else f"http://{found}"


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
