"""A server that speaks as much of Linear's GraphQL API as is asked of it, strictly, and keeps issues."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from support.posts_server import Answer, Post, PostsServer, serve_posts

KEY = "lin_api_" + "a1B2c3D4e5" * 4
TEAM = "9cfb482a-81e3-4154-b5b9-2c805e70a02d"
STATES = [
    {"id": "s-done", "type": "completed", "position": 3.0},
    {"id": "s-todo", "type": "unstarted", "position": 1.0},
    {"id": "s-doing", "type": "started", "position": 2.0},
    {"id": "s-backlog", "type": "backlog", "position": 0.0},
]
_CREATE = {"id", "teamId", "title", "description", "priority"}
_UPDATE = {"title", "description", "priority", "stateId"}
_COMMENT = {"id", "issueId", "body"}


class _RefusalError(Exception):
    def __init__(self, message: str, code: str, status: int = 200) -> None:
        super().__init__(message)
        self.code, self.status = code, status


@dataclass(slots=True)
class Workspace:
    """Hold the issues and comments that were made."""

    server: PostsServer | None = None
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    comments: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the API is."""
        assert self.server is not None
        return self.server.url

    def judge(self, post: Post) -> Answer:
        """Answer a request; refusals come with HTTP 200 and ``errors``, but for wrong keys."""
        try:
            return _answer({"data": self._execute(post)})
        except _RefusalError as refusal:
            error = {"message": str(refusal), "extensions": {"code": refusal.code}}
            return _answer({"errors": [error], "data": None}, refusal.status)

    def _execute(self, post: Post) -> dict[str, Any]:
        if post.headers.get("authorization") != KEY:
            raise _RefusalError("Authentication required, not authenticated", "AUTHENTICATION_ERROR", 401)
        if post.headers.get("content-type") != "application/json":
            raise _RefusalError("Invalid content type", "GRAPHQL_PARSE_FAILED", 400)
        request = json.loads(post.body)
        query, variables = request["query"], request["variables"]
        name = re.search(r"\b(issueCreate|issueUpdate|commentCreate|issue|comment)\(", query)
        if name is None or query.count("{") != query.count("}"):
            raise _RefusalError("Syntax error", "GRAPHQL_PARSE_FAILED", 400)
        handler = {
            "issue": self._find,
            "comment": self._find_comment,
            "issueCreate": self._create,
            "issueUpdate": self._update,
            "commentCreate": self._comment,
        }[name[1]]
        return {name[1]: handler(variables)}

    def _find(self, variables: dict[str, Any]) -> dict[str, Any]:
        issue = self._require(self.issues, variables["id"])
        kind = next((state["type"] for state in STATES if state["id"] == issue["stateId"]), "canceled")
        return {"id": issue["id"], "state": {"type": kind}, "team": {"states": {"nodes": STATES}}}

    def _find_comment(self, variables: dict[str, Any]) -> dict[str, Any]:
        return {"id": self._require(self.comments, variables["id"])["id"]}

    def _create(self, variables: dict[str, Any]) -> dict[str, Any]:
        values = _check(variables["input"], _CREATE, {"teamId", "title"})
        if values["teamId"] != TEAM:
            raise _RefusalError("Argument Validation Error - teamId", "INVALID_INPUT")
        self._claim_id(self.issues, values["id"])
        self.issues[values["id"]] = {"stateId": "s-backlog", **values}
        return {
            "success": True,
            "issue": {"id": values["id"], "identifier": "OPS-1", "url": "https://linear.app/x/issue/OPS-1"},
        }

    def _update(self, variables: dict[str, Any]) -> dict[str, Any]:
        issue = self._require(self.issues, variables["id"])
        issue |= _check(variables["input"], _UPDATE, set())
        return {"success": True}

    def _comment(self, variables: dict[str, Any]) -> dict[str, Any]:
        values = _check(variables["input"], _COMMENT, {"issueId", "body"})
        self._require(self.issues, values["issueId"])
        self._claim_id(self.comments, values["id"])
        self.comments[values["id"]] = values
        return {"success": True}

    @staticmethod
    def _require(kept: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
        if name not in kept:
            raise _RefusalError("Entity not found: Could not find referenced entity.", "INVALID_INPUT")
        return kept[name]

    @staticmethod
    def _claim_id(kept: dict[str, dict[str, Any]], name: str) -> None:
        if uuid.UUID(name).version != 4 or str(uuid.UUID(name)) != name:
            raise _RefusalError("id must be a UUID", "INVALID_INPUT")
        if name in kept:
            raise _RefusalError("Entity already exists", "INVALID_INPUT")


@contextmanager
def serve_linear() -> Iterator[Workspace]:
    """Run the server until the block ends."""
    workspace = Workspace()
    with serve_posts(workspace.judge, "/graphql") as server:
        workspace.server = server
        yield workspace


def rate_limited(retry_after: str | None = None) -> Answer:
    """Return Linear's answer to too many requests."""
    error = {"message": "Rate limit exceeded", "extensions": {"code": "RATELIMITED"}}
    answer = _answer({"errors": [error]}, 400)
    return Answer(answer.status, answer.body, {"Retry-After": retry_after} if retry_after else {})


def _check(values: dict[str, Any], known: set[str], needed: set[str]) -> dict[str, Any]:
    priority = values.get("priority", 0)
    if set(values) - known or needed - set(values) or not isinstance(priority, int) or not 0 <= priority <= 4:
        raise _RefusalError("Variable $input got invalid value", "GRAPHQL_VALIDATION_FAILED", 400)
    return values


def _answer(document: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, json.dumps(document).encode(), {"Content-Type": "application/json"})
