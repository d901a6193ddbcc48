"""A server that takes what Slack's incoming webhooks take, and refuses what they refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from support.posts_server import Answer, Post, PostsServer, serve_posts

SECRET_PATH = "/services/T00000000/B00000000/s3cr3tXXXXXXXXXXXXXXXXXX"
_FIELDS = {"text", "blocks", "unfurl_links", "unfurl_media"}


@contextmanager
def serve_slack() -> Iterator[PostsServer]:
    """Run the server until the block ends; its ``url`` holds the secret."""
    with serve_posts(judge_slack, SECRET_PATH) as server:
        yield server


def judge_slack(post: Post) -> Answer:
    """Answer as Slack does: ``ok``, or a word for what is wrong."""
    if post.path != SECRET_PATH:
        return Answer(404, b"no_service")
    if not post.headers.get("content-type", "").startswith("application/json"):
        return Answer(400, b"invalid_payload")
    try:
        message = json.loads(post.body)
    except ValueError:
        return Answer(400, b"invalid_payload")
    fault = find_fault(message)
    return Answer(400, fault.encode()) if fault else Answer(200, b"ok")


def find_fault(message: Any) -> str | None:
    """Return what is wrong with the body of a post; None where Slack would show it."""
    if not isinstance(message, dict) or set(message) - _FIELDS or not isinstance(message.get("text"), str):
        return "invalid_payload"
    blocks = message.get("blocks")
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= 50:
        return "invalid_blocks"
    texts = [block.get("text") for block in blocks]
    if sum(len(text["text"]) for text in texts if isinstance(text, dict)) > 13_000:
        return "msg_blocks_too_long"
    faults = (_find_fault_of_block(block) for block in blocks)
    return next((fault for fault in faults if fault), None)


def _find_fault_of_block(block: dict[str, Any]) -> str | None:
    text = block.get("text", {})
    kind, most = {"header": ("plain_text", 150), "section": ("mrkdwn", 3000)}.get(block.get("type", ""), ("", 0))
    if text.get("type") != kind or not 1 <= len(text.get("text", "")) <= most:
        return "invalid_blocks"
    if kind == "mrkdwn" and re.search(r"&(?!amp;|lt;|gt;)", text["text"]):
        return "invalid_entities"
    return None
