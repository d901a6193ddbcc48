"""Small rule sets, written as plain values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from errclass.rules import Policy, load_policy
from errclass.rules.lint import Finding, lint_policy

Rules = Mapping[str, Mapping[str, Any]]
MakePolicy = Callable[..., Policy]
Lint = Callable[..., list[Finding]]
_USUAL = {"title": "t", "when": {}, "because": "b"}


@pytest.fixture
def make_policy(tmp_path: Path) -> MakePolicy:
    """Return what loads rules, each by its id; stages are those of the ids, in their order."""

    def make(rules: Rules, *, stages: Sequence[str] = (), tables: Mapping[str, Any] | None = None) -> Policy:
        named = stages or list(dict.fromkeys(rule_id.partition("/")[0] for rule_id in rules))
        head = {"name": "small", "description": "for tests", "stages": list(named), "tables": dict(tables or {})}
        (tmp_path / "policy.yaml").write_text(json.dumps(head))  # YAML without aliases
        for rule_id, content in rules.items():
            path = tmp_path / f"{rule_id}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps({**_USUAL, **content}))
        return load_policy(tmp_path)

    return make


@pytest.fixture
def lint(make_policy: MakePolicy) -> Lint:
    """Return what gives the findings of one check in such rules; every question must be decided."""

    def find(check: str, rules: Rules, **options: Any) -> list[Finding]:
        report = lint_policy(make_policy(rules, **options), only=[check])
        assert () == report.undecided
        return list(report.findings)

    return find
