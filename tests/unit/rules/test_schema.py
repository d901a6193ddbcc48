"""JSON Schemas: every shipped file passes, and what a schema can know to be wrong does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from errclass.rules import DEFAULT_FOLDER, INPUTS, OUTPUTS
from errclass.rules.conditions import OPERATORS
from errclass.rules.parsing import DEFAULT_PRIORITY
from errclass.rules.reading import list_rule_files, list_scenario_files
from errclass.rules.schema import KINDS, build_schema
from errclass.rules.vocabulary import STEPS

VALIDATORS = {kind: Draft202012Validator(build_schema(kind)) for kind in KINDS}
RULE = """
title: The gateway is let rest
priority: 5
when: {type: network, attempt: {gte: 2}}
then: {rerun_forbidden: gateway}
because: So.
cases:
  fires: [{name: a, facts: {type: network, attempt: 2}, expect: {rerun_forbidden: gateway}}]
  silent: [{name: b, facts: {attempt: 1}}]
"""
POLICY = """
name: ours
description: Ours.
"""
SCENARIO = """
title: Ours
cases: [{name: a, facts: {attempt: 1}, expect: {strategy: retry}}]
"""
TEXTS = {"rule": RULE, "policy": POLICY, "scenario": SCENARIO}


def list_shipped() -> Iterator[tuple[str, Path]]:
    yield "policy", DEFAULT_FOLDER / "policy.yaml"
    yield from (("rule", path) for _, path in list_rule_files(DEFAULT_FOLDER))
    yield from (("scenario", path) for path in list_scenario_files(DEFAULT_FOLDER))


def complain(kind: str, text: str) -> list[str]:
    """Return what is wrong with a file, by its place."""
    return [error.json_path for error in VALIDATORS[kind].iter_errors(yaml.safe_load(text))]


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_one(kind: str) -> None:
    """Of the dialect that it names."""
    schema = build_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]


@pytest.mark.parametrize(
    ("kind", "path"), list(list_shipped()), ids=lambda value: value if isinstance(value, str) else value.stem
)
def test_every_shipped_file_passes(kind: str, path: Path) -> None:
    """Rules, policy and scenarios."""
    assert [] == complain(kind, path.read_text(encoding="utf-8"))


GOOD = [
    ("rule", "when: {type: network, attempt: {gte: 2}}", "when: {}"),
    ("rule", "when: {type: network, attempt: {gte: 2}}", "when: {attempt: {gte: {fact: attempts_limit}}}"),
    ("rule", "when: {type: network, attempt: {gte: 2}}", "when: {mine: {in: [a, 1, true]}, type: {missing: true}}"),
    ("rule", "when: {type: network, attempt: {gte: 2}}", "when: {attempt: {gt: 1.5, lte: 9}}"),
    ("rule", "because: So.", "because: So.\nunless: {effect: irreversible}"),
    ("rule", "because: So.", "because: So.\nunless: [{effect: {in: [irreversible, reversible]}}, {mine: 1}]"),
    ("rule", "then: {rerun_forbidden: gateway}", "then: {mine: {from: tool}, type: {lookup: t, by: tool}}"),
    ("rule", "then: {rerun_forbidden: gateway}", "then: {plan_base: {lookup: t, by: tool, otherwise: 2}}"),
    ("rule", "then: {rerun_forbidden: gateway}", "then: {plan_base: {lookup: t, by: tool, otherwise: {row: x}}}"),
    (
        "policy",
        "name: ours",
        "name: ours\nextends: ../theirs\nrules: {guard/x: {enabled: false}, guard/y: {priority: 1}}",
    ),
    ("policy", "name: ours", "name: ours\nextends: none\nstages: [a, b]\nbackground: [a]"),
    ("policy", "name: ours", 'tables: {t: {"401": high, x: 1, y: true}}'),
    ("scenario", "attempt: 1", "attempt: 1, mine: x, type: network"),
]
BAD = [
    ("rule", "because: So.", "reason: So."),
    ("rule", "title: The gateway is let rest", "title: ''"),
    ("rule", "title: The gateway is let rest", "title: 5"),
    ("rule", "priority: 5", "priority: 5.5"),
    ("rule", "priority: 5", "priority: high"),
    ("rule", "attempt: {gte: 2}", "attempt: two"),
    ("rule", "attempt: {gte: 2}", "attempt: 0"),
    ("rule", "attempt: {gte: 2}", "attempt: 1.5"),
    ("rule", "attempt: {gte: 2}", "attempt: {atleast: 2}"),
    ("rule", "attempt: {gte: 2}", "attempt: {}"),
    ("rule", "attempt: {gte: 2}", "attempt: {gte: [2]}"),
    ("rule", "attempt: {gte: 2}", "attempt: {gte: {from: x}}"),
    ("rule", "attempt: {gte: 2}", "attempt: {missing: 1}"),
    ("rule", "attempt: {gte: 2}", "attempt: {in: []}"),
    ("rule", "attempt: {gte: 2}", "effect: sometimes"),
    ("rule", "attempt: {gte: 2}", "effect: {in: [irreversible, sometimes]}"),
    ("rule", "attempt: {gte: 2}", "tool: {gte: 2}"),
    ("rule", "attempt: {gte: 2}", "cancelled: 1"),
    ("rule", "attempt: {gte: 2}", "confidence: 1.2"),
    ("rule", "attempt: {gte: 2}", "Attempt: 2"),
    ("rule", "attempt: {gte: 2}", "code_http: 429"),
    ("rule", "attempt: {gte: 2}", "mine: [1]"),
    ("rule", "attempt: {gte: 2}", "mine: null"),
    ("rule", "because: So.", "because: So.\nunless: {}"),
    ("rule", "because: So.", "because: So.\nunless: [{}]"),
    ("rule", "then: {rerun_forbidden: gateway}", "then: {}"),
    ("rule", "then: {rerun_forbidden: gateway}", "then: {strategy: again}"),
    ("rule", "then: {rerun_forbidden: gateway}", "then: {attempt: 1}"),
    ("rule", "then: {rerun_forbidden: gateway}", "then: {plan_attempts: 0}"),
    ("rule", "then: {rerun_forbidden: gateway}", "then: {type: {from: tool, by: x}}"),
    ("rule", "then: {rerun_forbidden: gateway}", "then: {type: {lookup: t}}"),
    ("rule", "then: {rerun_forbidden: gateway}", "then: {severity: {lookup: t, by: x, otherwise: awful}}"),
    ("rule", "name: b, facts", "name: b, expect: {type: x}, facts"),
    ("rule", "facts: {attempt: 1}", "facts: {attempt: {gte: 1}}"),
    ("rule", "silent:", "quiet:"),
    ("policy", "name: ours", "name: ours\nextends: none"),
    ("policy", "name: ours", "name: ours\nstages: []"),
    ("policy", "name: ours", "name: ours\nstages: [a, a]"),
    ("policy", "name: ours", "name: ours\nstages: [A]"),
    ("policy", "name: ours", "name: ours\nrule: {}"),
    ("policy", "name: ours", "name: ours\nrules: {guard/x: false}"),
    ("policy", "name: ours", "name: ours\ntables: {t: {x: [1]}}"),
    ("policy", "name: ours", "name: ours\ntables: {T: {x: 1}}"),
    ("scenario", "expect: {strategy: retry}", "expected: {strategy: retry}"),
    ("scenario", ", expect: {strategy: retry}", ""),
    ("scenario", "strategy: retry", "strategy: again"),
    ("scenario", "title: Ours", ""),
    ("scenario", "name: a", "name: a, fires: true"),
]


@pytest.mark.parametrize(("kind", "old", "new"), GOOD)
def test_all_that_the_language_has_passes(kind: str, old: str, new: str) -> None:
    """Facts of one's own included."""
    assert old in TEXTS[kind]
    assert [] == complain(kind, TEXTS[kind].replace(old, new))


