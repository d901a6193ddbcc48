"""Read a run out of an agent's answer, which may hold anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.frozen import FrozenDict
from ...core.text import replace_surrogates
from .runs import AgentRun, PullRequest, judge_status

_MOST_PULL_REQUESTS = 50
_MOST_CHARS = 2_000
_MOST_METADATA = 50


def read_run(value: Any) -> AgentRun | None:
    """Return the run; None where the value is none: no object, no whole number as its id, a status that is no text."""
    if not isinstance(value, Mapping):
        return None
    number, status = value.get("id"), value.get("status")
    if isinstance(number, bool) or not isinstance(number, int) or not (status is None or isinstance(status, str)):
        return None
    return AgentRun(
        id=str(number),
        state=judge_status(status),
        status=None if status is None else _text(status)[:100],
        url=read_link(value.get("web_url")),
        summary=_text(value.get("summary") or value.get("result")),
        pull_requests=_read_pull_requests(value.get("github_pull_requests")),
        metadata=_read_metadata(value.get("metadata")),
    )


def read_link(value: Any) -> str:
    """Return an ``https`` link as it is, and nothing for anything else: it is shown to people who click."""
    text = _text(value)
    good = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>\\`")
    return text if good and text.startswith("https://") else ""


def _read_pull_requests(value: Any) -> tuple[PullRequest, ...]:
    if not isinstance(value, list):
        return ()
    found = [_read_pull_request(item) for item in value[:_MOST_PULL_REQUESTS] if isinstance(item, Mapping)]
    return tuple(one for one in found if one.url)


def _read_pull_request(value: Mapping[str, Any]) -> PullRequest:
    number = value.get("id")
    return PullRequest(
        url=read_link(value.get("url")),
        title=_text(value.get("title"))[:300],
        branch=_text(value.get("head_branch_name"))[:300],
        id=number if isinstance(number, int) and not isinstance(number, bool) else None,
    )


def _read_metadata(value: Any) -> FrozenDict[Any]:
    if not isinstance(value, Mapping):
        return FrozenDict()
    items = list(value.items())[:_MOST_METADATA]
    return FrozenDict({str(key)[:100]: item for key, item in items if isinstance(item, str | int | float)})


def _text(value: Any) -> str:
    return replace_surrogates(value)[:_MOST_CHARS] if isinstance(value, str) else ""
