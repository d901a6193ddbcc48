"""What runs here: errclass, Python, and the libraries that it cannot do without."""

from __future__ import annotations

import platform
import sqlite3
import sys

from .check import Check
from .distribution import NAME, find_version, list_requirements
from .finding import Finding, sum_up
from .looking import look_safely

_SHOWN = ("duckdb", "scikit-learn", "numpy")
_ADVICE = "install errclass again: pip install --force-reinstall errclass"


def check_versions() -> Check:
    """Tell versions and platform; a library that is missing is a problem."""
    return look_safely("versions", _look, advice=_ADVICE)


def _look() -> Check:
    names = [name for name, extra in list_requirements() if extra is None]
    found = {name: find_version(name) for name in names}
    missing = sorted(name for name, number in found.items() if number is None)
    versions = {
        NAME: find_version(NAME) or "unknown",
        "python": platform.python_version(),
        "sqlite3": sqlite3.sqlite_version,
        **{name: number for name, number in sorted(found.items()) if number},
    }
    shown = ", ".join(f"{name} {versions[name]}" for name in (NAME, "python", "sqlite3", *_SHOWN) if name in versions)
    details = {"versions": versions, "platform": platform.platform(), "executable": sys.executable}
    return sum_up("versions", f"{shown}, on {platform.system()} {platform.machine()}", _tell_missing(missing), details)


def _tell_missing(names: list[str]) -> list[Finding]:
    if not names:
        return []
    return [Finding("problem", f"not installed: {', '.join(names)}", f"pip install {' '.join(names)}")]
