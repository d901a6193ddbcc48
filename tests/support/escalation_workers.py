"""What other processes do to shared escalations in tests."""

from __future__ import annotations

import signal
import sys
from typing import Any

from support.escalations import make_request

from errclass.actions.escalate import Escalation, EscalationManager, HandlerResult
from errclass.outcomes import Store


def make_manager(store: Store, handler: Any) -> EscalationManager:
    """Return a manager over a store."""
    manager = EscalationManager(keeper=store)
    for target in ("codegen", "system_reset"):
        manager.register_handler(target, handler)
    return manager


def succeed(_: Escalation) -> HandlerResult:
    """Be done at once."""
    return HandlerResult(success=True, summary="done")


def hang() -> None:
    """Begin an escalation, say so, and never end it: for whoever kills this."""
    place, target = sys.argv[1:]

    def wait(_: Escalation) -> HandlerResult:
        print("executing", flush=True)
        signal.pause()
        return HandlerResult(success=True, summary="never")

    make_manager(Store(place), wait).escalate_error(make_request(target=target))


if __name__ == "__main__":
    hang()
