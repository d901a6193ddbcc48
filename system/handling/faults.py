"""What errclass itself fails at while it handles a failure."""

from __future__ import annotations

import logging
from contextlib import suppress

from ...core.errors import ErrclassError
from ...core.masking import mask_secrets
from .error_text import describe_object

_log = logging.getLogger("errclass")


class Faults:
    """Collect faults, and log each as ``errclass.inner_fault``; none of them reaches the user's own pipeline."""

    def __init__(self) -> None:
        self._said: list[str] = []

    @property
    def said(self) -> tuple[str, ...]:
        """Return them, a sentence each."""
        return tuple(self._said)

    def note(self, where: str, fault: BaseException | str) -> None:
        """Take in what went wrong, and where; one of which nobody knows the cause is logged with its traceback."""
        expected = isinstance(fault, str | ErrclassError | OSError)
        said = mask_secrets(f"{where}: {_describe(fault)}")
        self._said.append(said)
        with suppress(Exception):  # the program's own log handlers may raise
            _log.error("errclass.inner_fault: %s", said, exc_info=None if expected else fault)  # type: ignore[arg-type]


def _describe(fault: BaseException | str) -> str:
    if isinstance(fault, str | ErrclassError):
        return str(fault)
    said = describe_object(fault)
    return said if isinstance(fault, OSError) else f"{type(fault).__name__}: {said}"
