"""A process that acts, and is killed before it can write down what it did."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

from support.codegen_server import KEY, ORG
from support.escalations import make_decision

from errclass.outcomes import Store
from errclass.system.acting import Acting
from errclass.system.escalating import make_request
from errclass.system.settings import Settings


def hang(*_: Any, **__: Any) -> None:
    """Say that it is done, and come no further."""
    print("done", flush=True)
    signal.pause()


def act() -> None:
    """Escalate, and stop before the end is written down."""
    home, codegen, slack, target = sys.argv[1:]
    settings = Settings(
        home=Path(home),
        store=str(Path(home) / "store"),
        codegen={"api_url": codegen, "api_key": KEY, "org_id": ORG},  # type: ignore[arg-type]
        notifications={"channels": {"slack": {"webhook_url": slack}}},  # type: ignore[arg-type]
    )
    acting = Acting(settings, Store(settings.store))
    acting.escalations._finish = hang  # type: ignore[method-assign]
    acting.escalate(make_request(make_decision(target=target), text="FAIL", environ={}))


if __name__ == "__main__":
    act()
