"""What other processes do to the alerts of a store in tests."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from errclass.actions.notify import NotificationSystem
from errclass.core.types import Context, Decision, Outcome
from errclass.outcomes import Store
from errclass.system.alerting import AlertManager
from errclass.system.settings import Settings
from errclass.testing import RecordingChannel

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
CRITICAL = Decision(
    category="resource",
    type="disk",
    severity="critical",
    retryable=False,
    confidence=0.9,
    suggested_action="make room",
)


class Dying(NotificationSystem):
    """A system whose process is killed when it is to queue, or right after it has."""

    when = "before"

    def send_notification(self, *given: Any, **named: Any) -> Any:
        if self.when == "after":
            super().send_notification(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)


def record_critical(store: Store, name: str = "c1", time: datetime = NOW, **context: Any) -> None:
    """Record a critical failure."""
    store.record(Outcome(name, "no space left", time=time, context=Context(**context), decision=CRITICAL))


def look(place: str, kind: type[NotificationSystem] = NotificationSystem, times: int = 1) -> None:
    """Look at the rules of a store, again and again, and queue what there is to tell; nothing is sent."""
    with Store(place) as store:
        system = kind(store, [RecordingChannel()])
        settings = Settings(home=place, store=place)  # type: ignore[arg-type]
        manager = AlertManager(settings, store=store, notifications=system, clock=lambda: LATER)
        for _ in range(times):
            manager.check(wait=0.0)


def main() -> None:
    """Look, as the arguments say: PLACE [before|after]."""
    place, *when = sys.argv[1:]
    if when:
        Dying.when = when[0]
        look(place, Dying)
    else:
        look(place, times=3)


if __name__ == "__main__":
    main()
