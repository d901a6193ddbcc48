"""What is asked of Linear's GraphQL API, and what its answers mean."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ....core.markup import clean_line
from ..channel import Delivered
from ..endpoint import Endpoint
from ..posting import Reply, judge_reply, post_json

_FIND = """query($id: String!) {
  issue(id: $id) { id state { type } team { states { nodes { id type position } } } }
}"""
_CREATE = "mutation($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { id identifier url } } }"
_UPDATE = "mutation($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) { success } }"
_COMMENT = "mutation($input: CommentCreateInput!) { commentCreate(input: $input) { success } }"
_FIND_COMMENT = "query($id: String!) { comment(id: $id) { id } }"
_RATE_LIMIT_SECONDS = 60.0
"""Wait after a rate limit that says no time."""
_REFUSALS = (
    "AUTHENTICATION_ERROR",
    "FORBIDDEN",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "INPUT_ERROR",
    "INVALID_INPUT",
    "USER_ERROR",
)
"""Codes with which the same request is refused again."""
_CLOSED = ("canceled", "completed", "duplicate")
_OPEN_FIRST = ("unstarted", "backlog", "triage", "started")


@dataclass(frozen=True, slots=True)
class Issue:
    """Hold what of an issue matters for changing it."""

    id: str
    is_closed: bool
    open_state: str | None
    """The state that opens it again."""


def derive_id(key: str) -> str:
    """Return the id, in the form of a UUID 4, that whatever is created for a delivery gets however often it is sent."""
    return str(uuid.UUID(bytes=hashlib.sha256(f"errclass linear {key}".encode()).digest()[:16], version=4))


class LinearApi:
    """Ask Linear with one key; ``until`` is when an answer must be there, by ``time.monotonic``."""

    def __init__(self, endpoint: Endpoint, api_key: str) -> None:
        self._endpoint = endpoint
        self._headers = {"Authorization": api_key}  # a personal key is sent bare

    def find_issue(self, issue_id: str, until: float) -> Issue | Delivered | None:
        """Return an issue; None where there is none of this id."""
        answer = self._ask(_FIND, {"id": issue_id}, until)
        if isinstance(answer, Delivered):
            return None if _is_absent(answer) else answer
        issue = answer.get("issue")
        return _read_issue(issue) if isinstance(issue, Mapping) else None

    def create_issue(self, values: Mapping[str, Any], until: float) -> Delivered:
        """Create an issue; the result's reference is its id."""
        answer = self._ask(_CREATE, {"input": dict(values)}, until)
        done = _judge(answer, "issueCreate")
        if done.status != "sent" or isinstance(answer, Delivered):
            return done
        issue = answer["issueCreate"].get("issue")
        found = issue.get("id") if isinstance(issue, Mapping) else None
        return Delivered("sent", reference=found if isinstance(found, str) else str(values["id"]))

    def update_issue(self, issue_id: str, values: Mapping[str, Any], until: float) -> Delivered:
        """Change an issue; the result's reference is its id."""
        done = _judge(self._ask(_UPDATE, {"id": issue_id, "input": dict(values)}, until), "issueUpdate")
        return Delivered("sent", reference=issue_id) if done.status == "sent" else done

    def create_comment(self, issue_id: str, comment_id: str, body: str, until: float, *, again: bool) -> Delivered:
        """Comment on an issue, once: where an earlier attempt may have arrived, it is looked for first."""
        if again:
            known = self._ask(_FIND_COMMENT, {"id": comment_id}, until)
            if isinstance(known, Delivered) and not _is_absent(known):
                return known
            if not isinstance(known, Delivered) and known.get("comment"):
                return Delivered("sent", reference=issue_id)
        values = {"id": comment_id, "issueId": issue_id, "body": body}
        done = _judge(self._ask(_COMMENT, {"input": values}, until), "commentCreate")
        return Delivered("sent", reference=issue_id) if done.status == "sent" else done

    def _ask(self, query: str, variables: Mapping[str, Any], until: float) -> Mapping[str, Any] | Delivered:
        """Return the answer's data, or why there is none."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        left = until - time.monotonic()
        if left <= 0:
            return Delivered("again", f"{self._endpoint.host} took too long")
        reply = post_json(self._endpoint, body, self._headers, left)
        return reply if isinstance(reply, Delivered) else _read_reply(reply)


def _read_reply(reply: Reply) -> Mapping[str, Any] | Delivered:
    answer = _parse(reply.text)
    errors = answer.get("errors")
    if isinstance(errors, list) and errors:  # these come with HTTP 200 too
        return _read_error(reply, errors[0])
    if reply.status != 200:
        return judge_reply(reply)
    data = answer.get("data")
    if not isinstance(data, Mapping):
        return Delivered("again", f"{reply.host} answered what is no answer of Linear: {clean_line(reply.text, 60)!r}")
    return data


def _read_error(reply: Reply, error: Any) -> Delivered:
    error = error if isinstance(error, Mapping) else {}
    extensions = error.get("extensions")
    code = str((extensions if isinstance(extensions, Mapping) else {}).get("code", ""))
    detail = (
        f"Linear refused it: {clean_line(str(error.get('message', '')), 200)} ({clean_line(code, 40) or 'no code'})"
    )
    if code == "RATELIMITED":
        return Delivered(
            "again", "Linear's rate limit is reached", retry_after=reply.retry_after or _RATE_LIMIT_SECONDS
        )
    if code in _REFUSALS or reply.status in (401, 403) or _says_absent(str(error.get("message", ""))):
        return Delivered("refused", detail)
    return Delivered("again", detail)


def _judge(answer: Mapping[str, Any] | Delivered, mutation: str) -> Delivered:
    if isinstance(answer, Delivered):
        return answer
    result = answer.get(mutation)
    if isinstance(result, Mapping) and result.get("success") is True:
        return Delivered("sent")
    return Delivered("again", f"Linear did not say that {mutation} succeeded")


def _read_issue(issue: Mapping[str, Any]) -> Issue | None:
    try:
        kind = issue["state"]["type"]
        states = sorted(issue["team"]["states"]["nodes"], key=lambda state: state.get("position") or 0.0)
        opening = [state["id"] for wanted in _OPEN_FIRST for state in states if state["type"] == wanted]
        return Issue(str(issue["id"]), kind in _CLOSED, opening[0] if opening else None)
    except (AttributeError, KeyError, TypeError):  # it is there, but not as documented: it can still be updated
        return Issue(str(issue["id"]), is_closed=False, open_state=None) if issue.get("id") else None


def _is_absent(delivered: Delivered) -> bool:
    return delivered.status == "refused" and _says_absent(delivered.detail)


def _says_absent(message: str) -> bool:
    return "not found" in message.lower()


def _parse(text: str) -> Mapping[str, Any]:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, Mapping) else {}
