"""What errclass itself fails at while it handles a failure."""

from __future__ import annotations

import logging

from ...core.errors import ErrclassError
from ...core.masking import mask_secrets

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
        said = mask_secrets(f"{where}: {fault if expected else f'{type(fault).__name__}: {fault}'}")
        self._said.append(said)
        _log.error("errclass.inner_fault: %s", said, exc_info=None if expected else fault)  # type: ignore[arg-type]
