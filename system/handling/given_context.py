"""What a caller says of a failure, in our words or in those of the asked-for system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...core.context_slips import CONTEXT_FIELDS
from ...core.errors import UsageError
from ...core.types import Context

_NAMES = {
    "operationType": "operation",
    "operation_type": "operation",
    "operationId": "operation_id",
    "commitSha": "commit",
    "commit_sha": "commit",
    "attempts": "attempt",
    "workingDir": "work",
    "working_dir": "work",
}
"""Other names of what we know."""
_OWN = ("logs", "work")
"""What is no field of a context and means something to us."""


@dataclass(frozen=True, slots=True)
class GivenContext:
    """Hold what was said; names that nobody knows go to the metadata of the context."""

    fields: Mapping[str, object]
    logs: str | bytes = ""
    work: Path | None = None


def read_context(given: Context | Mapping[str, Any] | None) -> GivenContext:
    """Read it; raises UsageError for what is neither a context nor a mapping."""
    if given is None:
        return GivenContext({})
    if isinstance(given, Context):
        return GivenContext(_list_stated(given))
    if not isinstance(given, Mapping):
        raise UsageError(f"context: give an errclass.Context or a mapping, not {type(given).__name__}")
    values = _rename(
        {**_read_metadata(given.get("metadata")), **{key: given[key] for key in given if key != "metadata"}}
    )
    work = values.get("work")
    return GivenContext(
        {name: value for name, value in values.items() if name not in _OWN},
        _join_logs(values.get("logs")),
        None if work is None else Path(str(work)),
    )


def _list_stated(context: Context) -> dict[str, object]:
    stated = {name: getattr(context, name) for name in CONTEXT_FIELDS}
    return {**context.metadata, **{name: value for name, value in stated.items() if value is not None}}


def _read_metadata(metadata: Any) -> Mapping[str, Any]:
    if metadata is None:
        return {}
    if not isinstance(metadata, Mapping):
        raise UsageError(f"context: metadata is a mapping of names to values, not {type(metadata).__name__}")
    return metadata


def _rename(values: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what was really said by our names; where a thing is called by two of its names, ours counts."""
    said = {str(name): value for name, value in values.items() if value is not None}
    other = {_NAMES[name]: value for name, value in said.items() if name in _NAMES}
    return other | {name: value for name, value in said.items() if name not in _NAMES}


def _join_logs(logs: Any) -> str | bytes:
    if logs is None or isinstance(logs, str | bytes):
        return logs or ""
    return "\n".join(map(str, logs)) if isinstance(logs, Iterable) else str(logs)
