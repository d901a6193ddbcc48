"""What an exception knows of a response: status, code and Retry-After, of whatever client it comes from.

httpx and requests keep a response with ``status_code`` and ``headers``, aiohttp ``status`` and ``headers``, urllib
``code`` and ``headers``, botocore a dictionary with ``ResponseMetadata``, gRPC a method ``code``. None is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from .retry_after import find_retry_after

_MAX_CHAIN = 32


@dataclass(frozen=True, slots=True)
class ResponseFacts:
    """Hold what an exception, or one of its causes, tells of a response."""

    status: int | None = None
    """HTTP status, 100 to 599."""
    code: str | None = None
    """The service's own code, such as ``ThrottlingException`` or ``UNAVAILABLE``."""
    retry_after: float | None = None
    """Seconds that the other side asked to wait."""

    def as_lines(self) -> list[str]:
        """Return it as lines of a log, for whoever reads text."""
        lines = [f"HTTP error {self.status} {_phrase(self.status)}".rstrip()] if self.status is not None else []
        lines += [f"code: {self.code}"] if self.code is not None else []
        return lines + ([f"Retry-After: {self.retry_after:.10g}"] if self.retry_after is not None else [])


def read_response(error: BaseException) -> ResponseFacts:
    """Return what the exception tells, else the first of its causes that tells anything."""
    for link in walk_causes(error):
        found = _read_one(link)
        if found != ResponseFacts():
            return found
    return ResponseFacts()


def walk_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and its causes, each once: a chain may run in a circle."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen and len(seen) < _MAX_CHAIN:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _read_one(error: BaseException) -> ResponseFacts:
    response = _read(error, "response")
    if isinstance(response, Mapping):
        return _read_mapping(response)
    status = _as_status(_first(response, ("status_code", "status"))) or _as_status(
        _first(error, ("status_code", "status", "code", "http_status"))
    )
    asked = (find_retry_after(_read(holder, "headers")) for holder in (response, error))
    return ResponseFacts(status, _grpc_code(error), next((wait for wait in asked if wait is not None), None))


def _read_mapping(response: Mapping[str, Any]) -> ResponseFacts:
    """Read a response as botocore keeps it."""
    metadata, code = _look_up(response, "ResponseMetadata"), _look_up(_look_up(response, "Error"), "Code")
    return ResponseFacts(
        _as_status(_look_up(metadata, "HTTPStatusCode")),
        code if isinstance(code, str) and code else None,
        find_retry_after(_look_up(metadata, "HTTPHeaders")),
    )


def _grpc_code(error: BaseException) -> str | None:
    code = _read(error, "code")
    if not callable(code):
        return None
    try:
        name = getattr(code(), "name", None)
    except Exception:  # noqa: BLE001 - a foreign method may raise anything, and describing a failure must not
        return None
    return name if isinstance(name, str) else None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _first(holder: Any, names: tuple[str, ...]) -> Any:
    values = (_read(holder, name) for name in names)
    return next((value for value in values if isinstance(value, int) and not isinstance(value, bool)), None)


def _as_status(value: Any) -> int | None:
    return int(value) if isinstance(value, int) and 100 <= value <= 599 else None


def _read(holder: Any, name: str) -> Any:
    # A property of a foreign class may raise anything.
    try:
        return getattr(holder, name, None)
    except Exception:  # noqa: BLE001 - see above
        return None


def _look_up(mapping: Any, key: str) -> Any:
    try:
        return mapping.get(key) if isinstance(mapping, Mapping) else None
    except Exception:  # noqa: BLE001 - likewise
        return None
