"""What a reset takes away, level by level: only what builds, tests and caches make again by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from ...core.types import Classification

ResetKind = Literal["soft", "medium", "hard", "full"]
KINDS: tuple[ResetKind, ...] = get_args(ResetKind)

_OUTPUTS = (
    ".cache", ".next", ".nuxt", ".output", ".parcel-cache", ".svelte-kit", ".tmp", ".turbo", ".vite", "build", "dist",
    "node_modules/.cache", "out", "tmp", "tsconfig.tsbuildinfo",
)  # fmt: skip
_TOOL_CACHES = (
    ".eslintcache", ".gradle", ".jest-cache", ".mypy_cache", ".nox", ".nyc_output", ".pytest_cache", ".ruff_cache",
    ".stylelintcache", ".tox", "coverage", "htmlcov", "target",
)  # fmt: skip
_CHOICES: Mapping[str, ResetKind] = {
    "build": "soft",
    "configuration": "medium",
    "corruption": "hard",
    "dependency": "medium",
    "resource": "soft",
}


def list_generated(kind: ResetKind) -> tuple[str, ...]:
    """Return the paths that a reset takes away where nothing of them is tracked."""
    return _OUTPUTS if kind in {"soft", "medium"} else _OUTPUTS + _TOOL_CACHES


def is_made_by_tools(path: str) -> bool:
    """Tell whether a path is a cache of one tool, in which a key or a database is the tool's and no user's."""
    return path == "node_modules/.cache" or (path.startswith(".") and path in _TOOL_CACHES)


def choose_reset(classification: Classification) -> ResetKind | None:
    """Return the least reset that may help; None where none does, or the answer is unsure. ``full`` is for people."""
    return None if classification.abstained is not None else _CHOICES.get(classification.type)
