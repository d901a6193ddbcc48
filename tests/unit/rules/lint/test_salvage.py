"""Rules of which one is broken: what is wrong, and the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.rules import DEFAULT_FOLDER, load_policy
from errclass.rules.lint import load_sound
from errclass.system.taxonomy_file import load_taxonomy

TABLES = load_taxonomy().tables()
RULE = "title: t\nwhen: {operation: shop}\nthen: {rerun_forbidden: shop}\nbecause: b\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one sound rule."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sound.yaml").write_text(RULE)
    return tmp_path


def test_sound_rules_are_loaded_without_a_word(folder: Path) -> None:
    """As strictly as ever."""
    policy, faults = load_sound([folder], TABLES)
    assert policy is not None
    assert ((), load_policy([DEFAULT_FOLDER, folder], TABLES).revision) == (faults, policy.revision)


@pytest.mark.parametrize("broken", [RULE.replace("operation", "opperation"), RULE.replace("because", "reason"), "- ["])
def test_a_broken_rule_is_a_finding_and_left_out(broken: str, folder: Path) -> None:
    """With file and line; the others are there."""
    (folder / "guard" / "broken.yaml").write_text(broken)
    policy, faults = load_sound([folder], TABLES)
    assert [("loading", ("guard/broken",))] == [(fault.check, fault.rules) for fault in faults]
    assert faults[0].message.startswith(f"{folder / 'guard' / 'broken.yaml'}:")
    assert policy is not None
    assert ["guard/sound"] == [rule.id for rule in policy.rules if "operation" in rule.reads and rule.stage == "guard"]


def test_two_broken_rules_are_told_one_after_the_other(folder: Path) -> None:
    """What is wrong with the second may follow from the first."""
    for name in ("broken", "worse"):
        (folder / "guard" / f"{name}.yaml").write_text(RULE.replace("operation", "opperation"))
    policy, faults = load_sound([folder], TABLES)
    assert (None, [("guard/broken",)]) == (policy, [fault.rules for fault in faults])


@pytest.mark.parametrize(
    ("name", "text"),
    [("policy.yaml", "stages: [a]\n"), ("policy.yaml", "extends: nowhere\n"), ("Guard.yaml", RULE)],
)
def test_what_is_wrong_with_the_whole_set_leaves_nothing_to_check(name: str, text: str, folder: Path) -> None:
    """It is about no rule in particular."""
    (folder / name).write_text(text)
    policy, faults = load_sound([folder], TABLES)
    assert (None, [()]) == (policy, [fault.rules for fault in faults])
    assert str(folder) in faults[0].message


def test_a_broken_rule_of_a_set_that_is_extended_is_left_out_as_well(folder: Path, tmp_path: Path) -> None:
    """It is named, though nobody named its folder."""
    own = tmp_path / "own"
    own.mkdir()
    base = tmp_path / "base" / "guard"
    base.mkdir(parents=True)
    (own / "policy.yaml").write_text("extends: ../base\n")
    (base / "broken.yaml").write_text(RULE.replace("operation", "opperation"))
    policy, faults = load_sound([own], TABLES)
    assert (True, [("guard/broken",)]) == (policy is not None, [fault.rules for fault in faults])
