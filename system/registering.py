"""Keep in the store what becomes of models."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Literal

from ..core.errors import StoreError
from ..outcomes import Store

_log = logging.getLogger("errclass")

ModelEvent = Literal["trained", "promoted", "rolled_back"]


def register_model(
    store: Store, version: str, event: ModelEvent, document: Mapping[str, Any], *, author: str = ""
) -> None:
    """Keep what became of a model; a store that cannot is logged as ``errclass.model_not_registered``.

    A broken store must not stop a promotion. ``document`` is JSON-ready.
    """
    try:
        store.register("model", version, event, document, author=author)
    except StoreError as error:
        _log.warning("errclass.model_not_registered: %s", error)
