"""The dashboard for Grafana that comes with errclass."""

from __future__ import annotations

from pathlib import Path

_FILE = Path(__file__).resolve().parent / "grafana" / "errclass.json"


def read_dashboard() -> str:
    """Return the dashboard as Grafana imports it, JSON."""
    return _FILE.read_text(encoding="utf-8")
