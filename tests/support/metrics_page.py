"""The table of metrics in docs/metrics.md; run as a program (``just docs``) it is written anew."""

from __future__ import annotations

import re

from support.source import find_source

from errclass.serve.metrics import METRICS, Metric

PAGE = find_source() / "docs" / "metrics.md"
_TABLE = re.compile(r"(<!-- metrics -->\n).*?(<!-- /metrics -->)", re.DOTALL)
_HEAD = "| metric | kind | labels | source | meaning |\n|---|---|---|---|---|\n"


def fill_in_table(text: str) -> str:
    """Return the page with the table as it is now."""
    rows = "".join(map(_write_row, METRICS))
    return _TABLE.sub(lambda match: match[1] + _HEAD + rows + match[2], text)


def _write_row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}` | {metric.kind} | {labels} | {metric.source} | {metric.text} |\n"


if __name__ == "__main__":
    PAGE.write_text(fill_in_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
