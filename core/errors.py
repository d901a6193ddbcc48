"""Errors that errclass raises on purpose.

ErrclassError
├── UsageError           the caller's input or options are wrong; the message says what, where and what to do
│   ├── ConfigError      a settings file or variable is wrong
│   └── PolicyError      a rule or rule set is wrong
├── UntrustedError       a model or a file of the working tree is not trusted for what it asks
├── ModelError           a model cannot be loaded or does not fit this version
├── StoreError           the outcome store cannot be used
├── CircuitOpenError     a call was refused, since its operation keeps failing
└── MissingExtraError    an optional dependency is not installed; the message names the extra
"""

from __future__ import annotations


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
        """Seconds until a call may be tried again; infinity where somebody forced it open."""
        wait = "until somebody closes it" if retry_after == float("inf") else f"for {retry_after:.3g} s"
        super().__init__(f"the circuit breaker of {operation!r} refuses calls {wait}")


class MissingExtraError(ErrclassError):
    """An optional dependency is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed; install it with: pip install 'errclass[{extra}]'")
