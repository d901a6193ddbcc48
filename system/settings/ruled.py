"""Settings that the rules say, for each preset, where the user does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...core.frozen import FrozenDict
from ...core.types import Scalar
from ...rules import Layer, find_preset, read_table

TABLES: Mapping[str, str] = FrozenDict(
    {
        "decision.autonomy": "autonomy_of_preset",
        "retry.attempts": "attempts_limit",
        "retry.base_delay": "retry_base_of_preset",
        "thresholds.codegen": "codegen_after",
        "thresholds.manual": "manual_after",
    }
)
"""In which table of the rules each stands."""
_OTHERS = "default"


def find_ruled(key: str, environment: str | None, layers: Iterable[Layer] = ()) -> tuple[Scalar | None, str]:
    """Return what the rules say of a setting in an environment, and for which preset."""
    folders = tuple(layers)
    preset = (None if environment is None else find_preset(environment, folders)) or _OTHERS
    rows = read_table(TABLES[key], folders) if key in TABLES else {}
    return rows.get(preset, rows.get(_OTHERS)), preset
