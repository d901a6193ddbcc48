"""Where the service is, and the key for it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from ...actions.web.addresses import is_protected, split_address
from ...actions.web.keys import is_key
from ...core.errors import UsageError

_log = logging.getLogger("errclass")
_EXAMPLE = "http://127.0.0.1:8377"


@dataclass(frozen=True, slots=True)
class ServicePlace:
    """Hold a base address and the headers for it."""

    url: str
    headers: dict[str, str] = field(repr=False)


def find_place(url: str | None, key: str | None) -> ServicePlace:
    """Return the place of the service; what is None is read from the settings (ERRCLASS_URL, ERRCLASS_KEY).

    A key of the settings goes only to the address of the settings. Raises UsageError for an address or a key that is
    none, and where no address is known.
    """
    if url is None:
        from ...system.settings import load_settings

        settings = load_settings()
        url, kept = settings.url, settings.key
        key = kept.get_secret_value() if key is None and kept else key
    if not url:
        raise UsageError(f"where is the service? give url, or set ERRCLASS_URL, such as {_EXAMPLE}")
    return ServicePlace(_check_url(url, has_key=key is not None), _make_headers(key))


def _check_url(url: str, *, has_key: bool) -> str:
    try:
        parts = split_address(url)
    except ValueError:
        parts = split_address("")
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise UsageError(f"the address of the service is not one like {_EXAMPLE}; set ERRCLASS_URL to one")
    if has_key and not is_protected(parts, plain=False):
        _log.warning("errclass.key_in_plain: the key goes to %s without TLS; use https", parts.hostname)
    return url.rstrip("/")


def _make_headers(key: str | None) -> dict[str, str]:
    if key is None:
        return {}
    if not is_key(key):
        raise UsageError("the key of the service is none; set ERRCLASS_KEY to what errclass serve keys create printed")
    return {"Authorization": f"Bearer {key}"}
