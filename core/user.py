"""Who runs this process."""

from __future__ import annotations


def find_user_name() -> str | None:
    """Return the name of the system's user; None where there is none, as in a container that runs under a number."""
    import getpass

    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return None
