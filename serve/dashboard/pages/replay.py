"""What other rules, or another model, would have decided on what is stored."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

from ....core.errors import UsageError
from ....system.model_shelf import ModelShelf
from ...problem import Problem, RefusalError
from ..asked import Answer, Asked
from ..place import PREFIX
from ..question import WINDOWS
from ..replays import Replay
from ..routing import show, take
from ..rule_drafts import THRESHOLDS, RuleDraft, list_rules, read_draft

ADDRESS: Final = f"{PREFIX}/replay"
_USUAL = "30d"
_ID_CHARS = 130


async def show_form(asked: Asked) -> Answer:
    """Offer what can be replayed; ``rule`` fills the draft with what is in use of it."""
    rule = asked.query.get("rule", "")[:_ID_CHARS]
    found = await asked.keep(_read_choices, asked, rule)
    return asked.render("replay.html", replays=asked.board.replays.list(), since=_USUAL, rule=rule, **found)


def _read_choices(asked: Asked, rule: str) -> dict[str, Any]:
    settings = asked.board.service.settings
    layers = settings.rule_layers
    return {
        "stages": {stage: list(ids) for stage, ids in groupby(list_rules(layers), lambda name: name.partition("/")[0])},
        "text": read_draft(rule, layers).text if rule else "",
        "models": [entry for entry in ModelShelf(settings.home).entries() if not entry.promoted],
        "thresholds": THRESHOLDS,
    }


async def start(asked: Asked) -> Answer:
    """Begin a replay, and lead to it."""
    given = asked.form
    since = given.get("since", _USUAL)
    if since not in WINDOWS:
        raise UsageError(f"{since!r} is no window that is offered")
    rule, model = given.get("rule", "")[:_ID_CHARS], given.get("model", "")[:_ID_CHARS]
    draft = RuleDraft(rule, given.get("text", "").replace("\r\n", "\n")) if rule else None
    if model:
        await asked.keep(ModelShelf(asked.board.service.settings.home).find_own, model)
    title = rule or model or "the rules in use"
    return asked.redirect(_address(asked.board.replays.start(title, since, draft=draft, model=model or None)))


async def show_replay(asked: Asked) -> Answer:
    """Show how far a replay is, or what it found."""
    return asked.render("replay_found.html", replay=_find(asked))


async def show_progress(asked: Asked) -> Answer:
    """Show how far it is, for the script of the page."""
    return asked.render("replay_progress.html", replay=_find(asked))


async def stop(asked: Asked) -> Answer:
    """Have a replay end soon."""
    replay = _find(asked)
    replay.stopping = True
    return asked.redirect(_address(replay))


def _find(asked: Asked) -> Replay:
    found = asked.board.replays.find(asked.request.path_params["id"])
    if found is None:
        raise RefusalError(_NONE)
    return found


def _address(replay: Replay) -> str:
    return f"{ADDRESS}/{replay.id}"


ROUTES = (
    show("/replay", show_form),
    take("/replay", start, "read"),
    show("/replay/{id}", show_replay),
    show("/replay/{id}/progress", show_progress),
    take("/replay/{id}/stop", stop, "read"),
)
_NONE = Problem("no-replay", 404, "this replay is not known any more", "start it again; the last ones are kept")
