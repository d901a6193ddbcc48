"""An address that messages are posted to: only over TLS, unless it is on this machine or somebody said otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...core.errors import ConfigError
from ..web.addresses import is_protected, split_address


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Hold a checked address; it may hold a secret, so only its host is ever shown."""

    url: str = field(repr=False)
    host: str


def parse_endpoint(url: str, setting: str, *, allow_http: bool = False) -> Endpoint:
    """Return a checked address; raises ConfigError, naming the setting and never the address."""
    url = url.strip()
    try:
        parts = split_address(url)
    except ValueError as error:
        raise ConfigError(f"{setting}: it is no web address") from error
    if not parts.hostname or parts.scheme not in ("http", "https") or any(character.isspace() for character in url):
        raise ConfigError(f"{setting}: it must be a web address that begins with https://")
    if not is_protected(parts, plain=allow_http):
        raise ConfigError(f"{setting}: it must begin with https://, or set allow_http = true for this channel")
    return Endpoint(url, parts.hostname)
