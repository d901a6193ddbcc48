"""Which names a request may call this server by, and from which pages it may come."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from .problem import Problem, RefusalError

_LOCAL = "localhost"


class HostList:
    """Know the names of this server.

    A page that had its own name point here (DNS rebinding) gives itself away by that name. An address names nobody
    else's page, so that any is taken.
    """

    def __init__(self, names: Iterable[str]) -> None:
        given = {name.lower().rstrip(".") for name in names}
        self._given = {name for name in given if name != _LOCAL and not _is_address(name)}
        self._names = {_LOCAL, *self._given}

    def check_host(self, header: str | None) -> None:
        """Raise RefusalError for a Host header that is none of ours."""
        host = _read_host(header or "")
        if host is None or not self._knows(host):
            raise RefusalError(_WRONG_HOST)

    def check_origin(self, origin: str | None, site: str | None, host: str) -> None:
        """Raise RefusalError for what a page of somebody else's sends; programs send neither header.

        Ours is what has the name and port of the Host header, or a name that was given: a proxy may change the port.
        """
        foreign = site not in {None, "same-origin", "none"}
        if foreign or (origin is not None and not self._is_own(origin, host)):
            raise RefusalError(_WRONG_ORIGIN)

    def _is_own(self, origin: str, host: str) -> bool:
        scheme, _, rest = origin.partition("://")
        if scheme not in {"http", "https"}:
            return False
        return rest.lower() == host.lower() or _read_host(rest) in self._given

    def _knows(self, host: str) -> bool:
        return host in self._names or _is_address(host)


def _read_host(header: str) -> str | None:
    """Return the name of ``name:port``; None where it is none."""
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port
    except ValueError:
        return None
    if parts.netloc != header or parts.username is not None or not parts.hostname:
        return None
    return parts.hostname.lower().rstrip(".")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


_WRONG_HOST = Problem(
    "wrong-host",
    421,
    "the Host header names another server",
    "call the service by localhost, by its address, or by a name in the setting serve.hosts",
)
_WRONG_ORIGIN = Problem(
    "cross-origin",
    403,
    "the request comes from a web page of another origin",
    "call the service from a program; it serves no pages of others",
)
