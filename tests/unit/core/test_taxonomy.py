"""The labels, what follows from them, and what is wrong with a bad file."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

import errclass
from errclass.core.errors import ConfigError
from errclass.core.taxonomy import Taxonomy

SHIPPED = Path(errclass.__file__).parent / "data" / "taxonomy.yaml"


@pytest.fixture
def data() -> dict[str, Any]:
    """Return the content of the shipped file."""
    content: dict[str, Any] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return content


@pytest.fixture
def taxonomy(data: dict[str, Any]) -> Taxonomy:
    """Return the shipped taxonomy."""
    return Taxonomy.from_dict(data)


def test_the_shipped_file_has_all_labels(taxonomy: Taxonomy) -> None:
    """Thirteen types and unknown, in three categories and unknown."""
    assert len(taxonomy.names) == 14
    assert list(taxonomy.categories) == ["transient", "persistent", "critical", "unknown"]


@pytest.mark.parametrize(
    ("name", "category", "retryable"),
    [
        ("network", "transient", True),
        ("test", "persistent", False),
        ("database", "critical", False),
        ("unknown", "unknown", False),
        ("no-such-type", "unknown", False),
    ],
)
def test_category_and_retryability_follow_from_the_type(
    taxonomy: Taxonomy, name: str, category: str, retryable: bool
) -> None:
    """A type that is not in the taxonomy is unknown."""
    assert (taxonomy.category_of(name), taxonomy.is_retryable(name)) == (category, retryable)


def test_what_a_type_means_can_be_said(taxonomy: Taxonomy) -> None:
    """For people who read an explanation."""
    assert taxonomy.meaning_of("network") == "the bytes did not get through"
    assert taxonomy.meaning_of("no-such-type") == ""


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("network", "network"),
        (" Network ", "network"),
        ("rate-limit", "rate_limit"),
        ("networking", "network"),
        ("database error", "database"),
        ("depedency", "dependency"),
        ("kaputt", None),
    ],
)
def test_the_nearest_type_of_a_foreign_label(taxonomy: Taxonomy, label: str, expected: str | None) -> None:
    """By spelling, or by containing the name."""
    assert taxonomy.nearest(label) == expected


def test_a_type_takes_the_rest_from_its_category(data: dict[str, Any]) -> None:
    """A user's type needs its category only."""
    data["types"]["quota"] = {"category": "transient"}
    quota = Taxonomy.from_dict(data).types[-1]
    assert (quota.name, quota.retryable, quota.severity, quota.action) == ("quota", True, "low", "retry_with_backoff")


def test_it_round_trips(taxonomy: Taxonomy) -> None:
    """A model carries its taxonomy as JSON."""
    assert Taxonomy.from_dict(taxonomy.to_dict()) == taxonomy


def test_the_tables_for_rules_cover_types_and_categories(taxonomy: Taxonomy) -> None:
    """Rules look up what follows from a label."""
    tables = taxonomy.tables()
    assert tables["type_category"]["network"] == "transient"
    assert tables["category_retryable"]["transient"] is True
    assert set(tables["type_severity"]) == set(taxonomy.names)


def _without_unknown(data: dict[str, Any]) -> None:
    del data["types"]["unknown"]


def _without_severity(data: dict[str, Any]) -> None:
    del data["categories"]["critical"]["severity"]


def _with(path: str, value: object) -> Any:
    def change(data: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        place = data
        for parent in parents:
            place = place[parent]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_without_unknown, "the type 'unknown' is missing"),
        (_without_severity, "category 'critical' lacks severity"),
        (_with("types", []), "expected the keys 'categories' and 'types'"),
        (_with("categories", []), "expected the keys 'categories' and 'types'"),
        (_with("categories", None), "expected the keys 'categories' and 'types'"),
        (_with("categories.transient", "x"), "category 'transient' lacks"),
        (_with("categories.transient.severity", "mild"), "severity is low, medium, high, critical, not 'mild'"),
        (_with("types.network", None), "type 'network' needs a category out of transient"),
        (_with("types.network.category", "other"), "not 'other'"),
        (_with("types.network.category", ["transient"]), "type 'network' needs a category"),
        (_with("types.network.colour", "red"), "type 'network' has unknown keys: colour"),
        (_with("types.network.severity", "mild"), "type 'network': severity is"),
        (_with("types.network.retryable", "false"), "retryable is true or false, without quotes, not 'false'"),
    ],
)
def test_a_bad_file_is_refused_with_its_name(data: dict[str, Any], change: Any, message: str) -> None:
    """The message says which file, which entry and what is wrong."""
    broken = deepcopy(data)
    change(broken)
    with pytest.raises(ConfigError) as caught:
        Taxonomy.from_dict(broken, where="my.yaml")
    assert str(caught.value).startswith("my.yaml: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("content", [None, [], "text", {}])
def test_a_file_of_something_else_is_refused(content: object) -> None:
    """An empty file too."""
    with pytest.raises(ConfigError, match="expected the keys"):
        Taxonomy.from_dict(content)
