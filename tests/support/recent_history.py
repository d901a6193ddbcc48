"""The made-up history of ``random_history``, ending now, with a stranger's text in it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from support.happenings import decide
from support.random_history import END, Truth, draw_history, write_history

from errclass.core.clock import utc_now
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store

HOSTILE = (
    "<script>document.title = 'taken'; alert(1)</script>\x1b]0;owned\x07\u202etxt.exe\u2066\n"
    + "x" * 5000
    + "\n</script><img src=x onerror=alert(2)>'\"` onmouseover=alert(3) {{ 7 * 7 }} error: connection refused"
)


def write_recent_history(place: Path, faults: int = 150) -> Store:
    """Write it and return the store."""
    store = Store(place)
    write_history(end_now(draw_history(5, faults)), store)
    store.record(
        Outcome(
            "hostile",
            HOSTILE,
            time=utc_now() - timedelta(minutes=1),
            fingerprint="e" * 16,
            context=Context(
                environment="<b>production</b>",
                operation="<i>deploy</i>",
                component="a" * 300,
                repository="javascript:alert(4)",
                branch="\u202ebranch",
            ),
            decision=decide("network", severity="critical", strategy="retry", evidence=(HOSTILE.splitlines()[-1],)),
        )
    )
    store.merge()
    return store


def end_now(truth: Truth) -> Truth:
    """Let the history end a minute ago."""
    shift = utc_now() - END - timedelta(minutes=1)
    for fault in truth.faults:
        fault.time += shift
        fault.actions = [(kind, name, result, time + shift) for kind, name, result, time in fault.actions]
        for call in fault.reruns:
            call.time += shift
    for call in truth.calls:
        call.time += shift
    return truth
