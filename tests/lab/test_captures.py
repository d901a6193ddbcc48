"""The captures that are kept: stable files, true labels, nothing that may not be published."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from captures import Capture, merge
from scenario import load_scenarios
from scrubbing import scrub
from support.source import find_source

from errclass.core.masking import mask_secrets
from errclass.core.taxonomy import Taxonomy

FOLDER = find_source() / "data" / "captures"
FILES = sorted(FOLDER.glob("*.yaml"))
MACHINE_PATHS = re.compile(rf"{re.escape(str(find_source()))}\b|/place/merged|/root/\.(?!m2\b)")
ADDRESSES = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.-]*\d)")
NEUTRAL_ADDRESSES = re.compile(r"127\.|0\.0\.0\.0|192\.0\.2\.|17\.0\.21\.1$")  # the last is a version of the JDK
HOSTS = re.compile(r"https?://(?:[\w.+-]+(?::[^@\s/]*)?@)?([\w.-]+)")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "0.0.0.0"})
RESERVED = (".invalid", "example.com", "example.org")
PEOPLE = re.compile(r"(?<![\w/:@.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|de|dev)\b")


def _entries() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in FILES:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [(f"{path.stem}/{entry['id']}", entry) for entry in content["texts"]]
    return found


ENTRIES = _entries()


@pytest.fixture
def capture() -> Capture:
    """Return a capture."""
    return Capture("refused", "network", None, "8.1", "curl x", 7, "2025-06-02", "took 12 ms\nat 0x7f01ab refused")


def _saved(folder: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load((folder / "curl.yaml").read_text(encoding="utf-8"))["texts"])


def test_new_entry_is_written(capture: Capture, tmp_path: Path) -> None:
    """A first capture makes the file, without the fields that say nothing."""
    assert merge("curl", [capture], ["refused"], tmp_path) == ["refused"]
    assert list(_saved(tmp_path)[0]) == ["id", "type", "version", "command", "exit_code", "captured", "text"]


def test_same_failure_is_left_alone(capture: Capture, tmp_path: Path) -> None:
    """Another day, another version and other numbers are no reason to rewrite an entry."""
    merge("curl", [capture], ["refused"], tmp_path)
    again = Capture("refused", "network", None, "8.2", "curl x", 7, "2025-07-01", "took 90 ms\nat 0x7f99cd refused")
    assert merge("curl", [again], ["refused"], tmp_path) == []
    assert _saved(tmp_path)[0]["captured"] == "2025-06-02"


def test_other_words_are_a_change(capture: Capture, tmp_path: Path) -> None:
    """Another message replaces the entry."""
    merge("curl", [capture], ["refused"], tmp_path)
    other = Capture("refused", "network", None, "8.2", "curl x", 7, "2025-07-01", "could not connect")
    assert merge("curl", [other], ["refused"], tmp_path) == ["refused"]
    assert _saved(tmp_path)[0]["text"] == "could not connect"


def test_unknown_scenarios_go_and_others_stay(capture: Capture, tmp_path: Path) -> None:
    """Capturing one scenario keeps the entries of the others, and drops those nothing describes any more."""
    merge("curl", [capture], ["refused"], tmp_path)
    other = Capture("reset", "network", None, "8.1", "curl y", 56, "2025-06-02", "reset by peer")
    merge("curl", [other], ["refused", "reset"], tmp_path)
    assert [entry["id"] for entry in _saved(tmp_path)] == ["refused", "reset"]
    merge("curl", [], ["reset"], tmp_path)
    assert [entry["id"] for entry in _saved(tmp_path)] == ["reset"]


def test_several_hundred_over_all_types(taxonomy: Taxonomy) -> None:
    """Every type has captures, and there are several hundred of them."""
    counts = Counter(entry["type"] for _, entry in ENTRIES)
    assert sorted(counts) == sorted(taxonomy.names)
    assert len(ENTRIES) >= 400


def test_every_capture_has_its_scenario() -> None:
    """What is kept can be captured again, and carries the scenario's label."""
    declared = {f"{each.tool}/{each.id}": (each.type, each.retryable) for each in load_scenarios()}
    kept = {name: (entry["type"], entry.get("retryable")) for name, entry in ENTRIES}
    assert {name: label for name, label in kept.items() if declared.get(name) != label} == {}


