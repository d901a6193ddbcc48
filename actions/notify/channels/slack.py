"""Slack, by an incoming webhook; Mattermost and others that speak the same take it too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ....core.markup import clean_line
from ..channel import Delivered, Dispatch
from ..endpoint import parse_endpoint
from ..options import name_setting, parse_options
from ..posting import judge_reply, post_json
from ..rendering import make_page, render_slack


@dataclass(frozen=True, slots=True)
class SlackOptions:
    """Say where to post."""

    webhook_url: str = field(repr=False)
    allow_http: bool = False


class SlackChannel:
    """Post messages to an incoming webhook."""

    name = "slack"
    pace = 1.0  # what a webhook takes: https://docs.slack.dev/apis/web-api/rate-limits
    batches = True

    def __init__(self, options: SlackOptions) -> None:
        setting = name_setting(self.name, "webhook_url")
        self._endpoint = parse_endpoint(options.webhook_url, setting, allow_http=options.allow_http)

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """Return the channel of its settings."""
        return cls(parse_options(SlackOptions, cls.name, values))

    def deliver(self, dispatch: Dispatch, timeout: float) -> Delivered:
        """Post once."""
        body = json.dumps(render_slack(make_page(dispatch))).encode()
        reply = post_json(self._endpoint, body, {}, timeout)
        if isinstance(reply, Delivered):
            return reply
        if reply.status == 200 and reply.text.strip() != "ok":
            # A portal or proxy answers in Slack's place.
            return Delivered("again", f"{reply.host} answered {clean_line(reply.text, 60)!r} instead of 'ok'")
        return judge_reply(reply)
