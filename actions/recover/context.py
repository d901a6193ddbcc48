"""Where a recovery works, and what is known besides the failure itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .placeholders import PATTERNS


@dataclass(frozen=True, slots=True)
class RecoveryContext:
    """Say where to work, and what placeholders of recipes stand for; what is None fits no recipe that needs it."""

    work: Path
    """Folder that is never left."""
    environment: str | None = None
    """``development``, ``staging``, ``production``, ..."""
    tool: str | None = None
    """What failed, such as ``npm``."""
    file: str | None = None
    """A settings file that is missing or broken, relative to ``work``."""
    template: str | None = None
    """What it may be replaced by."""
    service: str | None = None
    """Unit of systemd."""
    deployment: str | None = None
    """Workload of Kubernetes, such as ``deployment/web``."""
    namespace: str | None = None
    tried: frozenset[str] = frozenset()
    """Recipes that are not to be tried again."""

    @property
    def values(self) -> Mapping[str, str]:
        """What the placeholders stand for, where that is known."""
        found = {name: str(self.work) if name == "work" else getattr(self, name) for name in PATTERNS}
        return {name: value for name, value in found.items() if value is not None}
