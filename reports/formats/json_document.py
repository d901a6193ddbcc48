"""Reports as JSON, for programs; ``schemas`` describes it."""

from __future__ import annotations

import json

from ...core.escaping import escape_json
from ..report import Report


def render_json(report: Report) -> str:
    """Return the report as indented JSON in ASCII."""
    return escape_json(json.dumps(report.to_dict(), indent=2)) + "\n"
