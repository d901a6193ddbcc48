"""Tell, once each, of the deadlines that nobody kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from ...core.types import Severity
from .escalation import Escalation
from .ledger import Ledger
from .service_levels import Breach, ServiceLevel, find_breaches

_log = logging.getLogger("errclass")


class DeadlineWatch:
    """Find the service levels that open escalations have missed, and mark what was told."""

    def __init__(self, ledger: Ledger, levels: Mapping[Severity, ServiceLevel], clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._levels = levels
        self._clock = clock

    def check(self, notify: Callable[[Breach], object] | None) -> tuple[Breach, ...]:
        """Return those that were missed since the last check, each handed to ``notify`` first."""
        now = self._clock()
        missed = [
            breach for one in self._ledger.list_all(open_only=True) for breach in find_breaches(one, now, self._levels)
        ]
        return tuple(breach for breach in missed if self._tell_breach(breach, notify))

    def _tell_breach(self, breach: Breach, notify: Callable[[Breach], object] | None) -> bool:
        if notify is not None:
            try:
                notify(breach)
            except Exception:  # noqa: BLE001 - the rim: one that cannot be told must not hide the others
                _log.exception("errclass.listener_failed")
                return False
        told = {*breach.escalation.breaches, breach.kind}

        def mark(one: Escalation) -> Escalation:
            return replace(one, breaches=tuple(sorted({*one.breaches, *told})))

        self._ledger.change_one(breach.escalation.id, mark)
        return True
