"""What a wrong answer about a failure is taken to cost, in minutes."""

from __future__ import annotations

from typing import Final

from ..core.frozen import FrozenDict

SEVERITY_MINUTES: Final = FrozenDict({"low": 5.0, "medium": 15.0, "high": 60.0, "critical": 240.0})
"""Minutes of a person's attention that one failure of this severity takes. Assumed, not measured: only the ratios order
the queue, and each step up is three to four times the one before."""
UNKNOWN_MINUTES: Final = SEVERITY_MINUTES["medium"]
"""The same for a failure on which nothing was decided."""
ENVIRONMENT_FACTORS: Final = FrozenDict({"development": 0.5, "staging": 1.0, "production": 3.0})
"""How much a minute counts where the operation ran; 1 for any other environment and none."""
