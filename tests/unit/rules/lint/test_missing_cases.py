"""Rules that do not show when they fire, or when they stay silent."""

from __future__ import annotations

import pytest

from .conftest import Lint

FIRES = [{"name": "so", "facts": {"attempt": 2}}]
SILENT = [{"name": "not so", "facts": {"attempt": 1}}]
RULE = {"when": {"attempt": 2}, "then": {"strategy": "notify"}}


@pytest.mark.parametrize(
    ("cases", "messages"),
    [
        ({}, ["It has no case in which it fires.", "It has no case in which it stays silent."]),
        ({"fires": FIRES}, ["It has no case in which it stays silent."]),
        ({"silent": SILENT}, ["It has no case in which it fires."]),
        ({"fires": FIRES, "silent": SILENT}, []),
    ],
)
def test_a_rule_shows_both(cases: object, messages: list[str], lint: Lint) -> None:
    """One case of each kind is enough."""
    assert messages == [finding.message for finding in lint("missing_cases", {"a/rule": {**RULE, "cases": cases}})]


def test_a_rule_that_always_fires_is_never_silent(lint: Lint) -> None:
    """So it cannot show it."""
    rule = {"then": {"strategy": "notify"}, "cases": {"fires": FIRES}}
    assert [] == lint("missing_cases", {"a/rule": rule})
