"""Carry one recipe out as a transaction: set safe, step by step, check, and commit or roll back."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ...core.frozen import FrozenDict
from .base_python import find_base_pythons
from .confinement import locate
from .context import RecoveryContext
from .environment import reduce_environment
from .file_search import search_files
from .forbidden import LOCKFILES
from .journal import Entry, Journal
from .placeholders import fill_in
from .recipe import Command, FileCheck, FileCopy, Recipe
from .results import RecoveryResult
from .safekeeping import is_there, name_draft, remove_draft
from .settings_formats import parses
from .step_runner import Ran, StepRunner
from .touched_paths import list_touched
from .transaction import Transaction, WayBack

_SHOWN_OUTPUT = 4000
_SEARCH_DEPTH = 3
_MOST_GUARDED = 200


@dataclass(frozen=True, slots=True)
class Order:
    """Name a recovery that is to be carried out."""

    recipe: Recipe
    context: RecoveryContext
    id: str
    root: Path
    """Folder of the journals."""
    locks: tuple[str, ...]
    timeout: float
    environ: Mapping[str, str]
    cancelled: threading.Event


class StepFailedError(Exception):
    """A step or a check did not come out as it has to."""

    def __init__(self, reason: str, detail: str, output: str = "") -> None:
        super().__init__(detail)
        self.reason, self.detail, self.output = reason, detail, output


class Performance:
    """Carry one order out."""

    def __init__(self, order: Order) -> None:
        self._order, self._recipe = order, order.recipe
        self._values = order.context.values
        environ = reduce_environment(order.environ, order.id, order.recipe.environ)
        deadline = time.monotonic() + order.timeout
        self._runner = StepRunner(
            order.context.work,
            environ,
            deadline=deadline,
            cancelled=order.cancelled,
            programs=find_base_pythons(order.recipe, order.context.work),
        )
        self._done: list[str] = []
        self._weak: list[str] = []
        """Optional steps that failed."""

    def perform(self) -> RecoveryResult:
        """Return what became of it; nothing is raised but what nobody could foresee, and that after the way back."""
        try:
            transaction = self._begin()
        except OSError as error:
            return self._fail("backup_failed", str(error))
        try:
            self.perform_in(transaction)
            return self._commit(transaction)
        except StepFailedError as error:
            return self._return(transaction, error)
        except OSError as error:
            return self._return(transaction, StepFailedError("backup_failed", str(error)))
        except BaseException:
            transaction.roll_back(self._order.environ)
            raise

    def perform_in(self, transaction: Transaction) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Do it as a part of a transaction; return what was done, and the optional steps that failed.

        Raises StepFailedError or OSError, and leaves the way back to whoever holds the transaction.
        """
        self._set_safe(transaction)
        self._take_steps(transaction)
        self._check(transaction)
        return tuple(self._done), tuple(self._weak)

    def _begin(self) -> Transaction:
        order = self._order
        journal = Journal.open_new(
            order.root,
            order.id,
            name=self._recipe.name,
            work=order.context.work,
            back=[self._fill(command) for command in self._recipe.back],
            locks=order.locks,
            environ=self._recipe.environ,
        )
        return Transaction(journal, order.context.work)

    def _set_safe(self, transaction: Transaction) -> None:
        for path in find_lockfiles(self._order.context.work):
            transaction.keep(path, "copy", guard=True)
        for touch in list_touched(self._recipe, self._order.context):
            entry = transaction.keep(touch.path, touch.how)
            if entry.was_there:
                self._done.append(f"{'set aside' if touch.how == 'aside' else 'backed up'} {touch.path}")

    def _take_steps(self, transaction: Transaction) -> None:
        for step in self._recipe.steps:
            if isinstance(step, FileCopy):
                self._copy(step)
            else:
                argv = self._fill(step)
                transaction.journal.note_step(argv)
                if self._run(step, "step_failed"):
                    transaction.journal.note_passed(argv)

    def _copy(self, step: FileCopy) -> None:
        source, target = (fill_in(text, self._values) for text in (step.source, step.target))
        work = self._order.context.work
        place = locate(work, target)
        data, mode = locate(work, source).read_bytes(), 0o600 if not is_there(place) else place.stat().st_mode & 0o777
        draft = name_draft(place)
        remove_draft(place)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        draft.replace(place)
        self._done.append(f"copied {source} to {target}")

    def _check(self, transaction: Transaction) -> None:
        for check in self._recipe.check:
            if isinstance(check, FileCheck):
                self._look(check)
            else:
                transaction.journal.note_step(self._fill(check))
                self._run(check, "check_failed")
        changed = transaction.find_changed_guards()
        if changed:
            raise StepFailedError("lockfile_changed", f"a step changed {', '.join(changed)}")

    def _look(self, check: FileCheck) -> None:
        path = fill_in(check.path, self._values)
        place = locate(self._order.context.work, path)
        holds = {"exist": is_there, "be_absent": lambda one: not is_there(one), "parse": parses}[check.must](place)
        if not holds:
            raise StepFailedError("check_failed", f"{path} does not {check.must.replace('be_', 'be ')}")

    def _run(self, command: Command, reason: str) -> bool:
        """Return whether it ran to a good end; raise StepFailedError where it has to and did not."""
        ran = self._runner.run(self._fill(command), command.timeout)
        if ran.end == "exited" and ran.exit_code in command.ok:
            self._done.append(f"ran {_join(ran)}")
            return True
        if command.may_fail and ran.end != "cancelled":
            self._weak.append(f"{_join(ran)} {_describe_end(ran)}")
            return False
        word = ran.end if ran.end in {"timed_out", "cancelled"} else reason
        raise StepFailedError(word, f"{_join(ran)} {_describe_end(ran)}", ran.output)

    def _fill(self, command: Command) -> tuple[str, ...]:
        return tuple(fill_in(argument, self._values) for argument in command.argv)

    def _commit(self, transaction: Transaction) -> RecoveryResult:
        def is_worth_keeping(entry: Entry) -> bool:  # settings that were replaced; folders were made by tools
            return entry.how == "copy" and not entry.guard and not (transaction.saved / str(entry.number)).is_dir()

        backup = transaction.commit(is_worth_keeping)
        details = {"backup": str(backup)} if backup else {}
        if self._weak:
            details["failed_steps"] = "; ".join(self._weak)
        outcome = RecoveryResult("success", "", self._recipe.name, tuple(self._done), details=FrozenDict(details))
        return replace(outcome, outcome="partial", reason="optional_step_failed") if self._weak else outcome

    def _return(self, transaction: Transaction, error: StepFailedError) -> RecoveryResult:
        way_back = transaction.roll_back(self._order.environ)
        result = self._fail(error.reason, error.detail, error.output)
        return describe_way_back(result, way_back, self._recipe)

    def _fail(self, reason: str, detail: str, output: str = "") -> RecoveryResult:
        details = {"fault": detail, **({"output": output[-_SHOWN_OUTPUT:]} if output else {})}
        return RecoveryResult("failed", reason, self._recipe.name, tuple(self._done), details=FrozenDict(details))


def describe_way_back(result: RecoveryResult, way_back: WayBack, recipe: Recipe) -> RecoveryResult:
    """Return a failure with what was put back, what could not be, and what no backup covers."""
    details = dict(result.details)
    if recipe.outside:
        details["not_covered"] = "; ".join(recipe.outside)
    if way_back.faults:
        details["roll_back_faults"] = "; ".join(way_back.faults)
    reason = "roll_back_failed" if way_back.faults else result.reason
    return replace(result, reason=reason, restored=way_back.restored, details=FrozenDict(details))


def find_lockfiles(work: Path) -> list[str]:
    """Return the lockfiles of a work folder and of projects a little below it, relative and in order."""
    return sorted(path.relative_to(work).as_posix() for path in search_files(work, LOCKFILES, _SEARCH_DEPTH))[
        :_MOST_GUARDED
    ]


def _join(ran: Ran) -> str:
    return " ".join(ran.argv)


def _describe_end(ran: Ran) -> str:
    if ran.end == "timed_out":
        return "took too long"
    if ran.end == "cancelled":
        return "was cancelled"
    return f"could not be started: {ran.output}" if ran.end == "not_started" else f"exited with {ran.exit_code}"
