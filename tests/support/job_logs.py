"""Logs of jobs as CI systems write them, of projects that do not exist."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

GITHUB_FAILED = (
    "\ufeff2026-11-24T10:00:00.1234567Z ##[group]Run make package\n"
    "2026-11-24T10:00:01.0000000Z \x1b[36;1mmake package\x1b[0m\n"
    "2026-11-24T10:00:01.5000000Z ##[endgroup]\n"
    "2026-11-24T10:00:09.0000000Z tea-blender: cannot open kettle.cfg: No such file or directory\n"
    "2026-11-24T10:00:09.1000000Z make: *** [Makefile:12: package] Error 3\n"
    "2026-11-24T10:00:09.2000000Z ##[error]Process completed with exit code 2.\n"
)
GITHUB_PASSED = (
    "\ufeff2026-11-24T10:00:00.1234567Z ##[group]Run make docs\n"
    "2026-11-24T10:00:01.0000000Z echo '##[error]never printed by the runner'\n"
    "2026-11-24T10:00:02.0000000Z ##[endgroup]\n"
    "2026-11-24T10:00:03.0000000Z Process completed with exit code 0\n"
)
GITLAB_FAILED = (
    "\x1b[0KRunning with gitlab-runner 17.5.0 (abcdef12)\x1b[0;m\n"
    'section_start:1795514400:prepare_executor\r\x1b[0K\x1b[0K\x1b[36;1mPreparing the "docker" executor\x1b[0;m\n'
    "section_end:1795514401:prepare_executor\r\x1b[0Ksection_start:1795514401:step_script\r\x1b[0K\x1b[0K\n"
    "$ ./brew --strength 5\n"
    "brew: leaf store at 192.0.2.7:7000: connection refused\n"
    "section_end:1795514410:step_script\r\x1b[0Ksection_start:1795514410:cleanup_file_variables\r\x1b[0K\x1b[0K\n"
    "section_end:1795514411:cleanup_file_variables\r\x1b[0K\x1b[31;1mERROR: Job failed: exit code 7\n"
    "\x1b[0;m\n"
)
GITLAB_PASSED = GITLAB_FAILED.replace(
    "\x1b[31;1mERROR: Job failed: exit code 7\n\x1b[0;m", "\x1b[32;1mJob succeeded\x1b[0;m"
)
GITLAB_STAMPED = "".join(
    f"2026-11-24T10:00:00.123456Z {'01E' if 'brew:' in line else '00O'} {line}\n"
    for line in GITLAB_FAILED.removesuffix("\n").split("\n")
)
JENKINS_FAILED = (
    "Started by user Petra Teapot\n"
    "[Pipeline] Start of Pipeline\n"
    "[Pipeline] node\n"
    "Running on kettle-3 in /srv/agent/workspace/tea\n"
    "[Pipeline] sh\n"
    "+ ./brew --strength 5\n"
    "brew: out of leaves\n"
    "[Pipeline] End of Pipeline\n"
    "ERROR: script returned exit code 4\n"
    "Finished: FAILURE\n"
)


def end_jenkins(result: str) -> str:
    """Return the console with another result."""
    return JENKINS_FAILED.replace("Finished: FAILURE", f"Finished: {result}")


def stamp_jenkins(console: str) -> str:
    """Return the console as the timestamper prints it."""
    return "".join(f"[2026-11-24T10:00:00.000Z] {line}\n" for line in console.removesuffix("\n").split("\n"))


def write_zip(path: Path, members: Mapping[str, str | bytes] | Iterable[tuple[str, str | bytes]]) -> Path:
    """Write a zip archive with these files, in this order."""
    pairs = members.items() if isinstance(members, Mapping) else members
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return path


def write_tar(path: Path, members: Mapping[str, str | bytes], *, form: int = tarfile.PAX_FORMAT) -> Path:
    """Write a tar archive, packed by gzip where its suffix says so."""
    mode = "w:gz" if path.suffix in {".gz", ".tgz"} else "w"
    with tarfile.open(path, mode, format=form) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def write_gzip(path: Path, content: str) -> Path:
    """Write a file packed by gzip."""
    path.write_bytes(gzip.compress(content.encode(), mtime=0))
    return path
