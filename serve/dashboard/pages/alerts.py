"""What fires, who has taken it up, and what is over."""

from __future__ import annotations

from typing import Any, Final

from ....core.clock import utc_now
from ....reports.alerts import Alert
from ....reports.alerts.words import describe_alert
from ...service import Service
from ..asked import Answer, Asked
from ..looks import Look
from ..place import PREFIX
from ..routing import show, take

ADDRESS: Final = f"{PREFIX}/alerts"
_ID_CHARS, _NOTE_CHARS = 200, 500


async def show_alerts(asked: Asked) -> Answer:
    """Show the page: alerts are one small document, which is read anew, so that who takes one up sees it."""
    look = Look(await asked.keep(read_alerts, asked.board.service), utc_now())
    may_acknowledge = "handle" in asked.caller.scopes
    return asked.render_look("alerts.html", "Alerts", look, may_acknowledge=may_acknowledge, describe=describe_alert)


async def take_up(asked: Asked) -> Answer:
    """Take an alert up, in the name of the key."""
    given = asked.form
    name, note = given.get("alert", "")[:_ID_CHARS], given.get("note", "").strip()[:_NOTE_CHARS]
    await asked.keep(asked.board.service.acknowledge_alert, name, asked.caller.author, note)
    return asked.redirect(ADDRESS)


def read_alerts(service: Service) -> dict[str, Any]:
    """Return the alerts as the last look at the rules left them: those that fire first."""
    found = service.list_alerts(None)
    alerts: list[Alert] = found["alerts"]
    return {
        "checked_at": found["checked_at"],
        "watched": service.settings.alerts.enabled,
        "firing": [one for one in alerts if one.active],
        "pending": [one for one in alerts if one.state == "pending"],
        "over": [one for one in alerts if one.state == "resolved"],
    }


ROUTES = (show("/alerts", show_alerts), take("/alerts/ack", take_up, "handle"))
