"""The processes of this system, where it tells of them."""

from __future__ import annotations

import os


def list_processes() -> list[str]:
    """Return the ids of all processes, as /proc names them; none where there is no /proc."""
    try:
        return [name for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 - names are all we need
    except OSError:
        return []
