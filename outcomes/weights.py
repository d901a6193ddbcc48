"""How far each source of labels is trusted."""

from __future__ import annotations

from typing import Final

from ..core.frozen import FrozenDict

SOURCE_WEIGHTS: Final = FrozenDict(
    {
        # A person looked at this failure; worth three imported rows, so that a correction outweighs a stale export.
        "human": 3.0,
        # Somebody's labelled history: meant as truth, but copied along, and often judged by where the error surfaced.
        "import": 1.0,
        # What happened afterwards ("an unchanged retry passed"): says transient or not, hardly which type.
        "outcome": 0.5,
        # Read off exact codes: the model sees the same codes, so such a label teaches it little and may teach it wrong.
        "weak": 0.2,
    }
)
"""Weight of one label by its source; the order of the weights is also the order of precedence."""
