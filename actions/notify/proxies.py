"""Which proxy of the environment a request goes through."""

from __future__ import annotations

from urllib.parse import urlsplit

from .endpoint import Endpoint


def find_proxy(endpoint: Endpoint) -> str | None:
    """Return the proxy's address as HTTPS_PROXY, ALL_PROXY and NO_PROXY have it; none leads to this machine itself."""
    from urllib.request import getproxies, proxy_bypass

    if endpoint.is_local or proxy_bypass(endpoint.host):
        return None
    proxies = getproxies()
    found = proxies.get(urlsplit(endpoint.url).scheme) or proxies.get("all")
    return found if not found or "://" in found else f"http://{found}"
