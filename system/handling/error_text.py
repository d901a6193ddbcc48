"""A stranger's object in one line, whatever it holds."""

from __future__ import annotations

from ...core.masking import mask_secrets

_MOST_CHARS = 200
_READ_CHARS = 2000
"""Of which these are left: looking for secrets takes time, and nothing bounds what an error says."""


def describe_object(value: object) -> str:
    """Return the first line of what an error or another object says, without secrets; its class where it says none."""
    name = type(value).__name__
    try:
        said = str(value).strip().split("\n", 1)[0][:_READ_CHARS]
    except Exception:  # noqa: BLE001 - the rim: it is a stranger's object
        return name
    return mask_secrets(said)[:_MOST_CHARS] or name
