"""Which folders of rules are laid over each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.rules import Layer
from errclass.system.rules_in_use import lay_over, load_rules
from errclass.system.taxonomy_file import load_taxonomy

NO = """
title: Deployments are called once
when: {operation: deploy}
then: {rerun_forbidden: working_tree}
because: A deployment is called once.
cases:
  fires: [{name: a deployment, facts: {operation: deploy}, expect: {rerun_forbidden: working_tree}}]
  silent: [{name: a test, facts: {operation: test}}]
"""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Three folders with a rule each that says no."""
    for name in ("own", "named", "tree"):
        (tmp_path / name / "guard").mkdir(parents=True)
        (tmp_path / name / "guard" / f"{name}.yaml").write_text(NO)
    return tmp_path / "own", tmp_path / "named", tmp_path / "tree"


def test_what_is_named_lies_over_what_is_set_and_the_stranger_speaks_last(folders: tuple[Path, Path, Path]) -> None:
    """Whatever order they come in."""
    own, named, tree = folders
    layers = lay_over([Layer(tree, restricted=True), Layer(own)], [named])
    assert (Layer(own), Layer(named), Layer(tree, restricted=True)) == layers
    assert {"guard/own", "guard/named", "guard/tree"} <= {rule.id for rule in load_rules(load_taxonomy(), layers).rules}


@pytest.mark.parametrize("restricted", [True, False])
def test_a_folder_that_is_set_and_named_counts_once_as_named(
    folders: tuple[Path, Path, Path], restricted: bool
) -> None:
    """So that a pull request's own rules can be checked where its settings name them too."""
    own, named, _ = folders
    layers = lay_over([Layer(named, restricted=restricted), Layer(own)], [named.parent / "own" / ".." / "named"])
    assert [own, named] == [layer.folder.resolve() for layer in layers]
    assert not any(layer.restricted for layer in layers)
    assert load_rules(load_taxonomy(), layers).rules


def test_nothing_named_leaves_the_settings_as_they_are(folders: tuple[Path, Path, Path]) -> None:
    """Usual first, strangers last."""
    own, _, tree = folders
    assert (Layer(own), Layer(tree, restricted=True)) == lay_over([Layer(own), Layer(tree, restricted=True)], [])
