"""The types that the model in use tells apart."""

from __future__ import annotations

from ..classify.artefact import MANIFEST, read_manifest
from ..core.taxonomy import Taxonomy
from .settings import Settings
from .wiring import find_model_folder


def find_taxonomy(settings: Settings) -> Taxonomy:
    """Return the taxonomy of the model in use, without loading the model."""
    folder = find_model_folder(settings)
    return Taxonomy.from_dict(read_manifest(folder).get("taxonomy"), where=str(folder / MANIFEST))
