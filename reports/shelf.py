"""Reports that were kept: one file each in a folder, which never grows without end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from ..core.errors import UsageError
from ..core.folders import make_private_folder
from ..core.suggesting import suggest_name
from ..core.whole_files import write_whole
from .registry import FORMATS, PRINTED

MOST_BYTES: Final = 10_000_000
"""No kept report is larger."""
KEPT_FOR: Final = timedelta(days=30)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,99}-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class KeptReport:
    """Name a kept report."""

    id: str
    format: str
    kept_at: datetime
    size_bytes: int
    path: Path

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return {
            "id": self.id,
            "format": self.format,
            "kept_at": self.kept_at.isoformat(),
            "size_bytes": self.size_bytes,
            "path": str(self.path),
        }


class ReportShelf:
    """Keep reports in a folder, private to its owner; those of more than 30 days go when another one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, form: str, content: bytes, now: datetime) -> KeptReport:
        """Write a report, and drop old ones; the same id and format overwrite.

        Raises UsageError for one of more than 10 MB, and where the folder cannot be used.
        """
        if len(content) > MOST_BYTES:
            raise UsageError(
                f"the report has {len(content)} bytes, of which {MOST_BYTES} are kept at most; "
                "choose a shorter window, filters, no charts, or no raw data"
            )
        try:
            return self._write(self._folder / f"{name}.{form}", content, now)
        except OSError as error:
            raise UsageError(
                f"{self._folder}: no report can be kept there ({error.strerror}); make it a folder of yours"
            ) from error

    def list(self) -> list[KeptReport]:
        """Return what is kept, newest first."""
        if not self._folder.is_dir():
            return []
        found = [kept for path in self._folder.iterdir() if _is_report(path) and (kept := _find(path))]
        return sorted(found, key=lambda kept: (kept.kept_at, kept.id, kept.format), reverse=True)

    def find(self, name: str, form: str | None = None) -> KeptReport:
        """Return a kept report; raise UsageError where there is none of that id and format."""
        kept = self.list()
        found = next((one for one in kept if one.id == name and form in (None, one.format)), None)
        if found is None:
            near = suggest_name(name, {one.id for one in kept})
            raise UsageError(f"no report {name!r} is kept{near}; errclass reports list names those that are")
        return found

    def read(self, name: str, form: str | None = None) -> bytes:
        """Return what a kept report holds; raise UsageError where there is none."""
        return self.find(name, form).path.read_bytes()

    def delete(self, name: str) -> int:
        """Drop a report in all its formats, and return how many files these were."""
        chosen = [one for one in self.list() if one.id == name]
        for one in chosen:
            one.path.unlink(missing_ok=True)
        return len(chosen)

    def _write(self, path: Path, content: bytes, now: datetime) -> KeptReport:
        make_private_folder(self._folder)
        write_whole(path, content, private=True)
        self._drop_old(now - KEPT_FOR, path)
        return _describe(path)

    def _drop_old(self, before: datetime, new: Path) -> None:
        for one in self.list():
            if one.kept_at < before and one.path != new:  # a wrong clock takes it for old
                one.path.unlink(missing_ok=True)


def _is_report(path: Path) -> bool:
    return path.suffix[1:] in {*FORMATS, *PRINTED} and _NAME.fullmatch(path.stem) is not None and path.is_file()


def _find(path: Path) -> KeptReport | None:
    try:
        return _describe(path)
    except FileNotFoundError:  # another process dropped it just now
        return None


def _describe(path: Path) -> KeptReport:
    about = path.stat()
    return KeptReport(path.stem, path.suffix[1:], datetime.fromtimestamp(about.st_mtime, UTC), about.st_size, path)
