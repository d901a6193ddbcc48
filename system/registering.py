"""Keep in the store what becomes of models."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Literal, Protocol, runtime_checkable

from ..core.errors import StoreError

_log = logging.getLogger("errclass")

ModelEvent = Literal["trained", "promoted", "rolled_back"]


@runtime_checkable
class Register(Protocol):
    """Offered by stores that keep what becomes of models."""

    def register(
        self,
        kind: Literal["model", "policy"],
        version: str,
        event: str,
        document: Mapping[str, Any],
        *,
        author: str = "",
    ) -> None:
        """Keep one event."""
        ...


def register_model(
    store: object, version: str, event: ModelEvent, document: Mapping[str, Any], *, author: str = ""
) -> None:
    """Keep what became of a model; a store that cannot is logged as ``errclass.model_not_registered``.

    A broken store must not stop a promotion. ``document`` is JSON-ready.
    """
    if not isinstance(store, Register):
        return
    try:
        store.register("model", version, event, document, author=author)
    except StoreError as error:
        _log.warning("errclass.model_not_registered: %s", error)
