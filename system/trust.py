"""What the user has said they trust: model files, and settings files of working trees."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from ..core.errors import ConfigError, PolicyError, UsageError
from ..rules import DEFAULT_FOLDER, list_layers
from .folder_lock import lock_folder
from .tree_file import TREE_FILES, list_recipe_folders, list_rule_folders, parse_settings

_MAX_RULE_FILES = 2_000
_FILE = "trust.json"


class TrustStore:
    """Read and write ``ERRCLASS_HOME/trust.json``.

    ``{"models": {sha256: path}, "directories": {path: {name of a file, or of a folder of rules or recipes: sha256}}}``
    """

    def __init__(self, home: Path) -> None:
        self.path = home / _FILE

    def model_hashes(self) -> frozenset[str]:
        """Return the SHA-256 of every model file that may be unpickled."""
        return frozenset(self._read()["models"])

    def trust_model(self, digest: str, path: Path) -> None:
        """Allow the file with this SHA-256 to be unpickled; its path is kept for people only."""
        with self._locked():
            content = self._read()
            content["models"][digest] = str(path)
            self._write(content)

    def trust_directory(self, directory: Path) -> list[Path]:
        """Allow the settings files in a directory, as they are now, to set anything, and return them.

        The folders of rules and recipes that they name belong to them. Raises UsageError where there is no such file,
        or a folder that cannot be trusted.
        """
        present = [directory / name for name in TREE_FILES if (directory / name).is_file()]
        files: dict[str, str] = {}
        for path in present:
            data = path.read_bytes()
            files |= {path.name: hashlib.sha256(data).hexdigest(), **_hash_folders(path, data)}
        if not files:
            raise UsageError(f"{directory}: holds neither {' nor '.join(TREE_FILES)}; there is nothing to trust")
        with self._locked():
            content = self._read()
            content["directories"][str(directory.resolve())] = files
            self._write(content)
        return [directory / name for name in files]

    def is_trusted(self, file: Path, content: bytes) -> bool:
        """Tell whether a settings file with this content, its rules and its recipes are as they were trusted."""
        files = self._read()["directories"].get(str(file.parent.resolve()))
        if not isinstance(files, dict) or files.get(file.name) != hashlib.sha256(content).hexdigest():
            return False
        try:
            return _hash_folders(file, content).items() <= files.items()
        except UsageError:
            return False

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one writer at a time read, change and write."""
        with ExitStack() as stack:
            with self._failing_clearly():
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                stack.enter_context(lock_folder(self.path.parent))
            yield

    @contextmanager
    def _failing_clearly(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = f"cannot be written ({error.strerror}); make its folder writable, or set ERRCLASS_HOME to another"
            raise ConfigError(f"{self.path}: {reason}") from error

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            return {key: dict(content.get(key, {})) for key in ("models", "directories")}
        except (FileNotFoundError, NotADirectoryError):
            return {"models": {}, "directories": {}}
        except OSError as error:
            raise ConfigError(f"{self.path}: cannot be read ({error.strerror}); check who may read it") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise ConfigError(f"{self.path}: damaged ({error}); remove it and trust again what you need") from error

    def _write(self, content: dict[str, Any]) -> None:
        with self._failing_clearly():
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, draft = tempfile.mkstemp(dir=self.path.parent, prefix=".trust-")  # created with mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2, sort_keys=True)
        Path(draft).replace(self.path)


def _hash_folders(file: Path, content: bytes) -> dict[str, str]:
    """Return the SHA-256 over each folder of rules or recipes that a settings file names, and over all they extend."""
    try:
        values = parse_settings(content, file.name)
        named = list_rule_folders(file, values)
        folders = [layer.folder for layer in list_layers(named) if layer.folder != DEFAULT_FOLDER] if named else []
        folders += list_recipe_folders(file, values)
        return {f"{_name_folder(folder, file.parent)}/": _hash_folder(folder) for folder in folders}
    except (OSError, ValueError, TypeError, RecursionError, PolicyError) as error:
        raise UsageError(f"{file}: its rules and recipes cannot be trusted: {error}") from error


def _name_folder(folder: Path, root: Path) -> str:
    """Return a folder's path from the settings file; raise ValueError where it lies elsewhere."""
    inside = folder.resolve().relative_to(root.resolve())  # a ValueError where it is not inside
    return inside.as_posix()


def _hash_folder(folder: Path) -> str:
    paths = sorted(islice(folder.rglob("*"), _MAX_RULE_FILES + 1))
    if len(paths) > _MAX_RULE_FILES:
        raise ValueError(f"{folder} holds more than {_MAX_RULE_FILES} files")
    digest = hashlib.sha256()
    for path in (folder, *paths):
        if path.is_symlink():
            raise ValueError(f"{path} is a symbolic link")
        if not path.is_file():
            continue
        digest.update(
            f"{path.relative_to(folder).as_posix()}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
        )
    return digest.hexdigest()
