"""Read the archive of a GitHub Actions run's logs, as its log endpoint gives it."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from ...core.types import Context
from .archives import DAMAGED, DamagedError, ZipArchive, is_zip
from .cells import parse_int, parse_time
from .history_file import Row, Skipped
from .job_logs import find_name_problem
from .log_stream import LogEnds, iter_blocks
from .source import Source

_TIME = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"
_STAMP = re.compile(rb"(" + _TIME + rb")[ \r\n]")
_BEFORE = rb"^(?:" + _TIME + rb" )?"
_FAILURE = re.compile(_BEFORE + rb"(?:##\[error\]|Process completed with exit code -?[1-9])", re.MULTILINE)
_EXIT = re.compile(_BEFORE + rb"(?:##\[error\])?Process completed with exit code (-?[1-9]\d{0,9})(?!\d)", re.MULTILINE)
_WHOLE = re.compile(r"(?P<number>\d{1,6})_(?P<job>[^/]+)\.txt")
_STEP = re.compile(r"(?P<job>.+)/(?P<number>\d{1,6})_[^/]+\.txt")
_LOOK = 256
_SAMPLES = 10


@dataclass(frozen=True, slots=True)
class _Job:
    """Name the files that hold the log of one job: one, or one per step in their order."""

    name: str
    place: str
    members: Sequence[str]


@dataclass(slots=True)
class _JobLog:
    """Collect what the log of a job tells while it streams by."""

    ends: LogEnds = field(default_factory=LogEnds)
    failed: bool = False
    exit_code: int | None = None
    time: datetime | None = None

    def add(self, block: bytes) -> None:
        """Take the next lines."""
        if self.time is None and (stamp := _STAMP.match(block)):
            self.time = parse_time(stamp[1].decode())
        self.failed = self.failed or bool(_FAILURE.search(block))
        for code in _EXIT.findall(block):
            self.exit_code = parse_int(code.decode())
        self.ends.add(block)


def recognises(source: Source) -> bool:
    """Tell whether a zip archive holds numbered logs, of jobs or of steps, that begin with a time."""
    if not is_zip(source.packed_head):
        return False
    with ZipArchive(source.path, Skipped()) as archive:
        return any(_begins_with_time(archive, job) for job in _list_jobs(archive.names)[:_SAMPLES])


def read(source: Source) -> Iterator[Row]:
    """Yield one row per job that failed."""
    with ZipArchive(source.path, source.skipped) as archive:
        _count_others(archive.names, source.skipped)
        for job in _list_jobs(archive.names):
            try:
                log = _read_job(archive, job.members)
            except DamagedError:
                source.skipped.add(DAMAGED, job.place)
                continue
            if log.failed:
                yield _row(job, log)
            else:
                source.skipped.add("no failure in this job", job.place)


def _begins_with_time(archive: ZipArchive, job: _Job) -> bool:
    with suppress(DamagedError), archive.open(job.members[0]) as stream:
        return bool(_STAMP.match(stream.read(_LOOK).removeprefix(BOM_UTF8)))
    return False


def _list_jobs(names: Sequence[str]) -> list[_Job]:
    """Return the jobs by the files that hold all of their logs; those that have none, by the files of their steps."""
    wholes = [found for name in names if (found := _WHOLE.fullmatch(name))]
    covered = {_plain(whole["job"]) for whole in wholes}
    folders: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name in names:
        step = _STEP.fullmatch(name)
        if step and _plain(step["job"]) not in covered:
            folders[step["job"]].append((int(step["number"]), name))
    by_steps = [_Job(job, f"{job}/", [name for _, name in sorted(steps)]) for job, steps in folders.items()]
    return [_Job(whole["job"], whole[0], [whole[0]]) for whole in wholes] + by_steps


def _plain(job: str) -> str:
    """Return the name alike for file and folder: the slash in that of a called workflow's job may become ``_``."""
    return re.sub(" ?[/_] ?", "_", job)


def _count_others(names: Sequence[str], skipped: Skipped) -> None:
    for name in names:
        if problem := find_name_problem(name):
            skipped.add(problem, name)


def _read_job(archive: ZipArchive, members: Sequence[str]) -> _JobLog:
    log = _JobLog()
    for member in members:
        with archive.open(member) as stream:
            for block in iter_blocks(stream):
                log.add(block)
    return log


def _row(job: _Job, log: _JobLog) -> Row:
    return Row(
        log.ends.text,
        job.place,
        success=False,
        time=log.time,
        exit_code=log.exit_code,
        context=Context(job=job.name),
    )
