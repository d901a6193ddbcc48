"""Tell which lines of a log belong to a step that failed, that went well, or that only cleans up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .step_events import SCANS, StepEvent

StepEnd = Literal["failed", "passed", "after"]
"""``after``: a step that only cleans up or reports, whatever became of the others."""
_ORDER: tuple[StepEnd, ...] = ("after", "passed", "failed")
"""Where two systems judge a line, one within the other, the first of these counts."""


@dataclass(slots=True)
class _Step:
    name: str = ""
    end: StepEnd | None = None


@dataclass(slots=True)
class _Track:
    """Follow the events of one system through a log."""

    open: list[_Step] = field(default_factory=lambda: [_Step()])
    """The steps that run, outermost first; the first stands for what belongs to none."""
    named: dict[str, _Step] = field(default_factory=dict)
    all: list[_Step] = field(default_factory=list)

    def follow(self, event: StepEvent) -> None:
        match event.kind:
            case "open":
                self._push(event.name)
            case "close":
                del self.open[max(1, len(self.open) - 1) :]
            case "start" | "resume" | "post":
                del self.open[1:]
                self._enter(event)
            case "pass":
                self.open[-1].end = self.open[-1].end or "passed"
            case "fail":
                self._fail(event.name)
            case "skip":
                self.open[-1].end = "after"
            case "settle":
                self._settle()

    def _push(self, name: str) -> None:
        # A block without a name is no step of its own.
        self.open.append(self._new(name) if name else self.open[-1])

    def _enter(self, event: StepEvent) -> None:
        if event.kind == "resume":
            if event.name:
                self.open.append(self.named.get(event.name) or self._new(event.name))
        elif event.kind == "post":
            self.open.append(_Step(event.name, "after"))
            self.all.append(self.open[-1])
        else:
            self.open.append(self._new(event.name))

    def _new(self, name: str) -> _Step:
        step = _Step(name)
        self.named[name] = step
        self.all.append(step)
        return step

    def _fail(self, name: str) -> None:
        for step in [self.named[name]] if name in self.named else self.open[1:] or self.open:
            if step.end != "after":
                step.end = "failed"

    def _settle(self) -> None:
        """Blame the step that ran last, unless another one is known to have failed."""
        undecided = [step for step in self.all if step.end is None]
        if undecided and not any(step.end == "failed" for step in self.all):
            undecided[-1].end = "failed"

    def conclude(self) -> None:
        """Where a step is known to have failed, those that are not known to have went well."""
        if any(step.end == "failed" for step in (self.open[0], *self.all)):
            for step in self.all:
                step.end = step.end or "passed"


@dataclass(frozen=True, slots=True)
class Steps:
    """Hold what is known of the steps of a log."""

    ends: Sequence[Sequence[StepEnd | None]] = ()
    """Per system the end of each line's step."""
    marks: frozenset[int] = frozenset()
    """Indexes of lines that do nothing but begin or end a step."""

    def end_of(self, line: int) -> StepEnd | None:
        """Return how the step of a line ended; None where the log does not tell."""
        if not self.ends:
            return None
        found = {ends[line] for ends in self.ends}
        return next((end for end in _ORDER if end in found), None)


def find_steps(text: str, lines: Sequence[str]) -> Steps:
    """Return the steps of a log, as far as its CI system or build tool marks them; ``lines`` are those of the text."""
    ends: list[list[StepEnd | None]] = []
    marks: set[int] = set()
    for needles, scan in SCANS:
        if any(needle in text for needle in needles):
            events = list(scan(lines))
            if events:
                ends.append(_follow(events, len(lines)))
                marks.update(event.line for event in events if event.kind in ("start", "open", "close", "post"))
    return Steps(ends, frozenset(marks))


def _follow(events: Iterable[StepEvent], total: int) -> list[StepEnd | None]:
    track = _Track()
    owners: list[_Step] = []
    for event in events:
        # What fails or ends a step belongs to it; what begins one to the new one.
        owners.extend([track.open[-1]] * (event.line - len(owners)))
        if event.kind in ("fail", "pass", "settle", "close") and len(owners) == event.line:
            owners.append(track.open[-1])
        track.follow(event)
    owners.extend([track.open[-1]] * (total - len(owners)))
    track.conclude()
    return [step.end for step in owners]
