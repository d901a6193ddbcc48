"""Rules that somebody tries out: one file, in a folder that lives as long as its replay."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ...core.errors import PolicyError, UsageError
from ...core.suggesting import suggest_name
from ...rules import Layer, list_layers
from ...rules.presets import read_table
from ...rules.reading import POLICY_FILE, read_document
from ...rules.sources import list_sources

THRESHOLDS: Final = "thresholds"
"""Stands for rows of tables instead of a rule."""
MOST_CHARS: Final = 60_000
_RULE = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*")
_TABLES = (
    "attempts_limit",
    "codegen_after",
    "manual_after",
    "reset_after",
    "confidence_floor",
    "retry_price",
    "incident_odds",
    "recovery_price",
)
_ALLOWED = {"tables"}
"""What a draft of thresholds may hold: ``extends`` would name a folder of this machine."""


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """Hold the text of one rule file, or of the thresholds."""

    rule: str
    text: str

    def check(self) -> None:
        """Raise UsageError for a name or a text that cannot be one."""
        if self.rule != THRESHOLDS and not _RULE.fullmatch(self.rule):
            raise UsageError(f"{self.rule!r} is no rule; name it STAGE/NAME in lower case, such as strategy/retry")
        if not self.text.strip():
            raise UsageError("the draft is empty; write the rule, or choose what is in use")
        if len(self.text) > MOST_CHARS:
            raise UsageError(f"the draft is longer than {MOST_CHARS} characters")

    @contextmanager
    def laid_out(self) -> Iterator[Path]:
        """Yield a folder that holds it; raise UsageError where a draft of thresholds holds anything else."""
        with tempfile.TemporaryDirectory(prefix="errclass-draft-") as name:
            folder = Path(name)
            path = folder / (POLICY_FILE if self.rule == THRESHOLDS else f"{self.rule}.yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_text(self.text, encoding="utf-8")
            try:
                if self.rule == THRESHOLDS:
                    _check_thresholds(read_document(path).content)
                yield folder
            except PolicyError as error:  # it names a folder that nobody knows
                raise UsageError(str(error).replace(f"{folder}/", "")) from error


def _check_thresholds(content: Mapping[str, Any]) -> None:
    if set(content) - _ALLOWED:
        raise UsageError("a draft of thresholds holds the key tables and nothing else")
    tables = content.get("tables")
    for name in tables if isinstance(tables, dict) else ():
        if not read_table(str(name)):  # one that nothing reads would change nothing, which looks like a finding
            raise UsageError(f"no table of thresholds is called {name!r}{suggest_name(str(name), _TABLES)}")


def list_rules(layers: tuple[Layer, ...]) -> tuple[str, ...]:
    """Return the ids of the rules in use."""
    return tuple(sorted(list_sources(list_layers(layers))))


def read_draft(rule: str, layers: tuple[Layer, ...]) -> RuleDraft:
    """Return what is in use of a rule or of the thresholds, to be changed; empty for a rule that there is not yet."""
    if rule == THRESHOLDS:
        return RuleDraft(rule, _write_thresholds(layers))
    path = list_sources(list_layers(layers)).get(rule)
    return RuleDraft(rule, path.read_text(encoding="utf-8") if path else "")


def _write_thresholds(layers: tuple[Layer, ...]) -> str:
    rows = {name: read_table(name, layers) for name in _TABLES}
    lines = [
        f"  {name}: {{{', '.join(f'{key}: {value}' for key, value in row.items())}}}"
        for name, row in rows.items()
        if row
    ]
    return "\n".join(("tables:", *lines, ""))
