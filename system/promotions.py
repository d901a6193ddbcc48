"""Which model is in use, and which were before it: one small file, replaced whole."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..core.clock import utc_now
from ..core.errors import ModelError
from ..core.folders import make_private_folder
from ..core.user import find_user_name
from .folder_lock import lock_folder

SHIPPED = "shipped"
"""Stands for the model that comes with errclass."""
KEPT = 100
"""How many promotions are kept to go back through."""
_FILE = "promoted.json"

Stamp = tuple[int, int, int]
"""Changes whenever the file does: the file is never written in place."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """Record that a model was put into use."""

    model: str
    """``name/version``, or ``shipped``."""
    time: str = ""
    """ISO 8601, in UTC; empty where it is not known."""
    by: str = ""
    """Name of the user."""
    why: str = ""
    forced: bool = False
    """Whether the gate was passed over."""


class Promotions:
    """Read and change ``models/promoted.json``.

    ``{"model": "name/version", "history": [{"model", "time", "by", "why", "forced"}, ...]}``, oldest first; without
    history, as earlier versions wrote it, the model is its only promotion.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _FILE

    def exist(self) -> bool:
        """Tell whether any model was ever put into use."""
        return self.path.exists()

    def stamp(self) -> Stamp | None:
        """Return what tells one state of the file from the next, None without a file; takes microseconds."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 - the quickest way, and this is asked in between decisions
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def read(self) -> tuple[Promotion, ...]:
        """Return all promotions, oldest first; the last one's model is in use, without any the shipped one.

        Raises ModelError when the file is damaged.
        """
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            return _parse(content["model"], content.get("history"))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ModelError(f"{self.path}: damaged; run errclass models promote NAME/VERSION") from error

    def push(self, promotion: Promotion) -> None:
        """Put a model into use; a damaged file is written anew."""

        def add(known: tuple[Promotion, ...]) -> tuple[Promotion, ...]:
            return known if known and known[-1].model == promotion.model else (*known, promotion)

        self._change(add)

    def pop(self, expected: Promotion) -> None:
        """Take back the last promotion; raises ModelError when it is another one by now."""

        def drop(known: tuple[Promotion, ...]) -> tuple[Promotion, ...]:
            if known[-1:] != (expected,):
                raise ModelError(f"{self.path}: another process has just changed it; look at errclass models list")
            return known[:-1]

        self._change(drop)

    def _change(self, change: Callable[[tuple[Promotion, ...]], tuple[Promotion, ...]]) -> None:
        make_private_folder(self.path.parent)
        with lock_folder(self.path.parent):
            try:
                known = self.read()
            except ModelError:
                known = ()
            history = change(known)[-KEPT:]
            model = history[-1].model if history else SHIPPED
            _write_atomically(self.path, {"model": model, "history": [asdict(promotion) for promotion in history]})


def promote_now(model: str, *, why: str, forced: bool = False) -> Promotion:
    """Return the promotion of a model by this process's user at this moment."""
    return Promotion(model, utc_now().isoformat(timespec="seconds"), find_user_name() or "", why, forced)


def _parse(model: Any, history: Any) -> tuple[Promotion, ...]:
    if not isinstance(model, str):
        raise TypeError(f"{model!r} names no model")
    if history is None:
        return (Promotion(model),)
    known = tuple(Promotion(**{key: entry[key] for key in Promotion.__dataclass_fields__}) for entry in history)
    if model != (known[-1].model if known else SHIPPED):
        raise ValueError("its history ends with another model")
    return known


def _write_atomically(path: Path, value: Any) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".promoted-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)
    Path(draft).replace(path)
