"""An error in one line, whatever it holds."""

from __future__ import annotations

from ...core.masking import mask_secrets

_MOST_CHARS = 200


def describe_error(error: BaseException) -> str:
    """Return the first line of what an error says, without secrets; its class where it says nothing, or cannot."""
    name = type(error).__name__
    try:
        said = str(error).strip().split("\n")[0]
    except Exception:  # noqa: BLE001 - the rim: it is a stranger's object
        return name
    return mask_secrets(said)[:_MOST_CHARS] or name
