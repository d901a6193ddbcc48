"""Linear: an issue per fingerprint, updated while it lasts and opened again when it comes back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ....core.errors import ConfigError
from ....core.markup import escape_markdown
from ....core.types import Severity
from ...web.keys import is_key
from ..channel import Delivered, Dispatch
from ..endpoint import parse_endpoint
from ..notice import Notice
from ..options import name_setting, parse_options
from ..rendering import make_page, render_markdown, render_title
from .linear_api import Issue, LinearApi, derive_id

PRIORITIES: Mapping[Severity, int] = {"critical": 1, "high": 2, "medium": 3, "low": 4}
"""Linear's, where 1 is urgent and 0 none."""
_NO_ISSUE = Delivered("refused", "there is no issue of this failure, so its end could not be told")
_API = "https://api.linear.app/graphql"


@dataclass(frozen=True, slots=True)
class LinearOptions:
    """Say whose issues they are; a personal key, and a team's id."""

    api_key: str = field(repr=False)
    team_id: str
    url: str = _API
    allow_http: bool = False


class LinearChannel:
    """Keep issues: its reference is the issue's id."""

    name = "linear"
    pace = 0.5
    batches = False  # an issue is about one failure

    def __init__(self, options: LinearOptions) -> None:
        endpoint = parse_endpoint(options.url, name_setting(self.name, "url"), allow_http=options.allow_http)
        if not is_key(options.api_key):
            raise ConfigError(f"{name_setting(self.name, 'api_key')}: a key is one word of printable characters")
        self._api = LinearApi(endpoint, options.api_key)
        self._team = options.team_id

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """Return the channel of its settings."""
        return cls(parse_options(LinearOptions, cls.name, values))

    def deliver(self, dispatch: Dispatch, timeout: float) -> Delivered:
        """Create, update or reopen the issue of the topic; a resolved one gets a comment, and is closed by a person."""
        until = time.monotonic() + timeout  # for all that is asked
        issue = self._find(dispatch, until)
        if isinstance(issue, Delivered):
            return issue
        if isinstance(dispatch.content, Notice) and dispatch.content.kind == "resolved":
            return self._comment(dispatch, issue, until) if issue else _NO_ISSUE
        return self._update(dispatch, issue, until) if issue else self._create(dispatch, until)

    def _find(self, dispatch: Dispatch, until: float) -> Issue | Delivered | None:
        """Return the issue that an earlier message made, or an earlier attempt that was cut off."""
        name = dispatch.reference or (derive_id(dispatch.key) if dispatch.again else None)
        return self._api.find_issue(name, until) if name else None

    def _create(self, dispatch: Dispatch, until: float) -> Delivered:
        name = derive_id(dispatch.key)
        return self._api.create_issue({"id": name, "teamId": self._team, **_describe(dispatch)}, until)

    def _update(self, dispatch: Dispatch, issue: Issue, until: float) -> Delivered:
        opened = {"stateId": issue.open_state} if issue.is_closed and issue.open_state else {}
        return self._api.update_issue(issue.id, _describe(dispatch) | opened, until)

    def _comment(self, dispatch: Dispatch, issue: Issue, until: float) -> Delivered:
        page = make_page(dispatch)
        body = f"**{escape_markdown(render_title(page))}**\n\n{render_markdown(page)}"
        return self._api.create_comment(issue.id, derive_id(dispatch.key), body, until, again=dispatch.again)


def _describe(dispatch: Dispatch) -> dict[str, Any]:
    page = make_page(dispatch)
    priority = PRIORITIES[dispatch.content.priority]
    return {"title": render_title(page), "description": render_markdown(page), "priority": priority}
