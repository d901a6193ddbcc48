"""The address of a store in a PostgreSQL server, and what of it may be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from ...core.errors import ConfigError

DEFAULT_SCHEMA: Final = "errclass"
_SCHEMES = ("postgres://", "postgresql://")
# Stricter than the driver: what it would take for a host or a database may be the rest of a password.
_ADDRESS = re.compile(
    r"(?P<scheme>postgres(?:ql)?)://"
    r"(?:(?P<user>[^:@/?#]*)(?::(?P<password>[^:@/?#]*))?@)?"
    r"(?P<hosts>(?:[\w.%-]*|\[[0-9a-fA-F:.]+\])(?::\d+)?(?:,(?:[\w.%-]*|\[[0-9a-fA-F:.]+\])(?::\d+)?)*)"
    r"(?:/(?P<database>[^:@/?#]*))?"
    r"(?:\?(?P<query>[^#@]*))?"
)
_BARE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_SECRET_OPTIONS = ("password", "sslpassword")
_USER_PASSWORD = re.compile(r"(://[^:/?#]*:).*@")
_PASSWORD_OPTION = re.compile(r"([?&](?:ssl)?password=)[^&]*")
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Address:
    """Hold where a store is; only ``place`` may be shown."""

    place: str
    """The address without password and options, and with the schema where that is not the usual one."""
    uri: str = field(repr=False)
    """For the driver; whatever it does not name comes from the environment and the files that PostgreSQL's own tools
    read."""
    schema: str = DEFAULT_SCHEMA
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What no message may contain."""

    def __post_init__(self) -> None:
        if not _SCHEMA.fullmatch(self.schema) or self.schema.startswith("pg_"):
            raise ConfigError(
                f"{self.place}: schema {self.schema!r}: take small letters, digits and _, and not pg_ in front"
            )


def is_address(place: str) -> bool:
    """Tell whether a store's place is a PostgreSQL server."""
    return place.startswith(_SCHEMES)


def hide_password(place: str) -> str:
    """Return a store's place as it was written, readable or not, with the passwords in it masked."""
    if not is_address(place):
        return place
    return _PASSWORD_OPTION.sub(r"\1[masked:password]", _USER_PASSWORD.sub(r"\1[masked:password]@", place))


def read_address(text: str) -> Address:
    """Take an address apart; raise ConfigError, which shows none of it, for one that cannot be read."""
    found = _ADDRESS.fullmatch(text)
    if found is None or _BARE_PERCENT.search(text):
        raise ConfigError(
            "the address of the outcome store (not shown, it may hold a password) is not of the form "
            "postgres://USER:PASSWORD@HOST:PORT/DATABASE; in its parts write @ as %40, : as %3A, / as %2F, ? as %3F, "
            "# as %23 and % as %25"
        )
    options = [tuple(option.partition("=")[::2]) for option in (found["query"] or "").split("&") if option]
    schema = next((unquote(value) for name, value in options if name == "schema"), DEFAULT_SCHEMA)
    query = "&".join(f"{name}={value}" for name, value in options if name != "schema")
    base = text.partition("?")[0]
    return Address(
        _describe(found, schema),
        f"{base}?{query}" if query else base,
        schema,
        _list_secrets(found["password"], options),
    )


def _describe(found: re.Match[str], schema: str) -> str:
    user = f"{found['user']}@" if found["user"] else ""
    place = f"{found['scheme']}://{user}{found['hosts']}/{found['database'] or ''}"
    return place if schema == DEFAULT_SCHEMA else f"{place}?schema={schema}"


def _list_secrets(password: str | None, options: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    found = {password or "", *(value for name, value in options if name in _SECRET_OPTIONS)} - {""}
    return tuple(sorted(found | {unquote(secret) for secret in found}, key=len, reverse=True))
