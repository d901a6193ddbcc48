"""Take secrets out of text before anything stores, sends or learns from it."""

from __future__ import annotations

__all__ = ["mask_secrets"]


def mask_secrets(text: str) -> str:
    """Return the text with its secrets replaced by what kind they were; masking twice changes nothing more."""
    # At use: compiling its patterns takes longer than reading what a decision has to know of the past.
    from .masker import mask_secrets as mask

    return mask(text)
