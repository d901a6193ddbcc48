"""Recipes are read strictly, and what is wrong is said with file, key and the nearest name."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.recovering import make_recipe

import errclass
from errclass.actions.recover import load_recipes
from errclass.actions.recover.catalogue import SHIPPED
from errclass.actions.recover.forbidden import LOCKFILES
from errclass.core.errors import ConfigError
from errclass.core.taxonomy import Taxonomy

GOOD = {
    "title": "Mend it",
    "purpose": "clear_cache",
    "fits": {"types": ["build"]},
    "steps": [{"run": ["true"]}],
    "check": [{"run": ["true"]}],
    "cost": 1,
    "effect": "idempotent",
}


def write(folder: Path, content: Any, name: str = "mine") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return folder


def test_the_shipped_recipes_are_those_of_the_folder() -> None:
    """All of them hold."""
    assert sorted(path.stem for path in SHIPPED.iterdir()) == [recipe.name for recipe in load_recipes()]


@pytest.mark.parametrize(
    "name",
    [
        "npm", "yarn", "pnpm", "pip", "uv", "poetry", "mvn", "gradle", "cargo", "go", "docker", "git", "apt-get",
        "systemctl", "kubectl",
    ],
)  # fmt: skip
def test_every_ecosystem_has_a_recipe(name: str) -> None:
    """That calls its tool."""
    programs = {Path(command.argv[0]).name for recipe in load_recipes() for command in recipe.commands}
    assert name in programs or f"{name}w" in programs


def test_the_shipped_recipes_know_the_types_and_tools(taxonomy: Taxonomy) -> None:
    """A misspelt one would never fit."""
    table = Path(errclass.__file__).parent / "data" / "knowledge" / "tools.csv"
    with table.open(encoding="utf-8") as file:
        tools = {row["tool"] for row in csv.DictReader(file)}
    for recipe in load_recipes():
        assert set() == set(recipe.fits.types) - {one.name for one in taxonomy.types}
        assert set() == set(recipe.fits.tools) - tools


def test_what_rules_ask_for_is_served() -> None:
    """Every recipe name of the shipped policy is a purpose or a name."""
    policy = Path(errclass.__file__).parent / "rules" / "sets" / "default" / "policy.yaml"
    asked = yaml.safe_load(policy.read_text(encoding="utf-8"))["tables"]["recovery_recipe"]
    served = {(recipe.purpose, kind) for recipe in load_recipes() for kind in recipe.fits.types}
    assert [] == [(recipe, kind) for kind, recipe in asked.items() if (recipe, kind) not in served]


@pytest.mark.parametrize("recipe", load_recipes(), ids=lambda recipe: recipe.name)
def test_a_shipped_recipe_touches_no_lockfile(recipe: Any) -> None:
    """Nor names one in any call."""
    words = [argument for command in recipe.commands for argument in command.argv]
    assert set() == {touch.path for touch in recipe.touches} & LOCKFILES
    assert set() == set(words) & LOCKFILES


def test_a_recipe_of_the_users_own_lies_over_a_shipped_one(tmp_path: Path) -> None:
    """By its name; new ones are added."""
    folder = write(write(tmp_path / "mine", GOOD, "npm_reinstall"), GOOD, "ours")
    found = {recipe.name: recipe for recipe in load_recipes([folder])}
    assert ("Mend it", True) == (found["npm_reinstall"].title, "ours" in found)
    assert len(found) == len(load_recipes()) + 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tile": "x"}, "tile: unknown key (did you mean 'title'?)"),
        ({"fits": {"types": ["build"], "file": ["a"]}}, "fits.file: unknown key (did you mean 'files'?)"),
        ({"effect": "idempotant"}, "effect: must be one of idempotent, irreversible, read_only, reversible"),
        ({"effect": None}, "effect: must be one of"),
        ({"title": ""}, "title: must be one line of text"),
        ({"purpose": "Clear Cache"}, "purpose: must be a name"),
        ({"fits": []}, "fits: must be a mapping"),
        ({"fits": {}}, "fits: the key 'types' is missing"),
        ({"fits": {"types": []}}, "fits.types: must be a list of at least one"),
        ({"cost": -1}, "cost: must be seconds"),
        ({"cost": "60"}, "cost: must be seconds"),
        ({"cost": float("nan")}, "cost: must be seconds"),
        ({"autonomy": "always"}, "autonomy: must be one of"),
        ({"check": []}, "check: must be a list of at least one"),
        ({"steps": []}, "steps: the recipe does nothing"),
        ({"steps": ["npm ci"]}, "steps[0]: must be a mapping"),
        ({"steps": [{"run": "npm ci"}]}, "steps[0].run: must be a list"),
        ({"steps": [{"run": ["npm", 5]}]}, "steps[0].run[1]: 5 is read as a number"),
        ({"steps": [{"run": ["{service}"]}]}, "steps[0].run[0]: the program itself is no placeholder"),
        ({"steps": [{"run": ["npm", "{sevice}"]}]}, "unknown placeholder (did you mean 'service'?)"),
        ({"steps": [{"run": ["npm", "--dir={work}"]}]}, "a placeholder is a whole argument"),
        ({"steps": [{"run": ["npm"], "timeout": 0}]}, "steps[0].timeout: must be seconds"),
        ({"steps": [{"run": ["npm"], "timeout": 1e9}]}, "steps[0].timeout: must be seconds"),
        ({"steps": [{"run": ["npm"], "ok": [256]}]}, "steps[0].ok[0]: must be an exit code"),
        ({"steps": [{"run": ["npm"], "may_fail": "yes"}]}, "steps[0].may_fail: must be true or false"),
        ({"steps": [{"run": ["/usr/bin/npm"]}]}, "must be a bare name"),
        ({"steps": [{"run": ["./../npm"]}]}, "must name each part plainly"),
        ({"steps": [{"copy": "a", "to": "b"}]}, "steps[0].to: b is written without a backup"),
        ({"steps": [{"copy": "a", "to": "yarn.lock"}]}, "yarn.lock is a lockfile"),
        ({"touches": {"package-lock.json": "aside"}}, "touches.package-lock.json: package-lock.json is a lockfile"),
        ({"touches": {"src/__snapshots__": "aside"}}, "it holds expected test results"),
        ({"touches": {"**/a": "aside"}}, "name first below 'fits.files' the file that makes a folder a project"),
        ({"touches": {"**/yarn.lock": "aside"}}, "yarn.lock is a lockfile"),
        ({"touches": {"a": "move"}}, "touches.a: must be one of aside, copy"),
        ({"touches": {"{service}": "copy"}}, "{service} is no path"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    """With its file and key."""
    folder = write(tmp_path / "mine", {**GOOD, **changes})
    with pytest.raises(ConfigError) as caught:
        load_recipes([folder])
    assert str(caught.value).startswith(f"{folder / 'mine.yaml'}: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "argv",
    [
        ["sh", "-c", "x"], ["bash", "x"], ["/bin/sh", "x"], ["env", "rm"], ["xargs", "rm"], ["sudo", "npm"], ["rm", "-rf", "x"],
        ["pkill", "-f", "vite"], ["killall", "node"], ["kill", "-9", "1"], ["npm", "test", "--", "--updateSnapshot"],
        ["pytest", "--snapshot-update"], ["jest", "--updateSnapshot=true"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["steps", "check", "back"])
def test_what_no_recipe_may_do_is_refused(argv: list[str], key: str) -> None:
    """Shells, removal, killing by name, and the rewriting of expected results."""
    with pytest.raises(ConfigError, match=rf"{key}\[0\]\.run"):
        make_recipe(**{key: [{"run": argv}]})


@pytest.mark.parametrize(
    "text",
    [
        "", "- a", "title: [", "a: &x 1\nb: *x", "title: !!python/object/apply:os.system [id]", "title: a\ntitle: b",
        "\x00", "x" * 40_000, "1: 2", "title: a\n" + "[" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_recipe_at_all_is_told(tmp_path: Path, text: str) -> None:
    """Never a traceback of the parser."""
    with pytest.raises(ConfigError, match=r"mine\.yaml"):
        load_recipes([write(tmp_path / "mine", text)])


@pytest.mark.parametrize(
    ("key", "fault"),
    [("cost", "too long to show"), ("effect", "must be one of .*too long to show"), ("fits", "must be a mapping")],
)
def test_a_number_too_long_to_show_is_refused_all_the_same(key: str, fault: str, tmp_path: Path) -> None:
    """Python gives no text to an integer of thousands of digits; a file may hold one as a hexadecimal number."""
    text = yaml.safe_dump({name: value for name, value in GOOD.items() if name != key})
    with pytest.raises(ConfigError, match=rf"mine\.yaml: {key}: .*{fault}"):
        load_recipes([write(tmp_path / "mine", f"{text}{key}: 0x{'F' * 9000}\n")])


@pytest.mark.parametrize("name", ["Bad", "a-b", "1x"])
def test_a_name_that_is_none_is_told(tmp_path: Path, name: str) -> None:
    """The file's name is the recipe's."""
    with pytest.raises(ConfigError, match="is no recipe's name"):
        load_recipes([write(tmp_path / "mine", GOOD, name)])


def test_a_link_is_no_recipe(tmp_path: Path) -> None:
    """It may lead to a device that never ends."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "mine.yaml").symlink_to("/dev/zero")
    with pytest.raises(ConfigError, match="plain file"):
        load_recipes([tmp_path / "mine"])


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """It is not taken for an empty one."""
    with pytest.raises(ConfigError, match="is no folder of recipes"):
        load_recipes([tmp_path / "missing"])
