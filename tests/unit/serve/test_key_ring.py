"""Keys: shown once, hashed, found in constant time, revoked."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from errclass import ConfigError, UsageError
from errclass.core.masking import mask_secrets
from errclass.serve.api_key import SCOPES
from errclass.serve.key_ring import KeyRing


def test_a_key_is_found_by_its_text_and_by_nothing_else(tmp_path: Path) -> None:
    """Not by its id, its hash, a part of it, or what is like it."""
    ring = KeyRing(tmp_path / "home")
    key, text = ring.create_key("ci", ["read", "classify"])
    found = ring.find_key(text)
    assert (key.id, ("classify", "read")) == (found and found.id, found and found.scopes)
    wrong = ("", key.id, key.digest, text[:-1], text + "x", text.upper(), "\x00", "💥", "\ud800", "x" * 100_000)
    assert [None] * len(wrong) == [ring.find_key(one) for one in wrong]


def test_a_change_by_another_process_is_seen(tmp_path: Path) -> None:
    """At once, by a ring that has read the file before."""
    running, other = KeyRing(tmp_path), KeyRing(tmp_path)
    assert () == running.list_keys()
    _, text = other.create_key("ci", ["read"])
    assert running.find_key(text) is not None
    other.revoke_key("ci")
    assert running.find_key(text) is None


def test_a_name_may_be_used_again_once_its_key_is_revoked(tmp_path: Path) -> None:
    """The old one stays in the list."""
    ring = KeyRing(tmp_path)
    first, _ = ring.create_key("ci", ["read"])
    with pytest.raises(UsageError, match="already"):
        ring.create_key("ci", ["read"])
    ring.revoke_key(first.id)
    second, _ = ring.create_key("ci", ["read"])
    assert [(first.id, True), (second.id, False)] == [(key.id, bool(key.revoked)) for key in ring.list_keys()]


@pytest.mark.parametrize("name", ["", "a\nb", "\x1b[31m", "x" * 65, " x", "-x", "a\x00"])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    """It is shown in lists, and kept with labels."""
    with pytest.raises(UsageError, match="name"):
        KeyRing(tmp_path).create_key(name, ["read"])


@pytest.mark.parametrize("scopes", [[], ["all"], ["read", "all"]])
def test_what_is_no_scope_is_refused(tmp_path: Path, scopes: list[str]) -> None:
    """With those that there are."""
    with pytest.raises(UsageError, match=", ".join(SCOPES)):
        KeyRing(tmp_path).create_key("ci", scopes)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"keys": [{}]}', '{"keys": 1}', "\x00", '{"keys":' + "[" * 9999])
def test_a_damaged_file_lets_nobody_in(tmp_path: Path, content: str) -> None:
    """And says so."""
    ring = KeyRing(tmp_path)
    _, text = ring.create_key("ci", ["read"])
    ring.path.write_text(content)
    with pytest.raises(ConfigError, match="damaged"):
        ring.find_key(text)


def test_a_hash_that_can_be_none_is_that_of_no_key(tmp_path: Path) -> None:
    """Whoever changed the file by hand lets nobody in, and breaks nothing."""
    ring = KeyRing(tmp_path)
    key, text = ring.create_key("ci", ["read"])
    ring.path.write_text(ring.path.read_text().replace(key.digest, "é"), encoding="utf-8")
    assert ring.find_key(text) is None


def test_the_file_is_its_owners_and_holds_no_key(tmp_path: Path) -> None:
    """Whatever the umask."""
    before = os.umask(0)
    try:
        ring = KeyRing(tmp_path / "home")
        key, text = ring.create_key("ci", ["read"])
    finally:
        os.umask(before)
    assert (0o600, 0o700) == (stat.S_IMODE(ring.path.stat().st_mode), stat.S_IMODE(ring.path.parent.stat().st_mode))
    secret = text.partition(f"{key.id}_")[2]
    assert secret
    assert secret not in ring.path.read_text()


def test_a_key_in_a_log_is_masked(tmp_path: Path) -> None:
    """As any other secret."""
    _, text = KeyRing(tmp_path).create_key("ci", ["read"])
    for line in (f"Authorization: Bearer {text}", f"ERRCLASS_KEY={text}"):
        assert text not in mask_secrets(line)
