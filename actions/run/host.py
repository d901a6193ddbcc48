"""What a run needs of the operating system, and which of the two ways this one has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from .kept_output import KeptOutput
from .values import Call, Ended

if TYPE_CHECKING:
    from threading import Event

T = TypeVar("T")


class StartableCall(Protocol):
    """Hold one call of a command from its start to what is left of it afterwards."""

    def run(self) -> Ended:
        """Start the command and return how it ended, once its output is written."""
        ...

    def end_rest(self) -> None:
        """End whatever the command left running, as far as that can be told, and close everything."""
        ...

    def let_go(self) -> None:
        """Leave what the command left running alone."""
        ...


class Host(Protocol):
    """Run commands here."""

    @property
    def ended_by(self) -> int | None:
        """The first signal by which somebody stopped the run."""
        ...

    def prepare(self, call: Call, kept: KeptOutput) -> StartableCall:
        """Return a call that can be started; raise OSError where no pipe or terminal is to be had."""
        ...

    def obstacle(self) -> str:
        """Return why a further call would not read the same standard input; nothing where it would."""
        ...

    def wait(self, seconds: float, tell: Callable[[float], None]) -> bool:
        """Wait, tell how many seconds are left now and then, and return whether nobody stopped the run meanwhile."""
        ...

    def can_ask(self) -> bool:
        """Tell whether a person can be asked now."""
        ...

    def ask(self, show: Callable[[], None], seconds: float | None) -> str:
        """Show a question and return what is typed after that; nothing where time is up or the run was stopped."""
        ...

    def carry_out(self, work: Callable[[Event], T]) -> T:
        """Do something between two calls; the event that it gets is set once somebody stops the run."""
        ...

    def leave_behind(self, work: Callable[[], None]) -> None:
        """Do something that nobody shall wait for."""
        ...

    def release(self) -> None:
        """Leave signals to what they did before."""
        ...


def open_host(*, replay: bool) -> Host:
    """Return the way to run commands on this system, from now on; ``replay``: each call reads the same input."""
    try:
        import termios  # noqa: F401 - where it is missing, so are the signals and processes that it comes with
    except ImportError:
        from .plain_host import PlainHost

        return PlainHost(replay=replay)
    from .posix_host import PosixHost

    return PosixHost(replay=replay)
