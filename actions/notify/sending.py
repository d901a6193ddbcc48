"""Try a delivery through its channel, and again at once where a short wait may help."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from ...core.background_call import call_in_background
from ...core.markup import clean_line, clean_lines
from ...core.masking import mask_secrets
from ..retry import AttemptState, Backoff, Executor, Flow, Naps, RetryPolicy, Verdict
from .channel import Channel, Delivered, Dispatch

ATTEMPTS = 3
"""Attempts at once, which count as one message against limit and pace; then the queue waits longer."""
ATTEMPT_SECONDS = 10.0
TOTAL_SECONDS = 30.0
"""Over all attempts and waits at once; the last attempt may end some 3 seconds later."""
LEAST_SECONDS = 2.0
"""Time that an attempt gets in any case: one that is cut short may have arrived, and is made again."""
_BACKOFF = Backoff(base=0.5, cap=5.0)
_DETAIL_CHARS = 300
_GRACE = 1.0
"""Seconds for an attempt to end by itself once its time is over."""
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
    """Return what became of it, some 3 seconds after ``seconds`` at the latest; never raises, whatever happens."""
    limit = max(LEAST_SECONDS, min(seconds, TOTAL_SECONDS))
    deadline = clock() + limit
    tries = 0

    def attempt() -> Delivered:
        nonlocal tries
        tries += 1
        left = max(LEAST_SECONDS, min(ATTEMPT_SECONDS, deadline - clock()))
        delivered = deliver_once(channel, replace(dispatch, again=dispatch.again or tries > 1), left)
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


def deliver_once(channel: Channel, dispatch: Dispatch, timeout: float) -> Delivered:
    """Return what became of one attempt, in any case soon after its timeout: a look-up of a name, say, knows none."""
    attempt = call_in_background(lambda: _deliver(channel, dispatch, timeout))
    try:
        return attempt.result(timeout + _GRACE)
    except TimeoutError:
        return Delivered("again", f"there was no result within {timeout:.3g} s")


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
