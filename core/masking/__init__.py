"""Take secrets out of text before anything stores, sends or learns from it."""

from __future__ import annotations

from .masker import mask_secrets

__all__ = ["mask_secrets"]
