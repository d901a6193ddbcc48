"""Put a trained model where it belongs, and trust what was written there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..classify.artefact import MANIFEST, hash_file, pickled_files
from ..core.errors import UsageError
from ..core.folders import make_private_folder
from .model_shelf import ModelShelf
from .settings import Settings
from .trust import TrustStore

if TYPE_CHECKING:
    from .jobs.training import Trained


def shelve_model(
    trained: Trained, settings: Settings, *, name: str, out: Path | None = None, lean: bool = False
) -> dict[str, str]:
    """Save a model to the shelf, or only to ``out``, and say where it lies and whether it is in use.

    The very first model on the shelf is promoted; later ones wait for ``errclass models promote``.
    """
    if out:
        check_target(out)
    shelf = ModelShelf(settings.home)
    version = trained.classifier.version
    folder = out or shelf.place(name, version)
    if not out:
        make_private_folder(folder.parent)
    trained.save(folder, lean=lean)
    trust_model(settings.home, folder)
    reference = str(folder) if out else f"{name}/{version}"
    if out:
        state = "written, not in use; use it with --model"
    elif not shelf.promotions.exist():
        shelf.promote(reference, why="the first model")
        state = "in use"
    elif shelf.promoted() == folder:
        state = "in use"
    else:
        state = f"a candidate; put it into use with: errclass models promote {reference}"
    return {"reference": reference, "version": version, "folder": str(folder), "state": state}


def check_target(folder: Path) -> None:
    """Raise UsageError for a folder that a model must not be written to, since saving replaces all that is in it."""
    if folder.is_dir() and (not any(folder.iterdir()) or (folder / MANIFEST).is_file()):
        return
    if folder.exists():
        raise UsageError(f"{folder}: holds something other than a model; name a new folder, or an empty one")


def trust_model(home: Path, folder: Path) -> list[Path]:
    """Record the hashes of a model's files that run code when loaded, and return these files."""
    files = pickled_files(folder)
    if files:
        store = TrustStore(home)
        for path in files:
            store.trust_model(hash_file(path), path)
    return files
