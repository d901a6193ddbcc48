"""The client of the service: ``errclass.Client`` and ``errclass.AsyncClient``; it needs httpx and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.lazy import import_lazily

if TYPE_CHECKING:
    from .async_client import AsyncClient
    from .sync_client import Client

__all__ = ["AsyncClient", "Client"]

_HOMES = {"async_client": ("AsyncClient",), "sync_client": ("Client",)}

if not TYPE_CHECKING:  # a type checker that saw it would take any name for a public one
    __getattr__ = import_lazily(__name__, _HOMES)
