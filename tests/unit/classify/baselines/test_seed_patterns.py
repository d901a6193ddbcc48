"""The seed's patterns find and miss what they are known to have found and missed."""

from __future__ import annotations

import pytest

from errclass.classify.baselines import SeedPatterns
from errclass.classify.baselines.seed_patterns import PATTERNS
from errclass.core.taxonomy import Taxonomy

FOUND = {
    "network": "ModuleNotFoundError: No module named 'yaml'",  # for `enotfound` is in it
    "resource": "JavaScript heap out of memory",
    "rate_limit": "HTTP 429 Too Many Requests",
    "temporary": "503 Service Unavailable",
    "dependency": "Error: Cannot find module 'express'",
    "syntax": "SyntaxError: Unexpected token '}'",
    "configuration": "Invalid configuration: missing key",
    "test": "AssertionError: 3 tests failed",
    "build": "Build step failed",
    "security": "remote: HTTP Basic: 403",
    "corruption": "checksum mismatch for the archive",
    "system": 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
    "database": "ERROR: deadlock detected",
}
MISSED = [
    "Error: connect ETIMEDOUT 203.0.113.7:443",
    "requests.exceptions.ReadTimeout: Read timed out. (read timeout=15)",
    "curl: (6) Could not resolve host: deb.debian.org",
    "write /var/lib/docker/tmp/x: No space left on device",
    "npm ERR! 404 Not Found - GET https://registry.npmjs.org/left-padd",
    "Process exited with exit code 137",
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    "ERROR: Job failed: execution took longer than 1h0m0s seconds",
    "",
]


def test_there_is_one_pattern_per_type(taxonomy: Taxonomy) -> None:
    """Thirteen, and unknown for the rest."""
    assert 13 == len(PATTERNS)
    assert {*PATTERNS, "unknown"} == set(taxonomy.names)


@pytest.mark.parametrize(("kind", "text"), FOUND.items())
def test_every_pattern_finds_something(kind: str, text: str) -> None:
    """The faults of the original among them."""
    assert kind == SeedPatterns().predict(text).type


@pytest.mark.parametrize("text", MISSED)
def test_what_the_original_missed_is_missed(text: str) -> None:
    """With the confidence that its formula starts from."""
    answer = SeedPatterns().predict(text)
    assert ("unknown", 0.5) == (answer.type, answer.confidence)


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("deadlock", 0.8),  # all of the text
        ("deadlock" + "." * 8, 0.65),  # half of it
        ("connection refused" + "." * 18, 0.75),  # half of it, and a keyword
        ("deadlock" + "." * 8 + "deadlock", 0.5 + 0.3 / 3 + 0.1),  # a third of it, and two matches
        ("deadlock " * 6, 0.5 + 0.3 * 8 / 54 + 0.2),  # no more than 0.2 for several
        ("connection failed: timeout error, denied, refused", 1.0),  # at most 1
    ],
)
def test_its_confidence_follows_its_formula(text: str, confidence: float) -> None:
    """0.5, the share of the text, keywords, several matches."""
    assert confidence == pytest.approx(SeedPatterns().predict(text).confidence)


def test_its_confidence_falls_as_the_log_grows() -> None:
    """A fault of the original that must show in its figures."""
    answers = [SeedPatterns().predict("ERROR: deadlock detected" + "\nall is well" * lines) for lines in (0, 1, 50)]
    assert sorted((answer.confidence for answer in answers), reverse=True) == [a.confidence for a in answers]
    assert answers[0].confidence > answers[-1].confidence


@pytest.mark.parametrize("text", ["deadlock", "nothing known"])
def test_the_rest_is_spread_evenly(text: str) -> None:
    """So that its probabilities can be judged."""
    ranked = SeedPatterns().predict(text).ranked
    assert 14 == len({entry.type for entry in ranked})
    assert 1.0 == pytest.approx(sum(entry.probability for entry in ranked))
    assert 1 == len({entry.probability for entry in ranked[1:]})


@pytest.mark.parametrize("kind", PATTERNS)
def test_no_gap_is_unbounded(kind: str) -> None:
    """A long line of beginnings without an end must not cost quadratic time."""
    pattern = PATTERNS[kind].pattern
    assert "*" not in pattern
    assert "+" not in pattern
