"""The user's trained models: where they lie, which one is in use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..classify.artefact import CARD, MANIFEST, METRICS, check_files, read_manifest
from ..core.errors import ModelError, UsageError
from .promotions import SHIPPED, Promotions, promote_now

DEFAULT_MODEL = Path(__file__).resolve().parent.parent / "models" / "default"
"""The model that ships with errclass."""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """Describe one model on the shelf, or the shipped one."""

    reference: str
    """``name/version``; ``shipped`` for the one that came with errclass."""
    folder: Path
    promoted: bool
    manifest: dict[str, Any]


class ModelShelf:
    """Manage the models below ``ERRCLASS_HOME/models``: ``<name>/<version>/``, and a pointer to the promoted one."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "models"
        self.promotions = Promotions(self.folder)

    def place(self, name: str, version: str) -> Path:
        """Return where a model of this name and version belongs."""
        return self.folder / name / version

    def promoted(self) -> Path | None:
        """Return the folder of the promoted model; None when that is the shipped one.

        Raises ModelError when the pointer is damaged or points nowhere.
        """
        known = self.promotions.read()
        if not known or known[-1].model == SHIPPED:
            return None
        try:
            return self._resolve(known[-1].model)
        except UsageError as error:
            message = f"{self.promotions.path}: damaged, or its model is gone; run errclass models promote NAME/VERSION"
            raise ModelError(message) from error

    def promote(self, reference: str, *, why: str = "", forced: bool = False) -> Path:
        """Put a model into use, at once and for all processes, and return its folder; the one before is kept.

        ``reference`` is ``name/version``, or a version alone where that is unique; ``shipped`` returns to the
        shipped model.
        """
        folder = self.find_own(reference)
        check_files(folder, read_manifest(folder))  # a damaged model would fail every command from now on
        self.promotions.push(promote_now(self.name(folder), why=why, forced=forced))
        return folder

    def roll_back(self) -> tuple[str, Path]:
        """Put the model into use that was before the present one, and return its reference and its folder.

        Raises UsageError when there was none, and ModelError when it is gone or damaged; the present one then stays.
        """
        known = self.promotions.read()
        if not known:
            raise UsageError("there is nothing to go back to: no other model was in use before")
        before = known[-2].model if len(known) > 1 else SHIPPED
        try:
            folder = self.find_own(before)
            check_files(folder, read_manifest(folder))
        except (UsageError, ModelError) as error:
            message = f"{before}, which was in use before, cannot be used ({error}); promote another model instead"
            raise ModelError(message) from error
        self.promotions.pop(known[-1])
        return before, folder

    def name(self, folder: Path) -> str:
        """Return the reference of a model on the shelf, or of the shipped one."""
        return SHIPPED if folder == DEFAULT_MODEL else folder.relative_to(self.folder).as_posix()

    def find_own(self, reference: str) -> Path:
        """Return the folder of a model on the shelf, or of the shipped one; raise UsageError when there is none."""
        return DEFAULT_MODEL if reference == SHIPPED else self._resolve(reference)

    def find(self, reference: str) -> Path:
        """Return the folder of a model by reference, version or path.

        The shelf goes before the working tree, where anyone may put a folder of the same name. Raises UsageError when
        there is no such model.
        """
        if reference == SHIPPED:
            return DEFAULT_MODEL
        path = Path(reference)
        return path if (path / MANIFEST).is_file() and not self._matches(reference) else self._resolve(reference)

    def entries(self) -> list[ModelEntry]:
        """Return the shipped model and all models on the shelf, oldest first."""
        current = self.promoted() or DEFAULT_MODEL
        found = [(SHIPPED, DEFAULT_MODEL)] if (DEFAULT_MODEL / MANIFEST).is_file() else []
        found += self._shelved().items()
        entries = [ModelEntry(name, folder, folder == current, read_manifest(folder)) for name, folder in found]
        return sorted(entries, key=_tell_age)

    def _shelved(self) -> dict[str, Path]:
        """Return the folders by reference, without the drafts of trainings that still run or were killed."""
        folders = (path.parent for path in self.folder.glob(f"*/*/{MANIFEST}") if not path.parent.name.startswith("."))
        return {folder.relative_to(self.folder).as_posix(): folder for folder in folders}

    def _matches(self, reference: str) -> list[str]:
        return [name for name in self._shelved() if name == reference or name.split("/")[1] == reference]

    def _resolve(self, reference: str) -> Path:
        known, matches = self._shelved(), self._matches(reference)
        if len(matches) != 1:
            problem = "names several models" if matches else "names no model"
            listed = ", ".join(sorted(known)) or "none yet; run errclass train"
            raise UsageError(f"{reference!r} {problem}; on the shelf: {listed}")
        return known[matches[0]]


def _tell_age(entry: ModelEntry) -> tuple[str, int]:
    """Return what orders models by age: manifests know the second, files what is finer."""
    return str(entry.manifest.get("created")), (entry.folder / MANIFEST).stat().st_mtime_ns


def describe_model(folder: Path) -> dict[str, Any]:
    """Return ``folder, manifest, metrics, card`` of a model.

    Raises ModelError when any of its files is missing, changed or unreadable.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    try:
        metrics = json.loads((folder / METRICS).read_text(encoding="utf-8"))
        card = (folder / CARD).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: cannot be shown ({error}); train the model again") from error
    return {"folder": str(folder), "manifest": manifest, "metrics": metrics, "card": card}
