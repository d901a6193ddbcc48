"""Find the logs of jobs in a file: it is one, gzip packed one, or it is an archive of many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import PurePosixPath

from .archives import (
    DAMAGED,
    Budget,
    DamagedError,
    Member,
    ZipArchive,
    is_gzip,
    is_tar,
    is_zip,
    iter_tar,
    open_unpacked,
)
from .columns import vocabulary
from .history_file import Skipped
from .log_stream import read_ends
from .logs import LOG_SUFFIXES, read_log_text
from .source import HEAD_BYTES, Source

TRACE_SUFFIXES = LOG_SUFFIXES | {".trace"}
_ARCHIVES = vocabulary(".7z .bz2 .gz .jar .rar .tar .tbz2 .tgz .txz .war .whl .xz .zip .zst")
_SAMPLES = 10


def iter_job_logs(source: Source) -> Iterator[tuple[str, str]]:
    """Yield the place and the text of each log, all of it or its first 256 KB and its end.

    Counts in ``source.skipped`` what of an archive is no log or cannot be unpacked. Raises UsageError for an archive
    that is refused.
    """
    if not _is_packed(source):
        yield source.path.name, read_log_text(source.path)
        return
    for member in _iter_members(source):
        try:
            text = read_ends(member.stream)
        except DamagedError:
            source.skipped.add(DAMAGED, member.name)
        else:
            yield member.name, text


def any_log_matches(source: Source, sign: re.Pattern[bytes]) -> bool:
    """Tell whether the sign is found in the first 64 KB of the log, or of one of the first logs of the archive."""
    if is_zip(source.head):
        return any(sign.search(head) for head in _sample_zip(source))
    # A tar archive shows its first log behind the NULs of a header, and nothing else need be unpacked for a look.
    return (is_tar(source.head) or source.inner_suffix in TRACE_SUFFIXES) and bool(sign.search(source.head))


def find_name_problem(name: str) -> str | None:
    """Return why a member of an archive is not read as a log, None when it is."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _ARCHIVES:
        return "an archive inside of the archive"
    return None if suffix in TRACE_SUFFIXES else "no log by its name"


def _is_packed(source: Source) -> bool:
    return is_zip(source.head) or is_gzip(source.packed_head) or is_tar(source.head)


def _iter_members(source: Source) -> Iterator[Member]:
    if is_zip(source.head):
        return _only_logs(_iter_zip(source), source.skipped)
    if is_tar(source.head):
        return _only_logs(iter_tar(source.path, source.skipped), source.skipped)
    return _iter_single(source)


def _only_logs(members: Iterator[Member], skipped: Skipped) -> Iterator[Member]:
    for member in members:
        if problem := find_name_problem(member.name):
            skipped.add(problem, member.name)
        else:
            yield member


def _iter_zip(source: Source) -> Iterator[Member]:
    with ZipArchive(source.path, source.skipped) as archive:
        for name in archive.names:
            try:
                with archive.open(name) as stream:
                    yield Member(name, stream)
            except DamagedError:
                source.skipped.add(DAMAGED, name)


def _iter_single(source: Source) -> Iterator[Member]:
    with open_unpacked(source.path, Budget(source.path)) as stream:
        yield Member(source.path.name, stream)


def _sample_zip(source: Source) -> Iterator[bytes]:
    with ZipArchive(source.path, Skipped()) as archive:
        for name in islice((name for name in archive.names if not find_name_problem(name)), _SAMPLES):
            with suppress(DamagedError), archive.open(name) as stream:
                yield stream.read(HEAD_BYTES)
