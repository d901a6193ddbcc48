"""What git says of a work folder; nothing is changed, and no hook of the repository runs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..recover.programs import find_program

_SECONDS = 60.0
_MOST = 20_000
_DIFF = ("diff", "--name-only", "--no-renames", "--no-ext-diff", "-z")


class GitFailedError(OSError):
    """Git could not say it."""


@dataclass(frozen=True, slots=True)
class GitState:
    """Ask git about one work folder; paths are relative to it, wherever in its repository it lies."""

    work: Path
    program: str
    environ: Mapping[str, str]

    @property
    def is_root(self) -> bool:
        """Whether the folder is the root of its repository and holds it: no subfolder, and no linked worktree."""
        folder = self.work / ".git"
        return folder.is_dir() and not folder.is_symlink()

    def answers(self) -> bool:
        """Tell whether git knows the folder as one of its work trees."""
        try:
            return self._run("rev-parse", "--is-inside-work-tree").strip() == b"true"
        except OSError:
            return False

    def is_tracked(self, path: str) -> bool:
        """Tell whether git tracks a path, or anything below it."""
        return bool(self._list("ls-files", "-z", "--", f":(literal){path}"))

    def is_new(self, path: str) -> bool:
        """Tell whether there is anything at or below a path that git neither tracks nor ignores: work of somebody."""
        return bool(self._list("ls-files", "--others", "--exclude-standard", "-z", "--", f":(literal){path}"))

    def list_changed(self) -> list[str]:
        """Return tracked files that differ from the last commit, staged or not; submodules are no files."""
        return self._list(*_DIFF, "--ignore-submodules=all", "HEAD")

    def list_changed_submodules(self) -> list[str]:
        """Return submodules that are at another commit, or hold changes of their own."""
        return sorted({*self._list(*_DIFF, "--ignore-submodules=none", "HEAD")} - {*self.list_changed()})

    def list_untracked(self) -> list[str]:
        """Return files and folders that git neither tracks nor ignores."""
        return self._list("ls-files", "--others", "--exclude-standard", "--directory", "--no-empty-directory", "-z")

    def list_ignored(self) -> list[str]:
        """Return files and folders that git ignores."""
        return self._list("ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z")

    def _list(self, *arguments: str) -> list[str]:
        names = [os.fsdecode(name) for name in self._run(*arguments).split(b"\0") if name]
        if len(names) > _MOST:
            raise GitFailedError(f"git {arguments[0]} names more than {_MOST} files, which is too much to set safe")
        return names

    def _run(self, *arguments: str) -> bytes:
        command = [self.program, "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", *arguments]
        try:
            done = subprocess.run(  # noqa: S603 - an argument list of our own
                command, cwd=self.work, env=dict(self.environ), stdin=subprocess.DEVNULL, capture_output=True,
                timeout=_SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise GitFailedError(f"git {arguments[0]} took longer than {_SECONDS:.0f} s") from error
        if done.returncode:
            raise GitFailedError(f"git {arguments[0]}: {done.stderr.decode('utf-8', 'replace').strip()[:500]}")
        return done.stdout


def find_git(work: Path, environ: Mapping[str, str]) -> GitState | None:
    """Return git's view of a folder; None where git is not installed or does not answer for it."""
    program = find_program("git", work, environ.get("PATH", ""))
    state = GitState(work, program, environ) if program else None
    return state if state and state.answers() else None


def lies_in_repository(work: Path) -> bool:
    """Tell whether a folder lies in a repository, by what is on disk."""
    return any(os.path.lexists(folder / ".git") for folder in (work, *work.parents))
