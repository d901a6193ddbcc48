"""The training texts are well formed, different from one another, and cover what the product promises."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

import errclass
from errclass.classify.masks import mask_variables
from errclass.core.masking import mask_secrets

DATA = Path(errclass.__file__).parent / "data"
CORPUS = DATA / "corpus"
FILES = sorted(CORPUS.glob("*.yaml"))
TAXONOMY = yaml.safe_load((DATA / "taxonomy.yaml").read_text(encoding="utf-8"))
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CONTENTS: dict[str, Any] = {path.stem: yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER) for path in FILES}
ENTRIES = [(tool, entry) for tool, content in CONTENTS.items() for entry in content["texts"]]
MIN_TEXTS, MIN_TOOLS, MIN_PER_TYPE = 1_500, 30, 50


def retryable_by_default(kind: str) -> bool:
    info = TAXONOMY["types"][kind]
    return bool(info.get("retryable", TAXONOMY["categories"][info["category"]]["retryable"]))


@pytest.mark.parametrize("tool", CONTENTS)
def test_a_file_has_its_form(tool: str) -> None:
    """Its tool is its name, its keys are those of the format, its types those of the taxonomy."""
    content = CONTENTS[tool]
    assert ["tool", "source", "texts"] == list(content)
    assert (tool, "written") == (content["tool"], content["source"])
    assert re.fullmatch(r"[a-z0-9][a-z0-9+\-]*", tool)
    assert content["texts"]
    for entry in content["texts"]:
        assert {"type", "text"} <= set(entry) <= {"type", "text", "retryable", "pair"}
        assert isinstance(entry["text"], str)
        assert entry["type"] in TAXONOMY["types"]


def test_retryable_is_stated_only_where_it_differs() -> None:
    """So that each statement stands out."""
    stated = [(tool, entry) for tool, entry in ENTRIES if "retryable" in entry]
    assert stated
    assert [] == [
        (tool, entry["text"][:60])
        for tool, entry in stated
        if entry["retryable"] is not (not retryable_by_default(entry["type"]))
    ]


def test_there_are_enough_texts_tools_and_types() -> None:
    """Every label is shown often."""
    by_type = defaultdict(int)
    for _, entry in ENTRIES:
        by_type[entry["type"]] += 1
    assert len(ENTRIES) >= MIN_TEXTS
    assert len(CONTENTS) >= MIN_TOOLS
    assert {} == {kind: by_type[kind] for kind in TAXONOMY["types"] if by_type[kind] < MIN_PER_TYPE}


def test_every_label_is_shown_by_several_tools() -> None:
    """Else a split by tool could not measure it."""
    tools = defaultdict(set)
    for tool, entry in ENTRIES:
        tools[entry["type"]].add(tool)
    assert {} == {kind: len(tools[kind]) for kind in TAXONOMY["types"] if len(tools[kind]) < 10}


PAIRS = {
    "install-cause", "registry-or-file", "suite-start", "compile-or-step", "database-connect", "hash-or-damage",
    "first-cause", "own-output-absent", "waiting", "gates", "own-name", "tool-or-library", "tag-or-version",
    "credential-or-protocol", "quota", "schema",
}  # fmt: skip


def test_each_rule_between_two_types_is_shown_by_hard_pairs() -> None:
    """Texts of one tool that look alike and are of different types, in at least five tools; no half stands alone."""
    halves = defaultdict(set)
    for tool, entry in ENTRIES:
        if "pair" in entry:
            halves[entry["pair"], tool].add(entry["type"])
    assert PAIRS == {name for name, _ in halves}
    assert [] == [place for place, types in halves.items() if len(types) < 2]
    assert {} == {name: count for name in PAIRS if (count := sum(pair == name for pair, _ in halves)) < 5}


def test_no_two_texts_are_equal_once_masked() -> None:
    """Another name or number is no other text."""
    places = defaultdict(list)
    for tool, entry in ENTRIES:
        places[" ".join(mask_variables(entry["text"]).lower().split())].append((tool, entry["text"][:80]))
    assert [] == [found for found in places.values() if len(found) > 1]


def test_there_are_no_secrets() -> None:
    """Nothing in the texts looks like one, so nothing is lost when they are masked."""
    assert [] == [(tool, entry["text"][:80]) for tool, entry in ENTRIES if mask_secrets(entry["text"]) != entry["text"]]


def test_the_readme_counts_by_its_command() -> None:
    """Its code runs and counts what is there."""
    block = re.search(r'\$ python -c "\n(.*?)\n"\n', (CORPUS / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    finished = subprocess.run([sys.executable, "-c", block[1]], capture_output=True, text=True, check=True, cwd="/")
    assert f"{len(ENTRIES)} texts of {len(CONTENTS)} tools" == finished.stdout.splitlines()[0]


def test_the_readmes_example_has_the_form() -> None:
    """What is shown can be copied."""
    block = re.search(r"```yaml\n(.*?)```", (CORPUS / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    example = yaml.safe_load(block[1])
    assert ["tool", "source", "texts"] == list(example)
    assert {entry["type"] for entry in example["texts"]} <= set(TAXONOMY["types"])
