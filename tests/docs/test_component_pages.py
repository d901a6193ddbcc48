"""Each component has a page with its defaults, events and anti-patterns, and their figures are those of the code."""

from __future__ import annotations

import doctest
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.readme import list_blocks
from support.source import find_source

from errclass.actions.codegen.courses import FollowOptions
from errclass.actions.codegen.gate import GateOptions
from errclass.outcomes.background import INTERVAL
from errclass.outcomes.bounds import STORED_BYTES
from errclass.outcomes.store import INCIDENT_JOBS
from errclass.system.settings import CodegenSettings, DecisionSettings, OutcomeSettings, PromotionSettings

SOURCE = find_source()
DOCS = SOURCE / "docs"
PAGES = (
    "alerts.md",
    "analytics.md",
    "classification.md",
    "codegen.md",
    "dashboard.md",
    "decisions.md",
    "escalation.md",
    "failure-tracking.md",
    "handling.md",
    "learning.md",
    "metrics.md",
    "notifications.md",
    "outcome-store.md",
    "recovery.md",
    "reports.md",
    "retry.md",
    "run.md",
    "service.md",
)
EXAMPLES = ("classification.md", "decisions.md", "index.md")
POLICY: Mapping[str, Any] = yaml.safe_load(
    (SOURCE / "rules" / "sets" / "default" / "policy.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", PAGES)
def test_a_component_tells_defaults_events_and_anti_patterns(name: str) -> None:
    """Below headings of these names."""
    headings = re.findall(r"^## (.+)$", _read(name), re.MULTILINE)
    assert [] == [wanted for wanted in ("Defaults", "Events", "Anti-patterns") if wanted not in headings]


def test_every_page_of_a_component_is_looked_at() -> None:
    """Those that the navigation of the site calls so."""
    site = yaml.safe_load((SOURCE / "mkdocs.yml").read_text(encoding="utf-8"))
    (listed,) = [part["Components"] for part in site["nav"] if "Components" in part]
    assert {*PAGES} == {page for entry in listed for page in entry.values()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_answer_what_is_shown(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of a page are one session."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    body = "".join(block.body for block in list_blocks(_read(name)) if block.language == "pycon")
    example = doctest.DocTestParser().get_doctest(body, {"__name__": "__main__"}, name, name, 0)
    assert example.examples
    printed: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=printed.append)
    assert "" == "".join(printed)


def test_the_types_are_those_of_the_taxonomy() -> None:
    """With their categories and meanings."""
    taxonomy = yaml.safe_load((SOURCE / "data" / "taxonomy.yaml").read_text(encoding="utf-8"))["types"]
    rows = re.findall(
        r"^\| `(\w+)` \| (transient|persistent|critical|unknown) \| (.+) \|$", _read("classification.md"), re.MULTILINE
    )
    assert [(name, kind["category"], kind["meaning"]) for name, kind in taxonomy.items()] == rows


def test_the_thresholds_of_the_shipped_model_are_its_own() -> None:
    """Rounded to two digits."""
    own = json.loads((SOURCE / "models" / "default" / "thresholds.json").read_text(encoding="utf-8"))
    rows = _list_rows("classification.md")
    assert {name: f"{round(value, 2)}" for name, value in own.items()} == {name: rows[name][0] for name in own}


def test_the_strength_of_codes_is_that_of_the_rules() -> None:
    """And so is the floor of the confidence."""
    rows, tables = _list_rows("classification.md"), POLICY["tables"]
    floor, strengths = tables["confidence_floor"], tables["evidence_confidence"]
    assert rows["confidence_floor"][0] == f"{floor['default']}, in production {floor['production']}"
    assert rows["evidence_confidence"][0] == ", ".join(f"{name} {value}" for name, value in strengths.items())


def test_the_thresholds_are_those_of_the_rules() -> None:
    """For each preset; one that has no value of its own has the usual one."""
    rows = {name: row for name, row in _list_rows("decisions.md").items() if name in POLICY["tables"]}
    assert len(rows) == 9
    presets = ("default", "development", "staging", "production")
    for name, row in rows.items():
        table = POLICY["tables"][name]
        assert [str(table.get(preset, table["default"])) for preset in presets] == list(row[:4]), name


@pytest.mark.parametrize(
    ("name", "prefix", "settings"),
    [
        ("decisions.md", "decision", DecisionSettings),
        ("learning.md", "promotion", PromotionSettings),
        ("codegen.md", "codegen", CodegenSettings),
    ],
)
def test_the_settings_have_these_defaults(name: str, prefix: str, settings: Any) -> None:
    """Every one that the page gives a value of."""
    rows = {
        key.removeprefix(f"{prefix}."): row[0] for key, row in _list_rows(name).items() if key.startswith(f"{prefix}.")
    }
    assert len(rows) >= 3
    for key, shown in rows.items():
        default = settings.model_fields[key].default
        assert (
            f"{default:g}" == shown
            if isinstance(default, int | float) and not isinstance(default, bool)
            else str(default).lower() == shown
        )


def test_what_is_said_of_the_store_is_so() -> None:
    """Sizes, times, counts; no retention without being asked for."""
    page = _read("outcome-store.md")
    assert OutcomeSettings().retention is None
    assert f"| text kept of a failure | {STORED_BYTES:,} | bytes" in page
    assert f"| a program merges | every {INTERVAL:g} | seconds |" in page
    assert f"| {INCIDENT_JOBS} jobs within half an hour |" in page


def test_what_is_said_of_agents_is_so() -> None:
    """Types, quiet days, how long a run is followed."""
    page = _read("codegen.md")
    assert f"| `GateOptions.quiet_days` | {GateOptions().quiet_days:g} |" in page
    assert f"| types that are asked about | {', '.join(sorted(GateOptions().types))} |" in page
    assert f"| a run is followed for | {FollowOptions().deadline:g} |" in page


def _list_rows(name: str) -> dict[str, tuple[str, ...]]:
    """Return the rows of a page's tables by what stands first in each, as code."""
    rows = re.findall(r"^\| `([\w.]+)` \| (.+) \|$", _read(name), re.MULTILINE)
    return {first: tuple(cell.strip() for cell in rest.split("|")) for first, rest in rows}


def _read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")
