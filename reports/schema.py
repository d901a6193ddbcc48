"""The published schemas of the types of report, as JSON Schema (2020-12)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .registry import load_type


def read_schema(name: str) -> dict[str, Any]:
    """Return the schema of what ``json`` shows of a type; raise UsageError for an unknown one."""
    load_type(name)
    path = Path(__file__).with_name("schemas") / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