@pytest.mark.parametrize(("kind", "old", "new"), BAD)
def test_what_a_schema_can_know_is_marked(kind: str, old: str, new: str) -> None:
    """Names, kinds, ranges, choices, operators, keys."""
    assert old in TEXTS[kind]
    assert [] == complain(kind, TEXTS[kind])
    assert complain(kind, TEXTS[kind].replace(old, new))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["[]", "1", "text", "null"])
def test_what_is_no_mapping_is_marked(kind: str, text: str) -> None:
    """Of whatever kind."""
    assert ["$"] == complain(kind, text)


def test_every_fact_is_described() -> None:
    """Inputs where they are read, and what may be set where it is set."""
    definitions = build_schema("rule")["$defs"]
    assert {*INPUTS, *STEPS, *OUTPUTS} == set(definitions["conditions"]["properties"])
    assert {*STEPS, *OUTPUTS} == set(definitions["effects"]["properties"])
    described: dict[str, Any] = definitions["conditions"]["properties"]
    assert all(schema["description"] for schema in described.values())


def test_it_speaks_the_language_of_the_loader() -> None:
    """The same operators and the same usual priority."""
    definitions = build_schema("rule")["$defs"]
    tests = definitions["conditions"]["properties"]["attempt"]["anyOf"][1]["properties"]
    assert (set(OPERATORS), DEFAULT_PRIORITY) == (set(tests), definitions["priority"]["default"])
