"""Settings of a working tree are found, read without harm, and reported without harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.system.tree_file import flatten
from errclass.system.trust import TrustStore
from errclass.system.working_tree import Refusal, read_tree_settings, tighten


@pytest.fixture
def trust(home: Path) -> TrustStore:
    """Return a store that trusts nothing."""
    return TrustStore(home)


def test_the_nearest_file_upwards_is_read(tree: Path, trust: TrustStore) -> None:
    """A package of a monorepo may say more than its root."""
    (tree / "errclass.toml").write_text('component = "root"', encoding="utf-8")
    folder = tree / "packages" / "web" / "src"
    folder.mkdir(parents=True)
    assert read_tree_settings(folder, trust).values == {"component": "root"}
    (tree / "packages" / "web" / "pyproject.toml").write_text('[tool.errclass]\ncomponent = "web"', encoding="utf-8")
    assert read_tree_settings(folder, trust).values == {"component": "web"}


def test_a_pyproject_that_does_not_mention_us_is_passed_over(tree: Path, trust: TrustStore) -> None:
    """Nearly every Python project has one."""
    (tree / "errclass.toml").write_text('component = "root"', encoding="utf-8")
    folder = tree / "web"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[tool.ruff]\nline-length = 120\n", encoding="utf-8")
    assert read_tree_settings(folder, trust).values == {"component": "root"}


def test_our_own_file_goes_before_pyproject(tree: Path, trust: TrustStore) -> None:
    """In the same folder."""
    (tree / "errclass.toml").write_text('component = "own"', encoding="utf-8")
    (tree / "pyproject.toml").write_text('[tool.errclass]\ncomponent = "shared"', encoding="utf-8")
    assert read_tree_settings(tree, trust).values == {"component": "own"}


def test_the_search_ends_at_the_repository(tree: Path, trust: TrustStore) -> None:
    """What lies above belongs to somebody else."""
    (tree.parent / "errclass.toml").write_text('component = "above"', encoding="utf-8")
    assert read_tree_settings(tree, trust).file is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"component = \n", "Invalid value"),
        (b"\xff\xfe\x00", "codec can't decode"),
        (b"x = " + b"[" * 5000, "recursion"),
        (b"a." * 400_000 + b"a = 1", "more than 300 dots"),
        (b'"x y".' * 400 + b"a = 1", "more than 300 dots"),
        (b"# " + b"x" * (1 << 20), "larger than 1 MiB"),
    ],
    ids=["broken", "other bytes", "nested arrays", "deep keys", "quoted keys", "huge"],
)
def test_a_file_that_cannot_be_read_is_refused(tree: Path, trust: TrustStore, content: bytes, reason: str) -> None:
    """Without an error, and without parsing what would take the parser minutes."""
    (tree / "errclass.toml").write_bytes(content)
    (refusal,) = read_tree_settings(tree, trust).refused
    assert refusal.key == "the whole file"
    assert reason in refusal.reason


@pytest.mark.parametrize("text", ["# [tool.errclass]\ntool = 3\n", "[tool]\nerrclass = 3\n# [tool.errclass"])
def test_a_section_that_is_no_table_is_refused(tree: Path, trust: TrustStore, text: str) -> None:
    """Whatever else the file is for."""
    (tree / "pyproject.toml").write_text(text, encoding="utf-8")
    (refusal,) = read_tree_settings(tree, trust).refused
    assert refusal.reason.endswith("is no table")


def test_a_link_is_refused(tree: Path, trust: TrustStore) -> None:
    """It may lead to a device that never ends, or to a file of the user's."""
    target = tree.parent / "outside.toml"
    target.write_text('component = "x"', encoding="utf-8")
    (tree / "errclass.toml").symlink_to(target)
    settings = read_tree_settings(tree, trust)
    assert settings.values == {}
    assert settings.refused[0].reason == "it cannot be read: it is a symbolic link"


def test_what_is_no_file_is_passed_over(tree: Path, trust: TrustStore) -> None:
    """A folder of that name, and a folder that is gone."""
    (tree / "errclass.toml").mkdir()
    assert read_tree_settings(tree, trust).file is None
    assert read_tree_settings(None, trust).file is None


@pytest.mark.parametrize("name", ["", "x" * 129, "a\nb", "a\x1b[31m", 3, ["x"]])
def test_a_name_is_one_short_line(tree: Path, trust: TrustStore, name: object) -> None:
    """It will be stored, shown and counted by."""
    (tree / "errclass.toml").touch()
    settings = read_tree_settings(tree, trust)
    settings = type(settings)(settings.file, {"operation": name})
    applied, (refusal,) = tighten(settings, {})
    assert applied == {}
    assert refusal.reason == "it must be one line of at most 128 characters"


def test_a_refusal_cannot_inject_anything(tree: Path) -> None:
    """Neither a terminal sequence nor a command for the CI system."""
    folder = tree / "a\x1b[2Jb"
    text = str(Refusal(folder / "errclass.toml", "x\n::set-output name=a::b\x1b]0;c\x07##vso[task.x]", "no\r\nno"))
    assert text.isprintable()
    assert "::" not in text.removeprefix(str(tree))
    assert "##vso" not in text


def test_only_the_first_refusals_are_listed(tree: Path, trust: TrustStore) -> None:
    """A file may ask for a thousand things."""
    (tree / "errclass.toml").write_text("\n".join(f"k{i} = {i}" for i in range(1000)), encoding="utf-8")
    applied, refused = tighten(read_tree_settings(tree, trust), {})
    assert applied == {}
    assert [refusal.key for refusal in refused[-2:]] == ["k19", "and 980 more"]
    assert len(refused) == 21


def test_tables_are_flattened() -> None:
    """To the dotted keys that people name them by."""
    assert flatten({"a": {"b": {"c": 1}, "d": [2]}, "e": {}}) == {"a.b.c": 1, "a.d": [2]}
