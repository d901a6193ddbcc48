"""Libraries that are spoken to and never required."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ....core.errors import MissingExtraError


class MissingLibraryError(MissingExtraError):
    """The library that an adapter is for is not installed; it is no extra of ours."""

    def __init__(self, library: str) -> None:
        Exception.__init__(self, f"{library} is not installed; install it with: pip install {library}")


def import_library(name: str) -> Any:
    """Return the module; raises MissingLibraryError, a MissingExtraError, where it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingLibraryError(name) from error
