"""Read taxonomies from their files."""

from __future__ import annotations

import functools
from pathlib import Path

from ..core.errors import ConfigError
from ..core.taxonomy import Taxonomy

DEFAULT = Path(__file__).resolve().parent.parent / "data" / "taxonomy.yaml"


def load_taxonomy(path: Path = DEFAULT) -> Taxonomy:
    """Read a taxonomy.

    Raises ConfigError when the file is missing, is no YAML or describes its types incompletely.
    """
    return _load_shipped() if path == DEFAULT else _read(path)


@functools.cache
def _load_shipped() -> Taxonomy:
    """Return the one file that no user changes while a process runs."""
    return _read(DEFAULT)


def _read(path: Path) -> Taxonomy:
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, RecursionError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read as a taxonomy ({error})") from error
    return Taxonomy.from_dict(content, where=str(path))
