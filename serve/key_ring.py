"""The keys of the service: a file in ERRCLASS_HOME that only its owner may read."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ..core.clock import utc_now
from ..core.errors import ConfigError, UsageError
from ..core.folders import make_private_folder
from ..core.jsonable import to_jsonable
from ..core.whole_files import write_whole
from ..system.folder_lock import lock_folder
from .api_key import SCOPES, ApiKey, Scope, digest_key, make_key

_FILE = "service-keys.json"
_NAME = re.compile(r"[\w][\w .@/-]{0,63}")
_Stamp = tuple[int, int, int] | None
"""What tells that the file is another: its inode, size and time; None where there is none."""


class KeyRing:
    """Make, list, revoke and find keys. Safe to share between threads; a running server sees each change at once."""

    def __init__(self, home: Path, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.path = home / _FILE
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: tuple[_Stamp, tuple[ApiKey, ...]] | None = None

    def list_keys(self) -> tuple[ApiKey, ...]:
        """Return all keys, revoked ones included, oldest first; raise ConfigError where they cannot be read."""
        stamp = self._stamp()
        with self._lock:
            if self._seen is None or self._seen[0] != stamp:
                self._seen = (stamp, self._read())
            return self._seen[1]

    def find_key(self, text: str) -> ApiKey | None:
        """Return the key with this text; None for one that is none, or is revoked."""
        digest, found = digest_key(text), None
        for key in self.list_keys():  # all of them, so that the time tells nothing
            found = key if key.matches(digest) else found
        return found

    def create_key(self, name: str, scopes: Collection[str]) -> tuple[ApiKey, str]:
        """Keep a new key and return it with its text, which nobody can read again.

        Raises UsageError for a name that is taken or is none, and for scopes that do not exist.
        """
        known = _check(name, scopes)
        with self._changing() as keys:
            if any(key.name == name and key.revoked is None for key in keys):
                raise UsageError(f"there is a key {name!r} already; revoke it first, or choose another name")
            key, text = make_key(name, known)
            keys.append(replace(key, created=self._clock()))
        return keys[-1], text

    def revoke_key(self, given: str) -> ApiKey:
        """Revoke the key with this name or id and return it; raise UsageError where there is none."""
        if not self.list_keys():
            raise _describe_absence(given)
        with self._changing() as keys:
            place = next((i for i, key in enumerate(keys) if given in {key.id, key.name} and not key.revoked), None)
            if place is None:
                raise _describe_absence(given)
            keys[place] = replace(keys[place], revoked=self._clock())
        return keys[place]

    @contextmanager
    def _changing(self) -> Iterator[list[ApiKey]]:
        """Let one process at a time read, change and write."""
        with self._failing_clearly():
            make_private_folder(self.path.parent)
            with lock_folder(self.path.parent):
                keys = list(self._read())
                yield keys
                self._write(keys)

    @contextmanager
    def _failing_clearly(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = f"cannot be used ({error.strerror}); make its folder writable, or set ERRCLASS_HOME to another"
            raise ConfigError(f"{self.path}: {reason}") from error

    def _stamp(self) -> _Stamp:
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise ConfigError(f"{self.path}: cannot be read ({error.strerror}); check who may read it") from error
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _read(self) -> tuple[ApiKey, ...]:
        try:
            rows = json.loads(self.path.read_text(encoding="utf-8"))["keys"]
            return tuple(_rebuild(row) for row in rows)
        except (FileNotFoundError, NotADirectoryError):
            return ()
        except OSError as error:
            raise ConfigError(f"{self.path}: cannot be read ({error.strerror}); check who may read it") from error
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise ConfigError(f"{self.path}: damaged; remove it and make the keys again") from error

    def _write(self, keys: list[ApiKey]) -> None:
        write_whole(self.path, json.dumps({"keys": to_jsonable(keys)}, indent=2).encode(), private=True)


def _describe_absence(given: str) -> UsageError:
    return UsageError(f"no key {given!r} that still holds; list them with: errclass serve keys list")


def _check(name: str, scopes: Collection[str]) -> tuple[Scope, ...]:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a key; take up to 64 letters, digits, spaces and . @ / _ -")
    known = tuple(scope for scope in SCOPES if scope in scopes)
    if not known or len(known) < len(set(scopes)):
        raise UsageError(f"a key needs at least one of these scopes: {', '.join(SCOPES)}")
    return known


def _rebuild(row: dict[str, Any]) -> ApiKey:
    revoked = row["revoked"]
    return ApiKey(
        id=str(row["id"]),
        name=str(row["name"]),
        scopes=tuple(row["scopes"]),
        digest=str(row["digest"]),
        created=datetime.fromisoformat(row["created"]),
        revoked=revoked and datetime.fromisoformat(revoked),
    )
