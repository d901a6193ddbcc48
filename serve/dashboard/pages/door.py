"""Sign in with a key, and out."""

from __future__ import annotations

from ...callers import Caller
from ...problem import RefusalError
from ..asked import Answer, Asked, drop_cookie, set_cookie
from ..place import PREFIX, SIGN_IN, is_local
from ..routing import show, take


async def show_door(asked: Asked) -> Answer:
    """Ask for a key."""
    if asked.session is not None:
        return asked.redirect(_choose_next(asked.query.get("next", "")))
    return _ask_for_key(asked, asked.query.get("next", ""))


async def take_key(asked: Asked) -> Answer:
    """Exchange a key for a session."""
    target = asked.form.get("next", "")
    try:
        caller = asked.board.desk.identify(f"Bearer {asked.form.get('key', '').strip()}")
    except RefusalError:
        return _ask_for_key(asked, target, fault="This key is unknown or revoked.")
    if not {"read", "label", "classify"} & set(caller.scopes):
        return _ask_for_key(asked, target, fault="This key may show nothing: it needs the scope read.")
    return _let_in(asked, caller, target)


async def leave(asked: Asked) -> Answer:
    """End the session."""
    if asked.session is not None:
        asked.board.sessions.end(asked.session)
    response = asked.redirect(SIGN_IN)
    drop_cookie(response)
    return response


def _let_in(asked: Asked, caller: Caller, target: str) -> Answer:
    if asked.session is not None:  # what is known from before the key was shown is worth nothing after it
        asked.board.sessions.end(asked.session)
    _, cookie = asked.board.sessions.begin(caller.name)
    response = asked.redirect(_choose_next(target))
    secure = asked.request.headers.get("origin", "").startswith("https://")  # what the browser sees, whatever we do
    set_cookie(response, cookie, secure=secure)
    return response


def _ask_for_key(asked: Asked, target: str, *, fault: str = "") -> Answer:
    return asked.render("door.html", status=401 if fault else 200, target=target, fault=fault)


def _choose_next(target: str) -> str:
    return target if is_local(target) else PREFIX


ROUTES = (show("/sign-in", show_door, None), take("/sign-in", take_key, None), take("/sign-out", leave, None))