def test_every_capture_shows_what_was_provoked() -> None:
    """The kept text still matches what its scenario expects, so that no label is a guess."""
    expected = {f"{each.tool}/{each.id}": each.expect for each in load_scenarios()}
    checked = [(name, entry) for name, entry in ENTRIES if expected[name] != "(timed out)"]
    assert [name for name, entry in checked if not re.search(expected[name], entry["text"])] == []


def test_every_capture_failed() -> None:
    """A command that succeeded is no failure."""
    assert [name for name, entry in ENTRIES if entry["exit_code"] == 0] == []


def test_lengths() -> None:
    """No text has more than 200 lines or 16 KiB."""
    long = [name for name, entry in ENTRIES if entry["text"].count("\n") >= 200 or len(entry["text"].encode()) > 16384]
    assert long == []


def test_no_two_alike() -> None:
    """No text is there twice: a template with other names is no second capture."""
    seen = Counter(re.sub(r"\W", "", entry["text"]) for _, entry in ENTRIES)
    assert [text for text, count in seen.items() if count > 1] == []


def test_scrubbed() -> None:
    """Every text is as the scrubber leaves it."""
    assert [name for name, entry in ENTRIES if scrub(entry["text"]) != entry["text"]] == []


def test_no_machine_path() -> None:
    """No text or command names a place of the machine it was captured on."""
    found = {name: MACHINE_PATHS.search(entry["text"] + "\n" + entry["command"]) for name, entry in ENTRIES}
    assert {name: match[0] for name, match in found.items() if match} == {}


def test_no_outside_address() -> None:
    """Addresses are loopback or reserved for documentation; version numbers of four parts are no addresses."""
    found = {name: [a for a in ADDRESSES.findall(entry["text"]) if _is_foreign(a)] for name, entry in ENTRIES}
    assert {name: addresses for name, addresses in found.items() if addresses} == {}


def _is_foreign(address: str) -> bool:
    return all(int(part) < 256 for part in address.split(".")) and not NEUTRAL_ADDRESSES.match(address)


def test_no_person() -> None:
    """Mail addresses belong to nobody."""
    found = {name: [a for a in PEOPLE.findall(entry["text"]) if _is_a_person(a)] for name, entry in ENTRIES}
    assert {name: people for name, people in found.items() if people} == {}


def _is_a_person(address: str) -> bool:
    return not address.startswith("git@") and not re.search(r"[@.]example\.(com|org|net)$", address)


def test_no_private_host() -> None:
    """Hosts in URLs are public sites that tools name, or names reserved for examples."""
    hosts = {host.rstrip(".").lower() for _, entry in ENTRIES for host in HOSTS.findall(entry["text"])}
    assert sorted(host for host in hosts if not _is_public(host)) == []


def _is_public(host: str) -> bool:
    return host in PUBLIC_SITES or host in LOOPBACK or host.endswith(RESERVED)


PUBLIC_SITES = frozenset(
    [
        "bandit.readthedocs.io",
        "bugs.debian.org",
        "curl.se",
        "cwe.mitre.org",
        "cwiki.apache.org",
        "deb.debian.org",
        "developer.hashicorp.com",
        "docs.docker.com",
        "docs.rs",
        "eslint.org",
        "galaxy.ansible.com",
        "getcomposer.org",
        "github.com",
        "help.gradle.org",
        "index.crates.io",
        "index.rubygems.org",
        "jestjs.io",
        "lambda.eu-central-1.amazonaws.com",
        "mypy.readthedocs.io",
        "nextjs.org",
        "pip.pypa.io",
        "proxy.golang.org",
        "pypi.org",
        "railsapps.github.io",
        "registry.npmjs.org",
        "registry.terraform.io",
        "registry.yarnpkg.com",
        "repo.maven.apache.org",
        "repo.packagist.org",
        "rollupjs.org",
        "rubygems.org",
        "rust-lang.github.io",
        "sqlalche.me",
        "static.crates.io",
        "upload.pypi.org",
        "webpack.js.org",
        "www.docker.com",
        "www.shellcheck.net",
        "yarnpkg.com",
    ]
)


def test_no_secret() -> None:
    """The masker finds nothing to mask."""
    assert [name for name, entry in ENTRIES if mask_secrets(entry["text"]) != entry["text"]] == []
