"""What is to be done about a failed HTTP request."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from ....core.retry_after import find_retry_after
from ..backoff import Backoff
from ..policy import RetryPolicy
from ..verdict import AttemptState, Verdict, follow_response

if TYPE_CHECKING:
    import httpx

RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed: time-outs, too early, too many, and faults of servers."""
_REPEATABLE = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PUT", "TRACE"})
"""Idempotent methods (RFC 9110, 9.2.2)."""


class BadResponseError(Exception):
    """A response has a status that counts as a failure."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        super().__init__(f"HTTP status {response.status_code}")


def refuse_bad(response: httpx.Response, statuses: AbstractSet[int]) -> None:
    """Raise BadResponseError for a response whose status is one of these."""
    if response.status_code in statuses:
        raise BadResponseError(response)


def tell_cancelled(response: httpx.Response, request: httpx.Request) -> httpx.HTTPStatusError:
    """Return the error of a request whose wait was cancelled: the response was closed before it, and has no body."""
    import httpx

    message = f"the wait after HTTP status {response.status_code} was cancelled; its response is closed"
    return httpx.HTTPStatusError(message, request=request, response=response)


def decide_http(error: Exception, _: AttemptState, /) -> Verdict:
    """Return the verdict on a bad response or an error of httpx's; what says that the request is wrong is final."""
    if isinstance(error, BadResponseError):
        response = error.response
        return follow_response(response.status_code, find_retry_after(response.headers), kind="network")
    retry = _is_transient(error)
    return Verdict(retry, kind="network" if retry else None, outcome="failure" if retry else "ignored")


def decide_unrepeatable(policy: RetryPolicy) -> RetryPolicy:
    """Return the policy of requests that must not reach the other side twice: tried again only where none was sent."""
    decide = policy.decide

    def decide_once(error: Exception, state: AttemptState, /) -> Verdict:
        verdict = decide(error, state)
        return verdict if _was_not_sent(error) else replace(verdict, retry=False)

    return replace(policy, decide=decide_once)


def is_repeatable(request: httpx.Request) -> bool:
    """Tell whether a request may reach the other side twice, and whether its body can be sent twice.

    An ``Idempotency-Key`` makes any method repeatable; a body that is read from a stream makes none.
    """
    import httpx

    declared = request.method in _REPEATABLE or "idempotency-key" in request.headers
    return declared and isinstance(request.stream, httpx.ByteStream)


def _is_transient(error: Exception) -> bool:
    import httpx

    wrong = isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol)
    return isinstance(error, httpx.TransportError) and not wrong and not _is_untrusted(error)


def _is_untrusted(error: Exception) -> bool:
    """Tell whether the other side's certificate was refused, which the next attempt would do again."""
    return "CERTIFICATE_VERIFY_FAILED" in str(error)


def _was_not_sent(error: Exception) -> bool:
    import httpx

    return isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


HTTP_POLICY = RetryPolicy(decide=decide_http, operation="http", backoff=Backoff(base=0.5))
"""Four attempts, half a second doubling with full jitter, and no deadline."""
