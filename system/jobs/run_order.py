"""What ``errclass run`` is asked for, and what it says of itself meanwhile; nothing heavy is imported here."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from ...actions.run.values import Ended

if TYPE_CHECKING:
    from ...actions.recover import RecoveryResult
    from .run_verdict import Verdict

Recover = Literal["off", "ask", "auto"]

MARKER = "ERRCLASS_RUN_ID"
"""Set for the command and all it starts: a run within a run repeats nothing."""
ATTEMPT = "ERRCLASS_RUN_ATTEMPT"
_WORD = re.compile(r"[a-z][a-z0-9:_-]{0,40}")


class RunOrder(NamedTuple):
    """Say which command is run, and within which limits; times in seconds."""

    command: tuple[str, ...]
    attempts: int | None = None
    """Calls in all, at most; None: as many as the plan and the settings allow."""
    deadline: float | None = None
    """For all calls and waits together."""
    attempt_timeout: float | None = None
    """For each call."""
    effect: str | None = None
    operation: str | None = None
    recover: Recover | None = None
    """Whether recoveries are carried out; None: as the settings say."""
    replay: bool = False
    """Whether each call is given the same standard input."""
    notify: bool = False
    """Whether people are told of its end; else as the settings say."""
    report: str | None = None
    """File for a report of the run."""
    quiet: bool = False
    as_json: bool = False
    context: Mapping[str, Any] = {}
    """Further fields of the context."""

    @property
    def stated(self) -> dict[str, Any]:
        """Return all fields of the context that the user stated."""
        return {**self.context, **({"effect": self.effect} if self.effect else {})}

    @property
    def name(self) -> str:
        """Return the operation's name: as given, or the program's with the first word that follows it."""
        if self.operation:
            return self.operation
        program = self.command[0].rpartition(os.sep)[2]
        words = [word for word in self.command[1:2] if _WORD.fullmatch(word)]
        return " ".join([program, *words])


class FinishedCall(NamedTuple):
    """Hold one call that has ended."""

    number: int
    ended: Ended
    output: bytes
    """What was kept of its output."""
    output_bytes: int = 0
    """How much there was of it."""


class Prospect(NamedTuple):
    """Hold what is known of a further call before it is decided on."""

    obstacle: str = ""
    """Why it would not be the same call; empty where it would."""
    seconds_left: float | None = None
    """Until the deadline; None: there is none."""
    can_ask: bool = False
    """Whether a person can be asked."""


class Step(NamedTuple):
    """Hold one call with what was decided about it; nothing is where it succeeded or was cancelled."""

    call: FinishedCall
    verdict: Verdict | None = None
    recovery: RecoveryResult | None = None
    """What became of the recovery after it, where there was one."""


class RunScreen(Protocol):
    """What a person sees of a run besides the command's own output."""

    def show(self, step: Step) -> None:
        """Say what failed, why, and what comes next."""
        ...

    def count_down(self, seconds: float) -> None:
        """Say how long it is until the next call; 0 at its end."""
        ...

    def ask(self) -> None:
        """Ask whether to carry out the recovery that was shown."""
        ...

    def show_recovery(self, step: Step) -> None:
        """Say what became of a recovery."""
        ...

    def give_up(self, reason: str) -> None:
        """Say why the next call is not made after all."""
        ...

    def say(self, message: str) -> None:
        """Say what went as it should."""
        ...

    def complain(self, message: str) -> None:
        """Say what errclass itself could not do."""
        ...


class Told(NamedTuple):
    """Hold what people were told of the end of a run."""

    message: str
    """One line about it."""
    well: bool = False
    """Whether they know it by now, or knew it before."""
    channels: Mapping[str, str] = {}
    """What became of the message, by channel."""


class RunResult(NamedTuple):
    """Hold how a run ended."""

    order: RunOrder
    operation_id: str
    steps: tuple[Step, ...]
    stopped_by: int | None = None
    """The signal by which somebody stopped it between two calls."""
    told: Told | None = None
    """What people were told; None where they were not to be told anything."""

    @property
    def ended(self) -> Ended:
        """Return how the last call ended."""
        return self.steps[-1].call.ended
