"""Read the line of ``errclass run`` without click, which takes longer to load than many commands take to run.

What is unusual here, help and mistakes included, is left to click: ``read_run_line`` then returns None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core.errors import UsageError
from ..system.jobs.run_order import Recover, RunOrder

RECOVERS: tuple[Recover, ...] = ("off", "ask", "auto")
EFFECTS = ("read_only", "idempotent", "reversible", "irreversible")
_MOST_ATTEMPTS = 1000


def read_count(text: str) -> int:
    """Return a number of calls; raise UsageError for none."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MOST_ATTEMPTS):
        raise UsageError(f"{text!r} is no number of attempts; give one from 1 to {_MOST_ATTEMPTS}")
    return int(text)


def read_seconds(text: str) -> float:
    """Return a span of time in seconds: ``90``, ``2.5``, ``30s``, ``15m``; raise UsageError for none."""
    if text.isascii() and text.replace(".", "", 1).isdigit() and 0 < float(text) < 1e9:
        return float(text)
    from ..core.durations import parse_duration

    return parse_duration(text).total_seconds()


def read_effect(text: str) -> str:
    """Return what running it again would do; raise UsageError for anything unknown."""
    if text not in EFFECTS:
        raise UsageError(f"{text!r} is no effect; give one of {', '.join(EFFECTS)}")
    return text


def read_recover(text: str) -> Recover:
    """Return whether recoveries are carried out; raise UsageError for another word."""
    found = next((word for word in RECOVERS if word == text), None)
    if found is None:
        raise UsageError(f"{text!r} is no way to recover; give one of {', '.join(RECOVERS)}")
    return found


def read_replay(text: str) -> bool:
    """Tell whether standard input is kept for further calls; raise UsageError for another word."""
    if text not in {"replay", "pass"}:
        raise UsageError(f"{text!r} is no way to treat standard input; give replay, or pass, which is usual")
    return text == "replay"


def read_context(pairs: Sequence[str]) -> dict[str, Any]:
    """Return a context's fields; raise UsageError for a bad pair."""
    if not pairs:
        return {}
    from .context_pairs import parse_fields

    return parse_fields(tuple(pairs))


FLAGS = {"--notify": "notify", "--quiet": "quiet", "--json": "as_json"}
VALUES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "--attempts": ("attempts", read_count),
    "--deadline": ("deadline", read_seconds),
    "--attempt-timeout": ("attempt_timeout", read_seconds),
    "--effect": ("effect", read_effect),
    "--operation": ("operation", str),
    "--recover": ("recover", read_recover),
    "--stdin": ("replay", read_replay),
    "--report": ("report", str),
}
_CONTEXT = "--context"


def read_run_line(arguments: Sequence[str]) -> RunOrder | None:
    """Return what a usual line asks for; None for one that needs click: for help, or to say what is wrong with it."""
    fields: dict[str, Any] = {}
    pairs: list[str] = []
    rest = list(arguments)
    try:
        while rest and rest[0].startswith("-") and rest[0] != "--":
            _read_option(rest, fields, pairs)
        command = tuple(rest[1:] if rest[:1] == ["--"] else rest)
        return RunOrder(command, **fields, context=read_context(pairs)) if command else None
    except (KeyError, IndexError, UsageError):
        return None


def _read_option(rest: list[str], fields: dict[str, Any], pairs: list[str]) -> None:
    word = rest.pop(0)
    if word in FLAGS:
        fields[FLAGS[word]] = True
        return
    name, sign, value = word.partition("=")
    value = value if sign else rest.pop(0)
    if name == _CONTEXT:
        pairs.append(value)
    else:
        field, read = VALUES[name]
        fields[field] = read(value)
