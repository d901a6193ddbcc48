"""Refusals as pages."""

from __future__ import annotations

from ..problem import Problem
from .rendering import render


def write_refusal(problem: Problem) -> str:
    """Return a page that says what is wrong and what to do."""
    return render("refusal.html", problem=problem)
