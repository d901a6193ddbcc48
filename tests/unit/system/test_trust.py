"""What the user trusts is kept by its hash, in one file that only they can read."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pytest

from errclass.core.errors import ConfigError, UsageError
from errclass.system.trust import TrustStore


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nothing_is_trusted_at_first(home: Path, tree: Path) -> None:
    """And asking creates nothing."""
    store = TrustStore(home)
    assert store.model_hashes() == frozenset()
    assert not store.is_trusted(tree / "errclass.toml", b"")
    assert not home.exists()


def test_models_and_directories_share_one_file(home: Path, tree: Path) -> None:
    """In the documented form, folder 0700 and file 0600, and without leftovers."""
    (tree / "errclass.toml").write_bytes(b"a = 1")
    store = TrustStore(home)
    store.trust_model("f" * 64, Path("/models/m.joblib"))
    assert store.trust_directory(tree) == [tree / "errclass.toml"]
    assert json.loads((home / "trust.json").read_text(encoding="utf-8")) == {
        "models": {"f" * 64: "/models/m.joblib"},
        "directories": {str(tree): {"errclass.toml": hashlib.sha256(b"a = 1").hexdigest()}},
    }
    assert (_mode(home), _mode(home / "trust.json")) == (0o700, 0o600)
    assert [path.name for path in home.iterdir()] == ["trust.json"]
    assert store.model_hashes() == {"f" * 64}


def test_trust_is_in_content_and_place(home: Path, tree: Path) -> None:
    """Neither other content nor a copy elsewhere is trusted."""
    (tree / "errclass.toml").write_bytes(b"a = 1")
    store = TrustStore(home)
    store.trust_directory(tree)
    assert store.is_trusted(tree / "errclass.toml", b"a = 1")
    assert not store.is_trusted(tree / "errclass.toml", b"a = 2")
    assert not store.is_trusted(tree / "sub" / "errclass.toml", b"a = 1")
    assert not store.is_trusted(tree / "pyproject.toml", b"a = 1")


def test_trusting_again_replaces_what_was_trusted(home: Path, tree: Path) -> None:
    """A file that is gone is no longer trusted."""
    (tree / "errclass.toml").write_bytes(b"a = 1")
    store = TrustStore(home)
    store.trust_directory(tree)
    (tree / "errclass.toml").rename(tree / "pyproject.toml")
    store.trust_directory(tree)
    assert not store.is_trusted(tree / "errclass.toml", b"a = 1")
    assert store.is_trusted(tree / "pyproject.toml", b"a = 1")


def test_a_directory_without_settings_cannot_be_trusted(home: Path, tree: Path) -> None:
    """There would be nothing to compare with later."""
    with pytest.raises(UsageError, match=r"holds neither errclass\.toml nor pyproject\.toml"):
        TrustStore(home).trust_directory(tree)
    assert not home.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"models": 3}', '{"directories": ["x"]}'])
def test_a_damaged_file_is_named(home: Path, text: str) -> None:
    """It is never taken for an empty one, which would be overwritten."""
    home.mkdir()
    (home / "trust.json").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"trust\.json: damaged .*remove it and trust again"):
        TrustStore(home).model_hashes()


def test_an_odd_entry_trusts_nothing(home: Path, tree: Path) -> None:
    """A text that contains the file's name is not a record of it."""
    home.mkdir()
    (home / "trust.json").write_text(json.dumps({"directories": {str(tree): "errclass.toml"}}), encoding="utf-8")
    assert not TrustStore(home).is_trusted(tree / "errclass.toml", b"")


def test_a_home_that_cannot_be_written_is_named(home: Path, tree: Path) -> None:
    """Here: a file stands where the folder should be."""
    home.write_text("", encoding="utf-8")
    (tree / "errclass.toml").touch()
    with pytest.raises(ConfigError, match=r"trust\.json: cannot be written .*ERRCLASS_HOME"):
        TrustStore(home).trust_directory(tree)
