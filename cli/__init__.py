"""The command line: parse, call, render."""

from __future__ import annotations

from .entry import main

__all__ = ["main"]
