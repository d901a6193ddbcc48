"""Retries within retries: the outermost one tries again, the others call once."""

from __future__ import annotations

from contextvars import ContextVar

inside: ContextVar[bool] = ContextVar("errclass_retrying", default=False)
"""Whether an attempt of another executor runs around this call, in this thread or task."""
