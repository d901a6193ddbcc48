"""The file systems of home and store: whether other machines share them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...core.file_systems import find_network_file_system
from ...outcomes import is_address
from ..settings import Settings
from .check import Check
from .finding import Finding, sum_up
from .looking import look_safely

_ADVICE = (
    "set ERRCLASS_HOME and ERRCLASS_STORE to a local folder, or share a store by PostgreSQL (docs/postgres.md): locks "
    "of files are not safe between machines"
)


def check_file_system(settings: Settings) -> Check:
    """Tell whether home or store lie on a network file system."""
    return look_safely("file_system", lambda: _look(settings), advice=_ADVICE)


def list_places(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Yield the folders that errclass writes to, each with its name, that exist or lie nearest above."""
    places = {"home": settings.home}
    if not is_address(settings.store):
        places["store"] = Path(settings.store)
    for name, place in places.items():
        yield name, next((one for one in (place, *place.parents) if one.is_dir()), place)


def _look(settings: Settings) -> Check:
    kinds = {name: find_network_file_system(place.resolve()) for name, place in list_places(settings)}
    findings = [Finding("warning", f"the {name} is on {kind}", _ADVICE) for name, kind in kinds.items() if kind]
    return sum_up("file_system", "" if findings else f"{' and '.join(kinds)} on no network file system", findings)
