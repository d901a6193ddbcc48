"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.cli.context_pairs import parse_fields
from errclass.cli.options import open_input, parse_context
from errclass.core.errors import UsageError
from errclass.system.settings import Settings


def settings(**values: object) -> Settings:
    return Settings(home=Path("home"), store="store", **values)  # type: ignore[arg-type]


def test_fields_of_the_context_are_told_from_metadata() -> None:
    """Unknown keys are the user's own."""
    fields = parse_fields(("environment=production", "attempt=2", "cancelled=TRUE", "team=blue", "note=a=b"))
    assert ("production", 2, True) == (fields["environment"], fields["attempt"], fields["cancelled"])
    assert {"team": "blue", "note": "a=b"} == dict(fields["metadata"])


def test_pairs_go_over_the_settings() -> None:
    """The last of several counts."""
    context = parse_context(
        ("environment=production", "environment=x"), settings(environment="staging", component="shop")
    )
    assert ("x", "shop", 1) == (context.environment, context.component, context.attempt)


def test_without_pairs_the_settings_speak() -> None:
    """All that they know."""
    context = parse_context((), settings(environment="staging", operation="deploy"))
    assert ("staging", "deploy", None) == (context.environment, context.operation, context.effect)


@pytest.mark.parametrize("effect", ["read_only", "idempotent", "reversible", "irreversible"])
def test_the_effects_are_known(effect: str) -> None:
    """These and no others."""
    assert {"effect": effect} == parse_fields((f"effect={effect}",))


@pytest.mark.parametrize(
    "pair",
    ["attempt=0", "attempt=x", "attempt=٣", "attempt=1000001", "cancelled=2", "effect=Irreversible", "alone", "=x"],
)
def test_values_that_a_field_cannot_hold_are_refused(pair: str) -> None:
    """Naming the pair."""
    with pytest.raises(UsageError, match="--context"):
        parse_fields((pair,))


def test_metadata_cannot_be_replaced_as_a_whole() -> None:
    """A pair of that name is one entry of it."""
    assert {"metadata": "x"} == dict(parse_fields(("metadata=x",))["metadata"])


def test_a_file_is_closed_after_use(tmp_path: Path) -> None:
    """Also when its reader fails."""
    (tmp_path / "a.log").write_bytes(b"text")

    def fail() -> None:
        with open_input(str(tmp_path / "a.log")) as stream:
            opened.append(stream)
            raise KeyError

    opened: list[object] = []
    with pytest.raises(KeyError):
        fail()
    assert opened[0].closed  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["missing.log", "."])
def test_what_cannot_be_opened_is_a_usage_error(name: str, tmp_path: Path) -> None:
    """A missing file and a folder."""
    with pytest.raises(UsageError, match="cannot be read"), open_input(str(tmp_path / name)):
        pass
