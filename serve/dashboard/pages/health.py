"""Whether all that errclass needs is there."""

from __future__ import annotations

from importlib.metadata import version

from ..asked import Answer, Asked
from ..routing import show


async def show_health(asked: Asked) -> Answer:
    """Show what the last look at each part found."""
    service = asked.board.service
    look = await asked.take_look("health", lambda: service.look().result())
    settings = service.settings
    about = {"errclass": version("errclass"), "Store": service.store.place, "Home": str(settings.home)}
    return asked.render_look("health.html", "Health", look, about=about)


ROUTES = (show("/health", show_health),)
