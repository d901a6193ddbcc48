"""Read whole log files: one, or a folder of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...core.errors import UsageError
from ..bounds import READ_BYTES, join_ends
from .encoding import decode_text, detect_encoding
from .history_file import Row, Skipped
from .source import Source

LOG_SUFFIXES = frozenset({".log", ".txt", ".out", ".err", ""})
_FOLDER_SUFFIXES = frozenset({".log", ".txt"})


def recognises(source: Source) -> bool:
    """Tell whether it is a folder, or a file with a log's suffix or none."""
    return source.path.is_dir() or source.suffix in LOG_SUFFIXES


def read(source: Source) -> Iterator[Row]:
    """Yield the one row of a log, all of it or its first 256 KB and its end; or one row per log below a folder."""
    if source.path.is_dir():
        return _read_folder(source.path, source.skipped)
    return iter([Row(read_log_text(source.path), source.path.name)])


def _read_folder(folder: Path, skipped: Skipped) -> Iterator[Row]:
    """Yield one row per ``.log`` or ``.txt`` below ``folder``, labelled with the first subfolder on the way."""
    path: Path | None = None
    for path in _list_logs(folder):
        inside = path.relative_to(folder)
        try:
            text = read_log_text(path)
        except UsageError as error:
            skipped.add(str(error).removeprefix(f"{path} is "), inside.as_posix())
        except OSError as error:
            skipped.add(error.strerror or type(error).__name__, inside.as_posix())
        else:
            yield Row(text, inside.as_posix(), label=inside.parts[0] if len(inside.parts) > 1 else None)
    if path is None:
        raise UsageError(f"{folder} holds no .log or .txt file; name tables and reports one by one")


def _list_logs(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in _FOLDER_SUFFIXES and path.is_file() and not hidden:
            yield path


def read_log_text(path: Path) -> str:
    """Return a log, all of it or its first 256 KB and its end; raise UsageError when it is empty or no text."""
    encoding = detect_encoding(path)
    size = path.stat().st_size
    if size <= READ_BYTES or encoding not in ("utf-8", "utf-8-sig"):
        text = decode_text(_read_part(path, 0, READ_BYTES), encoding)
    else:
        tail = _read_part(path, size - READ_BYTES, READ_BYTES)
        text = join_ends(_read_part(path, 0, READ_BYTES // 4), tail, size, READ_BYTES)
    # Unlike a cell of a table, a log is still of use with a stray NUL in it.
    return text.replace("\x00", "\ufffd")


def _read_part(path: Path, start: int, length: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(start)
        return stream.read(length)
