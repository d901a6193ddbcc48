"""The course of one reset: take away what can be made again, then what is not committed, then install anew."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...core.types import Classification
from ..recover.carrying_out import Order, Performance, StepFailedError
from ..recover.confinement import LeavesFolderError, locate
from ..recover.context import RecoveryContext
from ..recover.environment import reduce_environment
from ..recover.fitting import find_obstacle
from ..recover.journal import Entry, Journal
from ..recover.recipe import Recipe
from ..recover.safekeeping import is_there
from ..recover.step_runner import StepRunner
from ..recover.transaction import Transaction
from .git_state import GitState, find_git, lies_in_repository
from .levels import ResetKind, is_made_by_tools, list_generated
from .results import ResetResult
from .user_data import is_user_data, list_removable

_PURPOSE = "reinstall_dependencies"
_INDEX = ".git/index"
_GIT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class ResetOrder:
    """Name a reset that is to be done."""

    id: str
    kind: ResetKind
    work: Path
    root: Path
    """Folder of the journals and backups."""
    environ: Mapping[str, str]
    recipes: Sequence[Recipe]
    timeout: float
    cancelled: threading.Event
    allow_destructive: bool
    preserve_user_data: bool
    keep_backup: bool


class ResetCourse:
    """Do one reset."""

    def __init__(self, order: ResetOrder) -> None:
        self._order, self._work = order, order.work
        self._deadline = time.monotonic() + order.timeout
        self._environ = reduce_environment(order.environ, order.id)
        self._git = find_git(order.work, self._environ)
        self._done: list[str] = []
        self._left_out: list[str] = []
        """What belongs to this kind of reset and was not done."""
        self._own: set[str] = set()
        """The user's own paths that were replaced or removed: their backups stay."""

    def run(self) -> ResetResult:
        """Return what became of it; where anything fails, all is as it was."""
        order = self._order
        journal = Journal.open_new(order.root, order.id, name=order.kind, work=self._work, locks=(str(self._work),))
        transaction = Transaction(journal, self._work)
        try:
            self._take_parts(transaction)
            return self._commit(transaction)
        except StepFailedError as error:
            return self._return(transaction, error.reason, error.detail)
        except OSError as error:
            return self._return(transaction, "backup_failed", str(error))
        except BaseException:
            transaction.roll_back(order.environ)
            raise

    def _take_parts(self, transaction: Transaction) -> None:
        kind = self._order.kind
        self._take_generated(transaction)
        if kind in {"hard", "full"}:
            self._take_uncommitted(transaction)
        if kind != "soft":
            self._install(transaction)

    def _take_generated(self, transaction: Transaction) -> None:
        if self._git is None and lies_in_repository(self._work):
            self._left_out.append("git cannot say which files of this repository are its own, so that none is removed")
            return
        for path in list_generated(self._order.kind):
            if self._is_generated(path):
                self._put_aside(transaction, path)

    def _is_generated(self, path: str) -> bool:
        """Tell whether a path is there and no source: names such as build are also given to folders of code."""
        try:
            if not is_there(locate(self._work, path)):
                return False
        except LeavesFolderError:
            self._left_out.append(f"{path} leads out of the folder")
            return False
        unmistakable = path.startswith(".") or path == "node_modules/.cache"
        if self._git is None:
            return unmistakable
        return not self._git.is_tracked(path) and (unmistakable or not self._git.is_new(path))

    def _take_uncommitted(self, transaction: Transaction) -> None:
        if not self._order.allow_destructive:
            self._left_out.append("uncommitted changes and untracked files stay, for that was not allowed")
        elif self._git is None or not self._git.is_root:
            self._left_out.append("the folder is no root of a git repository")
        else:
            self._take_back_changes(transaction, self._git)
            self._take_untracked(transaction, self._git)

    def _take_back_changes(self, transaction: Transaction, git: GitState) -> None:
        preserve = self._order.preserve_user_data
        self._left_out += [f"the submodule {path} has changes, and stays" for path in git.list_changed_submodules()]
        changed = [path for path in git.list_changed() if not (preserve and is_user_data(Path(path).name))]
        if not changed:
            return
        transaction.keep(_INDEX, "copy")
        for path in changed:
            self._keep_own(transaction, path, "copy")
        listed = transaction.journal.folder / "changed"
        listed.write_bytes(b"\0".join(path.encode("utf-8", "surrogateescape") for path in changed))
        self._restore(transaction, listed)
        left = set(git.list_changed()) & set(changed)
        if left:
            raise StepFailedError("check_failed", f"{min(left)} still differs from the last commit")
        self._done.append(f"took back uncommitted changes of {len(changed)} files")

    def _restore(self, transaction: Transaction, listed: Path) -> None:
        """Have the listed files as in the last commit; HEAD, branches and their history stay as they are."""
        quiet = ("git", "--literal-pathspecs", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false")
        what = ("restore", "--source=HEAD", "--staged", "--worktree")
        self._call(transaction, *quiet, *what, f"--pathspec-from-file={listed}", "--pathspec-file-nul")

    def _take_untracked(self, transaction: Transaction, git: GitState) -> None:
        found = git.list_untracked() + (git.list_ignored() if self._order.kind == "full" else [])
        for path in self._without_kept(found):
            if is_there(self._work / path):
                self._keep_own(transaction, path, "aside")
                self._done.append(f"removed untracked {path}")

    def _without_kept(self, paths: list[str]) -> Iterator[str]:
        for path in paths:
            yield from list_removable(self._work, path, preserve=self._order.preserve_user_data)

    def _keep_own(self, transaction: Transaction, path: str, how: str) -> None:
        transaction.keep(path, how)
        self._own.add(path)

    def _put_aside(self, transaction: Transaction, path: str) -> None:
        preserve = self._order.preserve_user_data and not is_made_by_tools(path)
        for part in list(list_removable(self._work, path, preserve=preserve)):
            transaction.keep(part, "aside")
            self._done.append(f"removed {part}")

    def _install(self, transaction: Transaction) -> None:
        context = RecoveryContext(self._work)
        for recipe in self._order.recipes:
            if recipe.purpose != _PURPOSE or recipe.autonomy == "ask":
                continue
            answer = Classification("persistent", recipe.fits.types[0], "medium", False, 1.0, "fix_dependencies")
            obstacle = find_obstacle(recipe, answer, context, self._environ)
            if obstacle is None:
                self._perform(recipe, context, transaction)
            elif obstacle.reason == "command_missing":
                self._left_out.append(f"{recipe.name}: {obstacle.detail}")

    def _perform(self, recipe: Recipe, context: RecoveryContext, transaction: Transaction) -> None:
        order = Order(
            recipe=recipe,
            context=context,
            id=self._order.id,
            root=self._order.root,
            locks=(),
            timeout=max(0.0, self._deadline - time.monotonic()),
            environ=self._order.environ,
            cancelled=self._order.cancelled,
        )
        done, weak = Performance(order).perform_in(transaction)
        self._done += done
        self._left_out += weak

    def _call(self, transaction: Transaction, *argv: str) -> None:
        runner = StepRunner(self._work, self._environ, deadline=self._deadline, cancelled=self._order.cancelled)
        transaction.journal.note_step(argv)
        ran = runner.run(argv, _GIT_SECONDS)
        if ran.end != "exited" or ran.exit_code != 0:
            word = ran.end if ran.end in {"timed_out", "cancelled"} else "step_failed"
            raise StepFailedError(word, f"{argv[0]} failed: {ran.output[-500:]}")

    def _commit(self, transaction: Transaction) -> ResetResult:
        if self._order.cancelled.is_set():
            return self._return(transaction, "cancelled", "it was cancelled")

        def is_worth_keeping(entry: Entry) -> bool:
            return self._order.keep_backup and entry.path in self._own and not entry.guard

        backup = transaction.commit(is_worth_keeping)
        result = ResetResult(
            self._order.kind, "success", actions=tuple(self._done), backup=backup, reset_id=self._order.id
        )
        if self._left_out:
            return replace(result, outcome="partial", reason="left_out", message="; ".join(self._left_out))
        return replace(result, message=f"{len(self._done)} things were done" if self._done else "it was clean already")

    def _return(self, transaction: Transaction, reason: str, detail: str) -> ResetResult:
        way_back = transaction.roll_back(self._order.environ)
        if way_back.faults:
            reason, detail = "roll_back_failed", f"{detail}; {'; '.join(way_back.faults)}"
        return ResetResult(
            self._order.kind, "failed", reason, detail, tuple(self._done), way_back.restored, reset_id=self._order.id
        )
