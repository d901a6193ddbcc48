"""JSON as the store keeps it: compact, and readable in every alphabet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: ``json.dumps`` with such options makes an encoder at each call."""


def drop_empty(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document without what is None, an empty text, list or object, in objects within it too."""
    kept = {key: drop_empty(value) if isinstance(value, dict) else value for key, value in document.items()}
    return {key: value for key, value in kept.items() if value is not None and value not in ("", [], {})}
