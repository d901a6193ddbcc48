"""Paths and values from strangers: refused before anything is touched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.recovering import make_classification, make_context, make_recipe, make_strategies
from support.tree_hash import hash_tree

from errclass.actions.recover.confinement import LeavesFolderError, locate
from errclass.actions.recover.placeholders import PATTERNS, find_bad_value
from errclass.core.errors import ConfigError

HOSTILE = (
    "../outside", "/etc/passwd", "a/../../outside", "..", ".", "", "-rf", "--force", "~/x", "a//b", "./a", "a/.", "a\0b",
    "\\\\server\\share", "out/x", "out",
)  # fmt: skip


@pytest.fixture
def outside(work: Path) -> Path:
    """A folder outside, to which a link in the work folder leads."""
    folder = work.parent / "outside"
    folder.mkdir()
    (folder / "x").write_text("precious")
    (work / "out").symlink_to(folder)
    return folder


@pytest.mark.parametrize("path", HOSTILE)
def test_a_path_that_leaves_the_folder_is_refused(work: Path, outside: Path, path: str) -> None:
    """By its form, or by where its links lead."""
    with pytest.raises(LeavesFolderError):
        locate(work, path)


@pytest.mark.parametrize("path", ["packages", "packages/left-pad", "packages/bin", "not/there", ".cache", "a b;rm -rf"])
def test_a_path_within_the_folder_is_fine(work: Path, path: str) -> None:
    """Also where nothing is there yet, and whatever it is called."""
    assert work / path == locate(work, path)


@given(st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_located_lies_within(tmp_path: Path, path: str) -> None:
    """For any text at all."""
    try:
        place = locate(tmp_path, path)
    except (LeavesFolderError, ValueError):
        return
    assert os.path.realpath(place).startswith(f"{os.path.realpath(tmp_path)}/")


@pytest.mark.parametrize("path", [path for path in HOSTILE if not path.startswith("out")])
@pytest.mark.parametrize("key", ["touches", "files", "absent", "copy", "exists"])
def test_a_recipe_with_such_a_path_is_not_loaded(path: str, key: str) -> None:
    """The file and the key are named."""
    changes: dict[str, Any] = {
        "touches": {"touches": {path: "aside"}},
        "files": {"fits": {"types": ["dependency"], "files": [path]}},
        "absent": {"fits": {"types": ["dependency"], "absent": [path]}},
        "copy": {"steps": [{"copy": path, "to": "x"}], "touches": {"x": "copy"}},
        "exists": {"check": [{"exists": path}]},
    }[key]
    with pytest.raises(ConfigError, match=r"recipes/mend.yaml: .*"):
        make_recipe(**changes)


@pytest.mark.parametrize("how", ["aside", "copy"])
@pytest.mark.parametrize("path", ["out", "out/x", "out/new"])
def test_a_link_out_of_the_folder_is_not_followed(work: Path, root: Path, outside: Path, path: str, how: str) -> None:
    """The recipe is ruled out, and nothing outside changes."""
    before = hash_tree(outside)
    recipe = make_recipe(touches={path: how}, steps=[{"run": ["true"]}])
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert ("skipped", "leaves_folder") == (
        result.reason and result.outcome,
        result.details["plan"]["ruled_out"][0]["reason"],
    )
    assert before == hash_tree(outside)


def test_a_link_that_a_step_makes_is_not_followed_back(work: Path, root: Path, outside: Path) -> None:
    """A folder on the way that became a link out: what cannot be put back stays in the backup and is told."""
    before = hash_tree(outside)
    (work / "deep" / "cache").mkdir(parents=True)
    (work / "deep" / "cache" / "y").write_text("y")
    steps = [{"run": ["mv", "deep", "elsewhere"]}, {"run": ["ln", "-s", str(outside), "deep"]}]
    recipe = make_recipe(touches={"deep/cache": "copy"}, steps=steps, check=[{"run": ["false"]}])
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert ("failed", "roll_back_failed") == (result.outcome, result.reason)
    assert "deep/cache" in result.details["roll_back_faults"]
    assert before == hash_tree(outside)
    assert ["y"] == [path.read_text() for path in root.glob("*/saved/*/y")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("service", "-H evil"), ("service", "web;rm -rf /"), ("service", "$(reboot)"), ("service", "a b"), ("service", ""),
        ("service", "--force"), ("service", "web\nevil"), ("deployment", "deployment/--all"), ("deployment", "pods/x"),
        ("deployment", "web"), ("deployment", "deployment/web -n kube-system"), ("namespace", "--all-namespaces"),
        ("namespace", "UPPER"), ("namespace", "a/b"), ("file", "-rf"), ("file", "a\nb"), ("file", ":(glob)**"), ("file", ":!x"), ("file", "*.json"),
        ("file", "a?.json"), ("file", "[ab].json"), ("template", ":/"), ("template", "--output"),
        ("work", "relative"),
    ],
)  # fmt: skip
def test_a_value_that_its_placeholder_may_not_stand_for_is_refused(name: str, value: str) -> None:
    """Nothing that a program could take for an option or a shell for a command."""
    assert name == find_bad_value({name: value})


@pytest.mark.parametrize("value", ["web;rm -rf /", "--force", "$(touch pwned)"])
def test_a_hostile_service_rules_its_recipe_out(work: Path, root: Path, value: str) -> None:
    """Before any program is called."""
    recipe = make_recipe(steps=[{"run": ["touch", "{service}"]}])
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work, service=value))
    assert "value_refused" == result.details["plan"]["ruled_out"][0]["reason"]
    assert not (work / "pwned").exists()


@pytest.mark.parametrize("name", ["; rm -rf x", "$(touch pwned)", "`touch pwned`", "a b", "&& x", "%0a"])
def test_a_strange_file_name_is_one_argument(work: Path, root: Path, name: str) -> None:
    """No shell ever reads it."""
    recipe = make_recipe(steps=[{"run": ["touch", "--", "{file}"]}], check=[{"exists": "{file}"}])
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work, file=name))
    assert ("success", True, False) == (result.outcome, (work / name).exists(), (work / "pwned").exists())


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "out/x", "package-lock.json", "a/__snapshots__/b.snap"])
def test_a_file_outside_or_a_lockfile_is_refused_as_a_value(work: Path, root: Path, outside: Path, name: str) -> None:
    """Wherever it came from."""
    recipe = make_recipe(
        touches={"{file}": "copy"}, steps=[{"copy": "run.sh", "to": "{file}"}], check=[{"exists": "{file}"}]
    )
    before = hash_tree(work.parent)
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work, file=name))
    assert ("skipped", before) == (result.outcome, hash_tree(work.parent))


def test_a_program_of_the_work_folder_does_not_stand_in(work: Path, root: Path) -> None:
    """A relative entry of the PATH is not looked into."""
    (work / "mendit").write_text("#!/bin/sh\ntouch pwned\n")
    (work / "mendit").chmod(0o755)
    environ = {**os.environ, "PATH": f".:{os.environ['PATH']}"}
    recipe = make_recipe(steps=[{"run": ["mendit"]}], fits={"types": ["dependency"], "commands": ["mendit"]})
    result = make_strategies(root, recipe, environ=environ).execute_recovery(make_classification(), make_context(work))
    assert ("command_missing", False) == (
        result.details["plan"]["ruled_out"][0]["reason"],
        (work / "pwned").exists(),
    )


def test_every_placeholder_refuses_options() -> None:
    """A dash in front would make an option of it."""
    assert all(not pattern.fullmatch("-x") and not pattern.fullmatch("--x=y") for pattern in PATTERNS.values())
