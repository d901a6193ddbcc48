"""Tables and rows that nothing will ever look at."""

from __future__ import annotations

from typing import Any

import pytest

from errclass.rules.lint import lint_policy

from .conftest import MakePolicy

RULES: dict[str, dict[str, Any]] = {
    "preset/environment": {
        "when": {},
        "then": {"preset": {"lookup": "environment_preset", "by": "environment", "otherwise": "default"}},
    },
    "limits/calls": {"when": {}, "then": {"plan_attempts": {"lookup": "calls", "by": "preset", "otherwise": 4}}},
}
TABLES = {"environment_preset": {"prod": "production", "qa": "qa"}, "calls": {"production": 3, "qa": 9, "default": 4}}


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({}, None),
        ({"type_category": {"network": "transient"}}, None),
        ({"cals": {"production": 2}}, "No rule looks anything up in the table 'cals' (did you mean 'calls'?)."),
        (
            {"calls": {"production": 3, "qa": 9, "prodution": 2}},
            "No environment counts as 'prodution', a row of the table",
        ),
        ({"environment_preset": {"prod": "production", "qa": "qs"}}, "No table has a row for the preset 'qs'"),
    ],
)
def test_what_is_not_read_is_found(make_policy: MakePolicy, tables: dict[str, Any], message: str | None) -> None:
    """And what is read is not, nor what the taxonomy brings."""
    found = lint_policy(make_policy(RULES, tables={**TABLES, **tables}), only=("unread_rows",)).findings
    assert (message is None) == (not found)
    assert message is None or any(finding.message.startswith(message) for finding in found)
