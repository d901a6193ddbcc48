"""Try a delivery through its channel, and again at once where a short wait may help."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from ...core.markup import clean_line, clean_lines
from ...core.masking import mask_secrets
from ..retry import AttemptState, Backoff, Executor, Flow, Naps, RetryPolicy, Verdict
from .channel import Channel, Delivered, Dispatch

ATTEMPTS = 3
"""Attempts at once; then the queue waits longer."""
ATTEMPT_SECONDS = 10.0
TOTAL_SECONDS = 30.0
"""Over all attempts and waits at once: half of a lease."""
LEAST_SECONDS = 2.0
"""Time that an attempt gets in any case: one that is cut short may have arrived, and is made again."""
_BACKOFF = Backoff(base=0.5, cap=5.0)
_DETAIL_CHARS = 300
_log = logging.getLogger("errclass")


class _NotDeliveredError(Exception):
    """Carries a result through the executor."""

    def __init__(self, delivered: Delivered) -> None:
        super().__init__(delivered.detail)
        self.delivered = delivered


def send_dispatch(
    channel: Channel,
    dispatch: Dispatch,
    *,
    seconds: float = TOTAL_SECONDS,
    clock: Callable[[], float] = time.monotonic,
    naps: Naps | None = None,
) -> Delivered:
    """Return what became of it after at most about ``seconds``; never raises, whatever a channel does."""
    limit = max(LEAST_SECONDS, min(seconds, TOTAL_SECONDS))
    deadline = clock() + limit
    tries = 0

    def attempt() -> Delivered:
        nonlocal tries
        tries += 1
        left = max(LEAST_SECONDS, min(ATTEMPT_SECONDS, deadline - clock()))
        delivered = _deliver(channel, replace(dispatch, again=dispatch.again or tries > 1), left)
        if delivered.status == "again":
            raise _NotDeliveredError(delivered)
        return delivered

    policy = RetryPolicy(
        decide=_decide,
        operation=f"notify {channel.name}",
        effect="idempotent",
        attempts=ATTEMPTS,
        timeout=limit,
        backoff=_BACKOFF,
    )
    try:
        return Executor(Flow(policy, clock=clock), naps).call(attempt)
    except _NotDeliveredError as error:
        return error.delivered


def _decide(error: Exception, _: AttemptState) -> Verdict:
    waited = error.delivered.retry_after if isinstance(error, _NotDeliveredError) else None
    return Verdict(isinstance(error, _NotDeliveredError), retry_after=waited)


def _deliver(channel: Channel, dispatch: Dispatch, timeout: float) -> Delivered:
    try:
        delivered = _check(channel.deliver(dispatch, timeout))
    except Exception as error:  # noqa: BLE001 - the rim: a channel may be anybody's
        _log.debug("errclass.channel_failed: %s", channel.name, exc_info=True)
        delivered = Delivered("again", f"{type(error).__name__}: {error}")
    return replace(delivered, detail=clean_line(mask_secrets(clean_lines(delivered.detail[:4000])), _DETAIL_CHARS))


def _check(found: object) -> Delivered:
    if isinstance(found, Delivered):
        return found
    return Delivered("refused", f"the channel returned {type(found).__name__} instead of Delivered")
