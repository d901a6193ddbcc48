"""Find rules that cannot work as they are written, and prove it by facts."""

from __future__ import annotations

from .finding import Finding
from .linting import CHECKS, LintReport, lint_policy
from .salvage import load_sound

__all__ = ["CHECKS", "Finding", "LintReport", "lint_policy", "load_sound"]
