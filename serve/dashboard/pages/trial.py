"""Ask about a log that is pasted: nothing is written."""

from __future__ import annotations

from typing import Any, Final

from ....core.failure import MAX_TEXT_CHARS, failure_from_text
from ....core.types import Context, Guard
from ..asked import Answer, Asked
from ..routing import show, take

_NAME_CHARS = 256
EFFECTS: Final = ("read_only", "idempotent", "reversible", "irreversible")


async def show_form(asked: Asked) -> Answer:
    """Ask for a log."""
    return _render(asked, {}, None)


async def explain(asked: Asked) -> Answer:
    """Explain what was pasted."""
    given = asked.form
    text = given.get("text", "")[:MAX_TEXT_CHARS]
    if not text.strip():
        return _render(asked, given, None, fault="Paste the end of a log, or an error.")
    effect: Any = given["effect"] if given.get("effect") in EFFECTS else None
    context = Context(
        environment=given.get("environment", "").strip()[:_NAME_CHARS] or None,
        operation=given.get("operation", "").strip()[:_NAME_CHARS] or None,
        effect=effect,
    )
    failure = failure_from_text(text, context=context)
    return _render(asked, given, await asked.ask(asked.board.service.explain, failure, Guard()))


def _render(asked: Asked, given: Any, found: dict[str, Any] | None, *, fault: str = "") -> Answer:
    fields = {name: given.get(name, "") for name in ("text", "environment", "operation", "effect")}
    return asked.render(
        "trial.html", status=422 if fault else 200, given=fields, found=found, fault=fault, effects=EFFECTS
    )


ROUTES = (show("/try", show_form, "classify"), take("/try", explain, "classify"))
