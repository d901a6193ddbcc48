"""Hold out whole groups of examples in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDS = 4


def split_by_group(groups: Sequence[str]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return up to four pairs (rows to learn from, rows held out), no group on both sides; empty below two groups."""
    from sklearn.model_selection import GroupKFold

    folds = min(FOLDS, len(set(groups)))
    return list(GroupKFold(folds).split(groups, groups=groups)) if folds > 1 else []
