"""Files and folders moved, copied, compared and removed as they are: links stay links, and are never followed."""

from __future__ import annotations

import contextlib
import errno
import filecmp
import os
import shutil
import stat
from pathlib import Path
from typing import Any

from .errors import CannotKeepError
from .journal import sync_folder
from .mounts import refuse_mounts

COPY_LIMIT = 2 << 30
"""Bytes that are copied at most; a rename has no limit."""
_PLAIN = (stat.S_ISREG, stat.S_ISDIR, stat.S_ISLNK)


def is_there(path: Path) -> bool:
    """Tell whether a path exists, a broken link included."""
    return os.path.lexists(path)


def move_safely(source: Path, target: Path, *, spent: Path | None = None) -> None:
    """Move a file, link or folder: by a rename, or by a copy where that leads to another file system.

    After a copy, the source is renamed to ``spent`` before it is removed, so that a source that is there is whole.
    """
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy_safely(source, target)
        remove_safely(source.rename(spent) if spent else source)
    sync_folder(target.parent)
    sync_folder(source.parent)


def copy_safely(source: Path, target: Path) -> None:
    """Copy a file, link or folder with modes and times; ``target`` is there only once it is whole and on disk."""
    _check_copyable(source)
    draft = name_draft(target)
    remove_draft(target)
    _copy(source, draft)
    draft.rename(target)
    sync_folder(target.parent)


def name_draft(path: Path) -> Path:
    """Return where a path is written before it is whole; a name that is ours alone."""
    return path.with_name(f".{path.name}.errclass")


def remove_draft(path: Path) -> None:
    """Remove what a process that was killed left of writing a path."""
    if is_there(name_draft(path)):
        remove_safely(name_draft(path))


def remove_safely(path: Path) -> None:
    """Remove a file, link or folder, also from folders that are read-only; raise CannotKeepError for one with a mount.

    What is mounted there is not the folder's, and would be removed for good.
    """
    if path.is_symlink() or not path.is_dir():
        path.unlink()
        return
    refuse_mounts(path)
    for folder, names, _ in os.walk(path):
        for name in (".", *names):
            place = Path(folder, name)
            if not place.is_symlink():
                with contextlib.suppress(OSError):
                    place.chmod(stat.S_IMODE(place.stat().st_mode) | stat.S_IRWXU)
    shutil.rmtree(path)


def is_same(one: Path, other: Path) -> bool:
    """Tell whether two files or links are equal in kind, mode and content; folders are never taken for equal."""
    if not is_there(one) or not is_there(other):
        return is_there(one) == is_there(other)
    a, b = one.lstat(), other.lstat()
    if (a.st_mode, a.st_size) != (b.st_mode, b.st_size):
        return False
    if stat.S_ISLNK(a.st_mode):
        return one.readlink() == other.readlink()
    return stat.S_ISREG(a.st_mode) and filecmp.cmp(one, other, shallow=False)


def _check_copyable(source: Path) -> None:
    """Raise CannotKeepError for what is too large to copy, or is no file, link or folder."""
    total = 0
    for path in _walk(source):
        found = path.lstat()
        if not any(is_kind(found.st_mode) for is_kind in _PLAIN):
            raise CannotKeepError(f"{path} is a device, pipe or socket, which cannot be kept")
        total += found.st_size
        if total > COPY_LIMIT:
            raise CannotKeepError(f"{source} is larger than {COPY_LIMIT >> 30} GiB, which is too much to copy")


def _walk(path: Path) -> Any:
    yield path
    if path.is_dir() and not path.is_symlink():
        for folder, names, files in os.walk(path):
            yield from (Path(folder, name) for name in (*names, *files))


def _copy(source: Path, target: Path) -> None:
    if source.is_symlink():
        target.symlink_to(source.readlink())
    elif source.is_dir():
        shutil.copytree(source, target, symlinks=True, copy_function=_copy_file)
        for folder, names, _ in os.walk(source):
            for name in names:
                _keep_owner(Path(folder, name), target / Path(folder, name).relative_to(source))
    else:
        _copy_file(source, target)
    _keep_owner(source, target)


def _copy_file(source: Any, target: Any) -> Any:
    copied = shutil.copy2(source, target, follow_symlinks=False)
    if not Path(target).is_symlink():
        with Path(target).open("rb") as file:
            os.fsync(file.fileno())
    _keep_owner(Path(source), Path(target))
    return copied


def _keep_owner(source: Path, target: Path) -> None:
    found = source.lstat()
    with contextlib.suppress(OSError):  # only the superuser may give files away
        os.chown(target, found.st_uid, found.st_gid, follow_symlinks=False)
        if not stat.S_ISLNK(found.st_mode):
            target.chmod(stat.S_IMODE(found.st_mode))  # a new owner takes bits away
