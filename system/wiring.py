"""Name the concrete parts and put them together: the one place that knows them all."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ..classify.artefact import Model, load_model
from ..classify.known import KnownErrors
from ..core.errors import ConfigError, ModelError, StoreError
from ..outcomes import Store, is_address
from ..rules import Engine
from .jobs.run_notes import take_notes
from .model_shelf import DEFAULT_MODEL, ModelShelf
from .rules_in_use import find_rules
from .settings import Settings
from .trust import TrustStore

_log = logging.getLogger("errclass")


@dataclass(frozen=True, slots=True)
class Parts:
    """Hold the parts that one process works with."""

    settings: Settings
    model: Model
    engine: Engine
    store: Store | None
    faults: tuple[str, ...] = ()
    """What is wrong with the user's rules, a sentence each."""
    held_back: bool = False
    """Whether nothing automatic may be done until that is mended."""
    known: KnownErrors = field(init=False, default_factory=KnownErrors, repr=False, compare=False)
    """What this model answered before; never taken over by parts with another model."""


def build_parts(settings: Settings, *, model: str | None = None, last_good: Engine | None = None) -> Parts:
    """Load the model and the rules, and name the store; a store that does not exist yet is not created.

    ``last_good`` decides on where the settings' rules are broken.
    """
    loaded = find_model(settings, model)
    rules = find_rules(loaded.taxonomy, settings.rule_layers, last_good)
    return Parts(settings, loaded, rules.engine, name_store(settings), rules.faults, rules.held_back)


def find_model(settings: Settings, reference: str | None = None) -> Model:
    """Load the model in use."""
    folder = find_model_folder(settings, reference)
    return _load_cached(folder, TrustStore(settings.home).model_hashes())


def find_model_folder(settings: Settings, reference: str | None = None) -> Path:
    """Return the folder of the given model, else the settings' one, else the promoted one, else the shipped one.

    Raises UsageError for a reference that leads nowhere, and ModelError when there is no model at all.
    """
    shelf = ModelShelf(settings.home)
    wanted = str(settings.model) if reference is None and settings.model else reference
    folder = shelf.promoted() or DEFAULT_MODEL if wanted is None else shelf.find(wanted)
    if folder == DEFAULT_MODEL and not folder.exists():
        raise ModelError("this installation has no model; train one with: errclass train")
    return folder


def open_store(settings: Settings) -> Store:
    """Return the store of the settings, with what ``errclass run`` noted for it; nothing is created without need.

    Raises ConfigError for an address that is none of a PostgreSQL database.
    """
    store = name_store(settings)
    try:
        take_notes(settings, store, os.environ)
    except (OSError, StoreError) as error:  # they stay where they are, for the next one
        _log.warning("errclass.notes_not_taken: %s", error)
    return store


@contextmanager
def use_store(given: Store | None, load: Callable[[], Settings]) -> Iterator[Store]:
    """Yield the given store, else that of the settings, opened for this one use; raises as ``open_store`` does."""
    if given is not None:
        yield given
        return
    with open_store(load()) as store:
        yield store


def name_store(settings: Settings) -> Store:
    """Return the store of the settings, untouched; raises as ``open_store`` does."""
    if "://" in settings.store and not is_address(settings.store):
        raise ConfigError("ERRCLASS_STORE: a store is a folder or a PostgreSQL database: postgres://USER@HOST/DATABASE")
    return Store(settings.store)


@functools.lru_cache(maxsize=4)
def _load_cached(folder: Path, trusted: frozenset[str]) -> Model:
    return load_model(folder, trusted=trusted)
