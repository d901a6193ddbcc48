"""Build a ``Failure`` from what the caller has: a text, an exception, a finished command."""

from __future__ import annotations

import signal
import traceback
from dataclasses import replace

from .masking import mask_secrets
from .text import decode_text
from .types import Context, Failure

MAX_TEXT_CHARS = 8 << 20
"""A longer text keeps its first quarter and its last three: failures explain themselves near the end."""
_MAX_CHAIN = 16


def failure_from_text(text: str | bytes, *, logs: str | bytes = "", context: Context | None = None) -> Failure:
    """Build a failure from an error message and, if there is one, the log around it."""
    joined = "\n".join(part for part in (_as_text(logs), _as_text(text)) if part)
    return Failure(text=_bound(joined), context=context or Context())


def failure_from_exception(
    error: BaseException, *, logs: str | bytes = "", context: Context | None = None
) -> Failure:
    """Build a failure from an exception: its traceback with causes, its type and, where it has one, its exit code."""
    kind = type(error)
    parts = [_as_text(logs), _command_output(error), _format_exception(error)]
    return Failure(
        text=_bound("\n".join(part for part in parts if part)),
        exception_type=f"{kind.__module__}.{kind.__qualname__}",
        exit_code=_exit_code(error),
        context=context or Context(),
    )


def failure_from_command(
    output: str | bytes, exit_code: int, *, context: Context | None = None
) -> Failure:
    """Build a failure from a finished command: its output and its exit code (negative: killed by that signal)."""
    return Failure(text=_bound(_as_text(output)), exit_code=exit_code, context=context or Context())


def to_failure(
    error: str | bytes | BaseException | Failure, *, logs: str | bytes = "", context: Context | None = None
) -> Failure:
    """Build a failure from whatever the caller has; a ``Failure`` is taken as it is.

    Raises TypeError for anything else.
    """
    if isinstance(error, Failure):
        return replace(error, context=context) if context is not None else error
    if isinstance(error, BaseException):
        return failure_from_exception(error, logs=logs, context=context)
    if isinstance(error, (str, bytes)):
        return failure_from_text(error, logs=logs, context=context)
    raise TypeError(f"expected text, bytes, an exception or a Failure, got {type(error).__name__}")


def mask_failure(failure: Failure) -> Failure:
    """Return the failure with its secrets masked: the only text that later stages may see."""
    return replace(failure, text=mask_secrets(failure.text))


def signal_name(exit_code: int) -> str | None:
    """Name the signal behind an exit code: -9 and 137 are ``SIGKILL``; None where there is none."""
    number = -exit_code if exit_code < 0 else exit_code - 128
    try:
        return signal.Signals(number).name
    except ValueError:
        return None


def _as_text(value: str | bytes) -> str:
    return decode_text(value) if isinstance(value, bytes) else value


def _bound(text: str) -> str:
    if len(text) <= MAX_TEXT_CHARS:
        return text
    return text[: MAX_TEXT_CHARS // 4] + "\n" + text[-3 * (MAX_TEXT_CHARS // 4) :]


def _format_exception(error: BaseException) -> str:
    # TracebackException survives cycles in __cause__ and exceptions whose str() raises.
    return "".join(traceback.TracebackException.from_exception(error, limit=_MAX_CHAIN).format()).rstrip("\n")


def _command_output(error: BaseException) -> str:
    """Return what a failed command printed (``subprocess.CalledProcessError`` and look-alikes keep it)."""
    streams = (getattr(error, name, None) for name in ("stdout", "stderr"))
    return "\n".join(_as_text(stream) for stream in streams if isinstance(stream, (str, bytes)) and stream)


def _exit_code(error: BaseException) -> int | None:
    for name in ("returncode", "exit_code"):
        value = getattr(error, name, None)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None
