"""Errors that errclass raises on purpose.

ErrclassError
├── UsageError           the caller's input or options are wrong; the message says what, where and what to do
│   ├── ConfigError      a settings file or variable is wrong
│   └── PolicyError      a rule or rule set is wrong
├── UntrustedError       a model or a file of the working tree is not trusted for what it asks
├── ModelError           a model cannot be loaded or does not fit this version
├── StoreError           the outcome store cannot be used
├── CircuitOpenError     a call was refused, since its operation keeps failing
├── ServiceError         an errclass service refused a request, or could not be reached
└── MissingExtraError    an optional dependency is not installed; the message names the extra or the package
"""

from __future__ import annotations

from typing import Any


class ErrclassError(Exception):
    """Root of all errors that errclass raises on purpose."""


class UsageError(ErrclassError):
    """The caller's input or options are wrong."""


class ConfigError(UsageError):
    """A settings file or variable is wrong."""


class PolicyError(UsageError):
    """A rule or rule set is wrong."""


class UntrustedError(ErrclassError):
    """Something asks for more than it is trusted for."""


class ModelError(ErrclassError):
    """A model cannot be loaded or does not fit this version."""


class StoreError(ErrclassError):
    """The outcome store cannot be used."""


class CircuitOpenError(ErrclassError):
    """A call was refused by an open circuit breaker."""

    def __init__(self, operation: str, retry_after: float) -> None:
        self.operation = operation
        self.retry_after = retry_after
        """Seconds until a call may be tried again: infinity where it is forced open, 0 while another call tries."""
        super().__init__(f"the circuit breaker of {operation!r} refuses calls {_describe_wait(retry_after)}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what makes it anew in another process; its message alone would not."""
        return type(self), (self.operation, self.retry_after), self.__dict__


class ServiceError(ErrclassError):
    """An errclass service refused a request, or could not be reached."""

    def __init__(
        self, message: str, *, status: int | None = None, advice: str = "", retry_after: float | None = None
    ) -> None:
        self.status = status
        """The HTTP status; None where no answer came."""
        self.advice = advice
        """What to do about it."""
        self.retry_after = retry_after
        """Seconds that the service asked to wait; None where it did not."""
        self._message = message
        super().__init__(f"{message}; {advice}" if advice else message)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what makes it anew in another process, likewise."""
        return type(self), (self._message,), self.__dict__ | {"args": self.args}


class MissingExtraError(ErrclassError):
    """An optional dependency is not installed; ``extra`` None: it is none of ours, but the user's own."""

    def __init__(self, package: str, extra: str | None = None) -> None:
        self._missing = (package, extra)
        wanted = package if extra is None else f"'errclass[{extra}]'"
        super().__init__(f"{package} is not installed; install it with: pip install {wanted}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what makes it anew in another process, likewise."""
        return type(self), self._missing, self.__dict__


def _describe_wait(seconds: float) -> str:
    if seconds == float("inf"):
        return "until somebody closes it"
    return f"for {seconds:.3g} s" if seconds > 0 else "just now, while another call tries whether it works again"
