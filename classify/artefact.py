"""Trained models on disk: a folder with a manifest, checked before anything in it is used.

Format 1: ``manifest.json`` names the classifier, its version, the SHA-256 of every other file, the versions of the
libraries, the fingerprint of the training data and the taxonomy. When the meaning of a file changes, raise ``FORMAT``
and say in ``load_model`` what becomes of older folders.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.clock import utc_now
from ..core.errors import ConfigError, ModelError, UntrustedError, UsageError
from ..core.folders import make_private_folder
from ..core.taxonomy import Taxonomy
from ..core.types import Example
from .classifier import Classifier
from .memory import MEMORY, Memory
from .registry import find_classifier

FORMAT = 2
"""1 had neither ``confidence.json`` nor the score of a re-run; its folders are trained anew."""
MANIFEST, METRICS, CARD = "manifest.json", "metrics.json", "card.md"
_MAX_MANIFEST_BYTES = 8 << 20
_LIBRARIES = ("errclass", "numpy", "scikit-learn", "joblib")


@dataclass(frozen=True, slots=True)
class Model:
    """Hold a loaded model with what its manifest says."""

    classifier: Classifier
    taxonomy: Taxonomy
    manifest: Mapping[str, Any]
    folder: Path

    @property
    def version(self) -> str:
        """The model's version, such as ``linear-1f2e3d4c5b6a``."""
        return str(self.manifest["version"])


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_examples(examples: Iterable[Example]) -> str:
    """Return a fingerprint of training data that does not depend on its order."""
    digests = sorted(
        hashlib.sha256(json.dumps([e.text, e.type, e.weight, e.tool], ensure_ascii=True).encode()).hexdigest()
        for e in examples
    )
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def load_joblib(path: Path, *, trusted: Collection[str]) -> Any:
    """Unpickle a file whose SHA-256 is trusted; hashed and loaded from the same bytes.

    Raises UntrustedError before a byte of any other file is unpickled, and ModelError when it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); train the model again") from error
    digest = hashlib.sha256(data).hexdigest()
    if digest not in trusted:
        raise UntrustedError(
            f"{path}: this file would run code when loaded, and its hash {digest[:12]}… is not in your trust.json. "
            f"If you trained it, or trust who did: errclass models trust {path.parent}"
        )
    import joblib

    try:
        return joblib.load(io.BytesIO(data))
    except Exception as error:  # other versions of the libraries may fail at anything
        raise ModelError(f"{path}: cannot be loaded ({error!r}); train the model again") from error


def save_model(
    classifier: Classifier,
    folder: Path,
    *,
    name: str,
    taxonomy: Taxonomy,
    training: Mapping[str, Any],
    metrics: Mapping[str, Any],
    card: str,
    memory: Memory | None = None,
    lean: bool = False,
) -> Path:
    """Write a model into ``folder``, whole or not at all, and return the folder.

    ``name`` is the classifier's name in the registry. A model that is already there is replaced. A ``memory`` without
    texts is not written. ``lean`` leaves out the files that run code when loaded, so that nobody has to trust the
    model; raises UsageError for a classifier that cannot be loaded without them.
    """
    make_private_folder(folder.parent)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        classifier.save(draft)
        if lean:
            _drop_pickled(draft, classifier, name)
        _write_json(draft / METRICS, metrics)
        (draft / CARD).write_text(card, encoding="utf-8")
        if memory is not None and memory.learned:
            _write_json(draft / MEMORY, memory.to_dict())
        files = {path.relative_to(draft).as_posix(): hash_file(path) for path in _files(draft)}
        manifest = {
            "format": FORMAT,
            "classifier": name,
            "version": classifier.version,
            "created": utc_now().isoformat(timespec="seconds"),
            "libraries": read_versions(),
            "training": dict(training),
            "taxonomy": taxonomy.to_dict(),
            "files": files,
        }
        _write_json(draft / MANIFEST, manifest)
        for path in _files(draft):
            path.chmod(0o600)
        _replace_folder(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read and check a model's manifest.

    Raises ModelError when there is none, it is damaged, or it was written by a newer errclass.
    """
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _MAX_MANIFEST_BYTES:
            raise ModelError(f"{path}: larger than any manifest; this is no model folder")
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{folder}: no model here ({MANIFEST} is missing)") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); train the model again") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ModelError(f"{path}: not a model's manifest; train the model again")
    if manifest.get("format") != FORMAT:
        raise ModelError(
            f"{folder}: written in model format {manifest.get('format')}, this version reads {FORMAT}; "
            "update errclass or train the model again"
        )
    return manifest


def check_files(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Compare every file with its hash in the manifest.

    Raises ModelError for a file that is missing, changed, outside the folder, or not named in the manifest.
    """
    unnamed = {path.relative_to(folder).as_posix() for path in _files(folder)} - {MANIFEST, *manifest["files"]}
    if unnamed:
        raise ModelError(f"{folder / min(unnamed)}: not named in {MANIFEST}; remove it, or train the model again")
    for name, digest in manifest["files"].items():
        path = folder / name
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise ModelError(f"{folder / MANIFEST}: the file name {name!r} leaves the model's folder")
        if not path.is_file():
            raise ModelError(f"{path}: missing; train the model again")
        if hash_file(path) != digest:
            raise ModelError(f"{path}: changed since it was written; train the model again")


def load_model(folder: Path, *, trusted: Collection[str] = ()) -> Model:
    """Load a model.

    Raises ModelError for a folder that is no intact model of this format, and UntrustedError when its classifier needs
    to unpickle a file whose hash is not in ``trusted``.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    taxonomy = _read_taxonomy(folder, manifest)
    classifier = find_classifier(str(manifest.get("classifier"))).load(folder, trusted=trusted)
    classifier.version = str(manifest.get("version", ""))
    return Model(classifier, taxonomy, manifest, folder)


def _read_taxonomy(folder: Path, manifest: Mapping[str, Any]) -> Taxonomy:
    try:
        return Taxonomy.from_dict(manifest.get("taxonomy"), where=str(folder / MANIFEST))
    except ConfigError as error:
        raise ModelError(f"{error}; train the model again") from error


def pickled_files(folder: Path) -> list[Path]:
    """Return the files of a model that run code when loaded."""
    return [path for path in _files(folder) if path.suffix in (".joblib", ".pkl", ".pickle")]


def _drop_pickled(draft: Path, classifier: Classifier, name: str) -> None:
    for path in pickled_files(draft):
        path.unlink()
    try:
        type(classifier).load(draft, trusted=())
    except (ModelError, UntrustedError) as error:
        raise UsageError(f"the classifier {name!r} has no lean form; train it without --lean") from error


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that a model depends on."""
    from importlib.metadata import PackageNotFoundError, version

    versions = {"python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            continue
    return versions


def _replace_folder(draft: Path, folder: Path) -> None:
    """Move the draft into place; an old folder steps aside first, for a folder cannot replace another at once."""
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
        folder.replace(old / folder.name)
        draft.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        draft.replace(folder)
