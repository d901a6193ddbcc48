"""Read failures handed over as JSON, one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from ..core.errors import UsageError
from ..core.frozen import FrozenDict
from ..core.types import Context
from .context_pairs import parse_fields

MAX_LINE_BYTES = 64 << 20


def read_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank with their numbers, as they come; of one too long no more than shows it."""
    for number, line in enumerate(iter(lambda: _read_line(stream), b""), 1):
        if line.strip():
            yield number, line


def parse_line(line: bytes) -> Any:
    """Return a line's JSON; raise UsageError where it is none."""
    if len(line) > MAX_LINE_BYTES:
        raise UsageError(f"the line is longer than {MAX_LINE_BYTES} bytes")
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"no valid JSON ({error})") from error


def require_object(record: Any) -> dict[str, Any]:
    """Return the record; raise UsageError when it is no object."""
    if not isinstance(record, dict):
        raise UsageError('expected an object such as {"id": "1", "text": "..."}')
    return record


def text_of(record: Any) -> str:
    """Return the text of a record; raise UsageError where there is none."""
    text = require_object(record).get("text")
    if not isinstance(text, str):
        raise UsageError("the key 'text' is missing or no string")
    return text


def context_of(record: dict[str, Any], given: Context) -> Context:
    """Return ``given`` with what the record's context says; raise UsageError for values that no field can hold."""
    extra = record.get("context") or {}
    if not isinstance(extra, dict):
        raise UsageError("the key 'context' must be an object")
    stated = {key: str(value).lower() if isinstance(value, bool) else value for key, value in extra.items()}
    try:
        fields = parse_fields(tuple(f"{key}={value}" for key, value in stated.items() if value is not None))
    except UsageError as error:
        raise UsageError(str(error).replace("--context ", "context.")) from error
    metadata = FrozenDict({**given.metadata, **fields.pop("metadata", {})})
    return replace(given, **fields, metadata=metadata)


def _read_line(stream: BinaryIO) -> bytes:
    line = stream.readline(MAX_LINE_BYTES + 1)
    rest = line
    while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
        rest = stream.readline(MAX_LINE_BYTES + 1)
    return line
