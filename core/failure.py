"""Build a ``Failure`` from what the caller has: a text, an exception, a finished command."""

from __future__ import annotations

from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from .frozen import FrozenDict
from .masking import mask_secrets
from .responses import read_response
from .text import decode_text, replace_surrogates
from .types import Context, Failure

MAX_TEXT_CHARS = 8 << 20
"""A longer text keeps its first quarter and its last three: failures explain themselves near the end."""
_CONTEXT_FIELDS = tuple(field.name for field in fields(Context))
_read_fields = attrgetter(*_CONTEXT_FIELDS)
_MAX_FRAMES = 32
"""Of one traceback, counted from where it was raised."""


def failure_from_text(text: str | bytes, *, logs: str | bytes = "", context: Context | None = None) -> Failure:
    """Build a failure from an error message and, if there is one, the log around it."""
    joined = "\n".join(part for part in (_as_text(logs), _as_text(text)) if part)
    return Failure(text=_bound(joined), context=context or Context())


def failure_from_exception(error: BaseException, *, logs: str | bytes = "", context: Context | None = None) -> Failure:
    """Build a failure from an exception: its traceback with causes, its type and, where it has one, its exit code."""
    kind = type(error)
    response = "\n".join(read_response(error).as_lines())
    parts = [_as_text(logs), _command_output(error), _format_exception(error), response]
    return Failure(
        text=_bound("\n".join(part for part in parts if part)),
        exception_type=f"{kind.__module__}.{kind.__qualname__}",
        exit_code=_exit_code(error),
        context=context or Context(),
    )


def failure_from_command(output: str | bytes, exit_code: int, *, context: Context | None = None) -> Failure:
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
    """Return the failure with the secrets of its text and context masked: the only text that later stages may see."""
    text, context = mask_secrets(failure.text), mask_context(failure.context)
    if text is failure.text and context is failure.context:
        return failure
    return replace(failure, text=text, context=context)


def mask_context(context: Context) -> Context:
    """Return the context with the secrets in its fields and metadata masked."""
    given = zip(_CONTEXT_FIELDS, _read_fields(context), strict=True)
    texts = {name: value for name, value in given if isinstance(value, str)}
    if not texts and not context.metadata:
        return context
    metadata = {str(key): str(value) for key, value in context.metadata.items()}
    lines = [*texts.values(), *(f"{key}={value}" for key, value in metadata.items())]
    # One call for all: a context without secrets, the rule, then costs next to nothing.
    if mask_secrets("\n".join(lines)) == "\n".join(lines):
        return context
    masked = {key: _mask_value(key, value) for key, value in metadata.items()}
    changes: dict[str, Any] = {name: mask_secrets(value) for name, value in texts.items()}
    return replace(context, metadata=FrozenDict(masked), **changes)


def signal_name(exit_code: int) -> str | None:
    """Name the signal behind an exit code: -9 and 137 are ``SIGKILL``; None where there is none."""
    import signal

    number = -exit_code if exit_code < 0 else exit_code - 128
    try:
        return signal.Signals(number).name
    except ValueError:
        return None


def _mask_value(key: str, value: str) -> str:
    """Mask a value knowing its name, which may be all that tells that it is a secret."""
    masked = mask_secrets(f"{key}={value}")
    return masked.removeprefix(f"{key}=") if masked.startswith(f"{key}=") else mask_secrets(value)


def _as_text(value: str | bytes) -> str:
    return decode_text(value) if isinstance(value, bytes) else replace_surrogates(value)


def _bound(text: str) -> str:
    if len(text) <= MAX_TEXT_CHARS:
        return text
    return text[: MAX_TEXT_CHARS // 4] + "\n" + text[-3 * (MAX_TEXT_CHARS // 4) :]


def _format_exception(error: BaseException) -> str:
    import traceback

    # TracebackException survives cycles in __cause__ and exceptions whose str() raises, but not everything that a
    # foreign class may do, and describing a failure must not become the next one.
    try:
        lines = traceback.TracebackException.from_exception(error, limit=-_MAX_FRAMES).format()
        return replace_surrogates("".join(lines).rstrip("\n"))
    except Exception:  # noqa: BLE001 - see above
        return f"{type(error).__name__}: <cannot be shown>"


def _read_attribute(error: BaseException, name: str) -> Any:
    # A property of a foreign exception may raise anything.
    try:
        return getattr(error, name, None)
    except Exception:  # noqa: BLE001 - see above
        return None


def _command_output(error: BaseException) -> str:
    """Return what a failed command printed (``subprocess.CalledProcessError`` and look-alikes keep it)."""
    streams = (_read_attribute(error, name) for name in ("stdout", "stderr"))
    return "\n".join(_as_text(stream) for stream in streams if isinstance(stream, (str, bytes)) and stream)


def _exit_code(error: BaseException) -> int | None:
    # SystemExit keeps it in `code`; the `code` of other exceptions means other things.
    for name in ("code",) if isinstance(error, SystemExit) else ("returncode", "exit_code"):
        value = _read_attribute(error, name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None
