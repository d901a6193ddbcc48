"""What the installed errclass says that it needs, with and without extras."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires, version

NAME = "errclass"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([\w.-]+)['"]""")


def list_requirements() -> list[tuple[str, str | None]]:
    """Return each package that is needed, with the extra that needs it; None: it is needed in any case."""
    found = []
    for text in requires(NAME) or ():
        name, extra = _NAME.match(text), _EXTRA.search(text)
        if name is not None and name[0] != NAME:  # an extra that is made of others names errclass itself
            found.append((name[0], extra[1] if extra else None))
    return found


def find_version(name: str) -> str | None:
    """Return the version of an installed package; None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
