"""Find importers, built in and third party, by the same entry-point group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from ...core.errors import ErrclassError, UsageError
from ...core.plug_ins import list_plug_ins
from .history_file import Row
from .importer import Importer
from .source import Source

T = TypeVar("T")

GROUP = "errclass.importers"
FALLBACK = "logs"
"""Asked last: it takes any text."""
_OURS = f"{__package__}."
_END = object()


@dataclass(frozen=True, slots=True)
class Plugin:
    """Hold an importer by its entry point; whatever goes wrong in it is told with its name."""

    point: EntryPoint

    def recognises(self, source: Source) -> bool:
        """Ask it whether it reads this file."""
        importer = self._load()
        return bool(self._call(lambda: importer.recognises(source), source))

    def read(self, source: Source) -> Iterator[Row]:
        """Yield its rows."""
        importer = self._load()
        rows = self._call(lambda: iter(importer.read(source)), source)
        while (row := self._call(lambda: next(rows, _END), source)) is not _END:
            if not isinstance(row, Row):
                raise UsageError(f"{self} gave {type(row).__name__} instead of Row for {source.path}")
            yield row

    def __str__(self) -> str:
        return f"the importer {self.point.name!r} ({self.point.value})"

    def _load(self) -> Importer:
        try:
            found = self.point.load()
        except Exception as error:  # a module of somebody else's may raise anything
            raise UsageError(f"{self} cannot be imported: {_tell(error)}; mend or uninstall it") from error
        if not isinstance(found, Importer):
            raise UsageError(f"{self} lacks the functions recognises and read; mend or uninstall it")
        return found

    def _call(self, function: Callable[[], T], source: Source) -> T:
        try:
            return function()
        except (ErrclassError, OSError):
            raise
        except Exception as error:  # likewise
            raise UsageError(f"{self} failed at {source.path}: {_tell(error)}") from error


def list_importers() -> tuple[str, ...]:
    """Return the names of all installed importers."""
    return list_plug_ins(GROUP)


def find_importer(name: str) -> Plugin:
    """Return an importer by its name; it is imported only when it is used.

    Raises UsageError for an unknown name and for one that several packages give.
    """
    points = {point.value: point for point in entry_points(group=GROUP, name=name)}
    if not points:
        raise UsageError(f"no importer is called {name!r}; installed: {', '.join(list_importers())}")
    if len(points) > 1:
        givers = " and ".join(_describe(point) for point in _in_order(points.values()))
        raise UsageError(f"several importers are called {name!r}: {givers}; uninstall all but one")
    return Plugin(*points.values())


def choose_importer(source: Source) -> Plugin:
    """Return the importer that recognises a file: ours are asked first, then those of others, then plain logs.

    None is imported after the first that says yes. Raises UsageError when all say no.
    """
    for point in _in_order(entry_points(group=GROUP)):
        if Plugin(point).recognises(source):
            return find_importer(point.name)
    raise UsageError(
        f"{source.path}: no importer recognises it; installed: {', '.join(list_importers())}; "
        "where its name or its first lines mislead, choose one with `errclass outcomes import --importer NAME`"
    )


def _in_order(points: Iterable[EntryPoint]) -> list[EntryPoint]:
    def place(point: EntryPoint) -> tuple[bool, bool, str, str]:
        return point.name == FALLBACK, not point.value.startswith(_OURS), point.name, point.value

    return sorted(points, key=place)


def _describe(point: EntryPoint) -> str:
    return f"{point.value} of {point.dist.name}" if point.dist else point.value


def _tell(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
