"""A web service of one's own: JSON, signed, with a key that is the same however often it comes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ..channel import Delivered, Dispatch
from ..endpoint import parse_endpoint
from ..notice import Digest
from ..options import name_setting, parse_options
from ..posting import judge_reply, post_json
from ..signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign_body

VERSION = 1
"""Of the body's form."""


@dataclass(frozen=True, slots=True)
class WebhookOptions:
    """Say where to post and how to sign."""

    url: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    allow_http: bool = False


class WebhookChannel:
    """Post messages as JSON."""

    name = "webhook"
    pace = 0.0
    batches = True

    def __init__(self, options: WebhookOptions, *, clock: Callable[[], float] = time.time) -> None:
        self._endpoint = parse_endpoint(options.url, name_setting(self.name, "url"), allow_http=options.allow_http)
        self._secret = options.secret
        self._clock = clock

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """Return the channel of its settings."""
        return cls(parse_options(WebhookOptions, cls.name, values))

    def deliver(self, dispatch: Dispatch, timeout: float) -> Delivered:
        """Post once."""
        body = write_body(dispatch)
        reply = post_json(self._endpoint, body, self._make_headers(dispatch.key, body), timeout)
        return reply if isinstance(reply, Delivered) else judge_reply(reply)

    def _make_headers(self, key: str, body: bytes) -> dict[str, str]:
        headers = {"Idempotency-Key": key}
        if self._secret:
            now = int(self._clock())
            headers |= {TIMESTAMP_HEADER: str(now), SIGNATURE_HEADER: sign_body(self._secret, now, body)}
        return headers


def write_body(dispatch: Dispatch) -> bytes:
    """Return a dispatch as JSON in ASCII; a re-sent one gives the same bytes."""
    kind = "digest" if isinstance(dispatch.content, Digest) else "notice"
    document = {
        "version": VERSION,
        "key": dispatch.key,
        "kind": kind,
        "repeats": dispatch.repeats,
        kind: dispatch.content.to_dict(),
    }
    return json.dumps(document, sort_keys=True).encode()
