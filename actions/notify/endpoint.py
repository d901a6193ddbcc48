"""An address that messages are posted to: only over TLS, unless it is on this machine or somebody said otherwise."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ...core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Hold a checked address; it may hold a secret, so only its host is ever shown."""

    url: str = field(repr=False)
    host: str
    is_local: bool


def parse_endpoint(url: str, setting: str, *, allow_http: bool = False) -> Endpoint:
    """Return a checked address; raises ConfigError, naming the setting and never the address."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"{setting}: it is no web address") from error
    if not host or parts.scheme not in ("http", "https") or any(character.isspace() for character in url.strip()):
        raise ConfigError(f"{setting}: it must be a web address that begins with https://")
    local = is_loopback(host)
    if parts.scheme == "http" and not local and not allow_http:
        raise ConfigError(f"{setting}: it must begin with https://, or set allow_http = true for this channel")
    return Endpoint(url.strip(), host, local)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
