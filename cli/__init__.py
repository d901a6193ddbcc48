"""The command line: parse, call, render."""

from __future__ import annotations

from .root import main

__all__ = ["main"]
