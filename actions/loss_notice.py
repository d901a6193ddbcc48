"""One line of the log for a shared state that cannot be used, however often it cannot."""

from __future__ import annotations

import logging

_log = logging.getLogger("errclass")


class LossNotice:
    """Log ``errclass.shared_state_lost`` the first time; ``what`` names the state, such as "the budget of deploy"."""

    __slots__ = ("_told", "_what")

    def __init__(self, what: str) -> None:
        self._what = what
        self._told = False

    def tell(self, error: Exception) -> None:
        """Log the error, unless one was logged before."""
        if not self._told:
            self._told = True
            _log.warning("errclass.shared_state_lost: %s: %s", self._what, error)
