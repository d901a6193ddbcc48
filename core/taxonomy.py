"""The labels a failure may carry, and what follows from each when nothing more is known."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .errors import ConfigError
from .types import UNKNOWN, Scalar

_COLUMNS = ("retryable", "severity", "action", "fault_domain")
_SEVERITIES = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """Describe one type."""

    name: str
    category: str
    retryable: bool
    severity: str
    action: str
    fault_domain: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Hold all types and categories, in their order of display."""

    types: tuple[TypeInfo, ...]
    categories: Mapping[str, Mapping[str, Scalar]]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all types."""
        return tuple(info.name for info in self.types)

    def category_of(self, name: str) -> str:
        """Return the category of a type; ``unknown`` for a type that is not in the taxonomy."""
        return next((info.category for info in self.types if info.name == name), UNKNOWN)

    def meaning_of(self, name: str) -> str:
        """Return what a type means, in a few words; empty for a type that is not in the taxonomy."""
        return next((info.meaning for info in self.types if info.name == name), "")

    def is_retryable(self, name: str) -> bool:
        """Return whether failures of this type usually pass by themselves."""
        return next((info.retryable for info in self.types if info.name == name), False)

    def nearest(self, label: str) -> str | None:
        """Return the type whose name is most like a foreign label, or None."""
        cleaned = label.strip().lower().replace(" ", "_").replace("-", "_")
        matches = difflib.get_close_matches(cleaned, self.names, n=1, cutoff=0.6)
        return matches[0] if matches else next((n for n in self.names if n in cleaned or cleaned in n), None)

    def tables(self) -> dict[str, dict[str, Scalar]]:
        """Return the columns as lookup tables for rules: ``type_category``, ``type_action``, ``category_action``..."""
        tables: dict[str, dict[str, Scalar]] = {"type_category": {info.name: info.category for info in self.types}}
        for column in _COLUMNS:
            tables[f"type_{column}"] = {info.name: getattr(info, column) for info in self.types}
            tables[f"category_{column}"] = {name: values[column] for name, values in self.categories.items()}
        return tables

    def to_dict(self) -> dict[str, Any]:
        """Return what ``from_dict`` takes, JSON-ready."""
        types = {info.name: {key: value for key, value in asdict(info).items() if key != "name"} for info in self.types}
        return {"categories": {name: dict(values) for name, values in self.categories.items()}, "types": types}

    @classmethod
    def from_dict(cls, data: Any, *, where: str = "taxonomy") -> Taxonomy:
        """Build a taxonomy from its file's content.

        Raises ConfigError, naming ``where``, when a category or a type is incomplete.
        """
        if not isinstance(data, Mapping) or not isinstance(data.get("types"), Mapping):
            raise ConfigError(f"{where}: expected the keys 'categories' and 'types', each with one entry per name")
        categories = data.get("categories")
        if not isinstance(categories, Mapping):
            raise ConfigError(f"{where}: expected the keys 'categories' and 'types', each with one entry per name")
        for name, values in categories.items():
            _check_category(name, values, where)
        types = tuple(_type_info(str(name), values, categories, where) for name, values in data["types"].items())
        if UNKNOWN not in {info.name for info in types}:
            raise ConfigError(
                f"{where}: the type 'unknown' is missing; it is what is said when the text names no cause"
            )
        return cls(types, {str(name): dict(values) for name, values in categories.items()})


def _check_category(name: Any, values: Any, where: str) -> None:
    missing = [column for column in _COLUMNS if not isinstance(values, Mapping) or column not in values]
    if missing:
        raise ConfigError(f"{where}: category {name!r} lacks {', '.join(missing)}")
    _check_columns(f"{where}: category {name!r}", values)


def _check_columns(place: str, columns: Mapping[str, Any]) -> None:
    severity, retryable = columns["severity"], columns["retryable"]
    if severity not in _SEVERITIES:
        raise ConfigError(f"{place}: severity is {', '.join(_SEVERITIES)}, not {severity!r}")
    if not isinstance(retryable, bool):
        raise ConfigError(f"{place}: retryable is true or false, without quotes, not {retryable!r}")


def _type_info(name: str, values: Any, categories: Mapping[str, Any], where: str) -> TypeInfo:
    category = values.get("category") if isinstance(values, Mapping) else None
    if not isinstance(category, str) or category not in categories:
        raise ConfigError(f"{where}: type {name!r} needs a category out of {', '.join(categories)}, not {category!r}")
    unknown = set(values) - {"category", "meaning", *_COLUMNS}
    if unknown:
        raise ConfigError(f"{where}: type {name!r} has unknown keys: {', '.join(sorted(map(str, unknown)))}")
    columns = {**categories[category], **values}
    _check_columns(f"{where}: type {name!r}", columns)
    return TypeInfo(
        name=name,
        category=category,
        retryable=columns["retryable"],
        severity=str(columns["severity"]),
        action=str(columns["action"]),
        fault_domain=str(columns["fault_domain"]),
        meaning=str(columns.get("meaning", "")),
    )
