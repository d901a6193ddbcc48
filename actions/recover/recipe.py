"""A recovery recipe: what it is for, what it touches, what it does, and how one knows that it helped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...core.types import Autonomy, Effect

How = Literal["aside", "copy"]
"""How a path is set safe first: moved out of the way, or copied and left in place."""

STEP_SECONDS = 300.0
"""Time of a step that names none."""


@dataclass(frozen=True, slots=True)
class Command:
    """Describe one program call; it never goes through a shell."""

    argv: tuple[str, ...]
    timeout: float = STEP_SECONDS
    """Seconds."""
    ok: tuple[int, ...] = (0,)
    """Exit codes that mean success."""
    may_fail: bool = False
    """Whether the recovery goes on without it; it is then partial at best."""


@dataclass(frozen=True, slots=True)
class FileCopy:
    """Describe one file that is copied within the work folder."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class FileCheck:
    """Describe what must hold for a file afterwards."""

    path: str
    must: Literal["exist", "be_absent", "parse"]


@dataclass(frozen=True, slots=True)
class StaleFile:
    """Describe a file that nobody has open and nobody has written for a while."""

    path: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Fit:
    """Say what must hold before a recipe may run; paths are relative to the work folder."""

    types: tuple[str, ...]
    """Types of failures that it is for."""
    tools: tuple[str, ...] = ()
    """Tools that failed; none: any. A tool that is not known fits, unless ``known`` is set."""
    known: bool = False
    """Whether the tool has to be known."""
    files: tuple[str, ...] = ()
    """Paths that must be there."""
    absent: tuple[str, ...] = ()
    """Paths that must not be there."""
    broken: tuple[str, ...] = ()
    """Files that must be absent or not parse, by their ending: .json, .toml, .yaml."""
    stale: tuple[StaleFile, ...] = ()
    commands: tuple[str, ...] = ()
    """Programs that must be found on the PATH."""
    root: bool = False
    """Whether only the superuser can do it."""


@dataclass(frozen=True, slots=True)
class Touch:
    """Pair a path of the work folder with how it is set safe before anything happens."""

    path: str
    how: How


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hold one recipe; its name is that of its file."""

    name: str
    title: str
    purpose: str
    """What rules ask for, such as ``reinstall_dependencies``; recipes of one purpose serve different tools."""
    fits: Fit
    steps: tuple[Command | FileCopy, ...]
    check: tuple[Command | FileCheck, ...]
    """Decides whether it helped."""
    cost: float
    """Seconds that it usually takes."""
    effect: Effect
    touches: tuple[Touch, ...] = ()
    outside: tuple[str, ...] = ()
    """What else it changes, outside of the work folder, in words; no backup is made of it."""
    back: tuple[Command, ...] = ()
    """The way back where no backup can be."""
    autonomy: Autonomy = "auto"
    """``ask``: a person agrees first, however much is allowed."""
    environ: tuple[str, ...] = ()
    """Environment variables that its steps see besides the usual ones."""
    file: Path | None = None
    """Where it was read."""

    @property
    def commands(self) -> tuple[Command, ...]:
        """All program calls, in order."""
        return tuple(one for one in (*self.steps, *self.check, *self.back) if isinstance(one, Command))
