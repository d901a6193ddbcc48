"""``errclass recover``: list, plan and run, as a person or a job calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.command_line import call_errclass, start_errclass
from support.tree_hash import hash_tree

from errclass.system.trust import TrustStore

LOG = b"FATAL: invalid JSON in app.json: Unexpected token } in JSON at position 7\nError: failed to parse configuration file app.json\n"
BROKEN = "{broken"

pytestmark = pytest.mark.usefixtures("use_full_model")


@pytest.fixture
def project(tree: Path) -> Path:
    """A project whose settings file is broken, with a backup beside it."""
    (tree / "app.json").write_text(BROKEN)
    (tree / "app.json.bak").write_text('{"a": 1}')
    (tree.parent / "build.log").write_bytes(LOG)
    return tree


def test_recipes_are_listed() -> None:
    """All of them, or those for one type."""
    everything = call_errclass("recover", "list", "--format", "json").json
    some = call_errclass("recover", "list", "--type", "configuration", "--format", "json").json
    assert {"config_from_template", "config_from_git", "env_from_example", "git_stale_lock", "git_unshallow"} == {
        recipe["name"] for recipe in some
    }
    assert len(everything) > len(some)


def test_a_plan_is_exact_and_changes_nothing(project: Path) -> None:
    """Argument lists, touched paths, check; and what was ruled out, with its reason."""
    before = hash_tree(project)
    plan = call_errclass("recover", "plan", "../build.log", "--format", "json").json
    assert ("config_from_template", "ask") == (plan["recipe"], plan["mode"])
    assert [["copy", "app.json.bak", "app.json"]] == plan["steps"]
    assert [{"path": "app.json", "how": "copy", "there": True}] == plan["touches"]
    assert "file_missing" in {one["reason"] for one in plan["ruled_out"] if one["recipe"] == "env_from_example"}
    shown = call_errclass("recover", "plan", "../build.log").out
    assert "run: copy app.json.bak app.json" in shown
    assert before == hash_tree(project)


def test_nothing_runs_before_somebody_agrees(project: Path) -> None:
    """No terminal, nobody to ask; also not where everything is allowed, since this recipe always asks."""
    for options in ((), ("--autonomy", "auto")):
        done = call_errclass("recover", "run", "../build.log", *options)
        assert (1, True, BROKEN) == (done.code, "nobody agreed" in done.out, (project / "app.json").read_text())


def test_it_runs_once_agreed(project: Path, home: Path) -> None:
    """The file is replaced, and what was there is kept."""
    done = call_errclass("recover", "run", "../build.log", "--yes", "--format", "json")
    assert (0, "success") == (done.code, done.json["outcome"])
    assert '{"a": 1}' == (project / "app.json").read_text()
    assert [BROKEN] == [path.read_text() for path in (home / "recovery").glob("*/saved/*")]


@pytest.mark.parametrize("name", ["ERRCLASS_ACT", "ERRCLASS_DECISION__KILL_SWITCH", "ERRCLASS_RECOVERY__AUTONOMY"])
def test_a_kill_switch_outranks_everything(project: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Also a person's yes on the command line."""
    monkeypatch.setenv(name, "true" if name.endswith("SWITCH") else "off")
    done = call_errclass("recover", "run", "../build.log", "--yes", "--format", "json")
    assert (1, "switched_off", BROKEN) == (done.code, done.json["reason"], (project / "app.json").read_text())


def test_a_yes_raises_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It only answers a question that is asked."""
    monkeypatch.setenv("ERRCLASS_RECOVERY__AUTONOMY", "suggest")
    done = call_errclass("recover", "run", "../build.log", "--yes", "--format", "json")
    assert (1, "only_suggested", BROKEN) == (done.code, done.json["reason"], (project / "app.json").read_text())


def test_recipes_of_a_working_tree_are_refused_until_they_are_trusted(project: Path, home: Path) -> None:
    """And again once any of them is another."""
    recipe = project / "recipes" / "ours.yaml"
    recipe.parent.mkdir()
    recipe.write_text(json.dumps({
        "title": "Ours", "purpose": "clear_cache", "fits": {"types": ["build"]}, "steps": [{"run": ["touch", "pwned"]}],
        "check": [{"run": ["true"]}], "cost": 1, "effect": "idempotent",
    }))  # fmt: skip
    (project / "errclass.toml").write_text('[recovery]\nrecipes = ["recipes"]\nautonomy = "auto"\n')

    def list_names() -> set[str]:
        done = call_errclass("recover", "list", "--format", "json")
        return {one["name"] for one in done.json}

    assert "ours" not in list_names()
    assert "recovery.recipes is not applied" in call_errclass("recover", "list").err
    TrustStore(home).trust_directory(project)
    assert "ours" in list_names()
    recipe.write_text(recipe.read_text().replace("pwned", "changed"))
    assert "ours" not in list_names()


def test_a_broken_recipe_of_ones_own_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its file, its key and the nearest name."""
    (tree / "mine").mkdir()
    (tree / "mine" / "mine.yaml").write_text("tittle: x\n")
    monkeypatch.setenv("ERRCLASS_RECOVERY__RECIPES", json.dumps([str(tree / "mine")]))
    done = call_errclass("recover", "list")
    assert (2, True, True) == (done.code, "mine.yaml: tittle" in done.err, "did you mean 'title'" in done.err)


def test_it_is_a_command_like_any_other(project: Path, home: Path) -> None:
    """As a process of its own."""
    done = start_errclass("recover", "run", "../build.log", "--yes", cwd=project, environ={"ERRCLASS_HOME": str(home)})
    assert (0, True) == (done.code, done.out.startswith("success by config_from_template"))
