"""Errors of the disk that a recovery tells apart."""

from __future__ import annotations


class CannotKeepError(OSError):
    """Something cannot be set safe as it is."""
