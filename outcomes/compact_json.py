"""JSON as the store keeps it: compact, and readable in every alphabet."""

from __future__ import annotations

import json

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: ``json.dumps`` with such options makes an encoder at each call."""
