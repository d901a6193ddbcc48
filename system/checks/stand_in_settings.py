"""Settings to go on with where the user's cannot be read."""

from __future__ import annotations

import os

from ...core.errors import ErrclassError
from ..settings import Settings, load_settings
from ..settings.reading import find_home


def read_settings_or_stand_in() -> tuple[Settings, tuple[str, ...]]:
    """Return the settings, or the usual ones with why the user's cannot be read."""
    try:
        return load_settings(), ()
    except (ErrclassError, OSError) as error:
        return _make_stand_in(), (str(error), *getattr(error, "__notes__", ()))


def _make_stand_in() -> Settings:
    """Return the usual settings for home and store as the environment has them; nothing of it is checked again."""
    home = find_home({})
    return Settings.model_construct(home=home, store=os.environ.get("ERRCLASS_STORE") or str(home / "store"))
