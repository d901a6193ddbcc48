"""The extras: which are installed, and what each is for."""

from __future__ import annotations

from .check import Check
from .distribution import find_version, list_requirements
from .finding import sum_up
from .looking import look_safely

PURPOSES = {
    "durable": "rules decided by durable-rules",
    "notebooks": "notebooks, and figures as tables of pandas",
    "notify": "notifications to all that Apprise reaches",
    "otel": "measures for Prometheus and OpenTelemetry",
    "postgres": "a store in PostgreSQL",
    "serve": "the HTTP service",
}
"""Of each extra for users; those for developers are not told of."""


def check_extras() -> Check:
    """Tell which extras are installed; none is needed."""
    return look_safely("extras", _look)


def _look() -> Check:
    packages: dict[str, list[str]] = {}
    for name, extra in list_requirements():
        if extra in PURPOSES:
            packages.setdefault(extra, []).append(name)
    whole = {extra: all(map(find_version, names)) for extra, names in sorted(packages.items())}
    here, lacking = ([extra for extra, found in whole.items() if found is kind] for kind in (True, False))
    said = ", ".join(f"{extra} ({PURPOSES[extra]})" for extra in lacking)
    message = f"installed: {', '.join(here) or 'none'}"
    if said:
        message += f"; not installed: {said}; pip install 'errclass[NAME]' adds one"
    return sum_up("extras", message, details=whole)
