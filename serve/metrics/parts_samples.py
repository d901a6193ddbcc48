"""The model and the rules in use, and the names that they may answer with."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version

from ...actions.recover.catalogue import SHIPPED
from ...actions.recover.recipe_documents import list_recipe_files
from ...classify.artefact import Model
from ...system.model_shelf import DEFAULT_MODEL
from ...system.wiring import Parts
from .figure_look import KnownNames
from .metric import Sample


def read_parts(parts: Parts) -> Iterator[Sample]:
    """Yield what answers in this process."""
    model, engine = parts.model, parts.engine
    policy = engine.policy
    yield Sample("errclass_info", 1, (version("errclass"), platform.python_version()))
    yield Sample("errclass_model_info", 1, (model.version, str(model.folder == DEFAULT_MODEL).lower()))
    created = _read_created(model)
    if created is not None:
        yield Sample("errclass_model_created_timestamp_seconds", created)
    yield Sample("errclass_rules_info", 1, (policy.revision, policy.name, engine.name))
    yield Sample("errclass_rules_loaded", len(policy.rules))
    yield Sample("errclass_rules_faults", len(parts.faults))
    yield Sample("errclass_rules_held_back", float(parts.held_back))


def list_known(parts: Parts) -> KnownNames:
    """Return the names that the model and the recipes of the settings give."""
    taxonomy = parts.model.taxonomy
    folders = (SHIPPED, *parts.settings.recovery.recipes)
    recipes = {path.stem for folder in folders for path in list_recipe_files(folder)}
    return KnownNames(frozenset(taxonomy.names), frozenset(taxonomy.categories), frozenset(recipes))


def _read_created(model: Model) -> float | None:
    """Return when it was trained; None where its manifest does not say."""
    try:
        made = datetime.fromisoformat(str(model.manifest.get("created")))
    except ValueError:
        return None
    return (made if made.tzinfo else made.replace(tzinfo=UTC)).timestamp()
