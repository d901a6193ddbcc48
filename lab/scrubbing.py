"""Make a captured text fit for publication: no escapes, nothing of the machine it comes from, no people."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_=>78]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EMAIL = re.compile(
    r"(?<![\w.+/:@-])(?!git@)[\w.+-]+@(?!(?:[\w-]+\.)*(?:example\.(?:com|org|net)|invalid)\b)(?:[\w-]+\.)+[a-z]{2,}\b",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"(?<![\w.])(?:10(?:\.\d{1,3}){3}|(?:172\.(?:1[6-9]|2\d|3[01])|192\.168|169\.254)(?:\.\d{1,3}){2})(?![\w.]*\.\d)(?!\d)"
)
_KERNEL = re.compile(r"\b\d+\.\d+\.\d+-[\w.-]*?(?:cloud|gcp|aws|azure|microvm|firecracker|generic)[\w-]*")
_REPOSITORY = str(Path(__file__).resolve().parent.parent)
_PLACES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"/[\w/.-]*?/lab-\w+/place/merged"), ""),
    (re.compile(re.escape(_REPOSITORY) + r"(?=\W|$)"), "/srv/app"),
    (re.compile(r"/root/\.(?:pyenv|rustup|cargo|cache|npm|nvm)\b"), "/home/runner/.cache"),
)


def scrub(text: str, replace: Mapping[str, str] | None = None) -> str:
    """Return the text as it may be published; scrubbing it again changes nothing.

    ``replace`` maps literal strings of one scenario (a random name, a mirror's host) to neutral ones, first of all.
    """
    for old, new in (replace or {}).items():
        text = text.replace(old, new)
    for clean in _STEPS:
        text = clean(text)
    return text


def _plain(text: str) -> str:
    """Drop escapes and control characters, keep what a progress line said last."""
    text = _CONTROLS.sub("", _ESCAPES.sub("", text)).replace("\r\n", "\n")
    return "\n".join(_last_state(line).rstrip() for line in text.split("\n")).strip("\n")


def _last_state(line: str) -> str:
    states = [state for state in line.split("\r") if state.strip()]
    return states[-1] if states else ""


def _neutral_places(text: str) -> str:
    for pattern, neutral in _PLACES:
        text = pattern.sub(neutral, text)
    return text


def _neutral_hosts(text: str) -> str:
    return _PRIVATE.sub("192.0.2.10", text)


def _neutral_people(text: str) -> str:
    return _EMAIL.sub("user@example.com", text)


def _neutral_kernel(text: str) -> str:
    return _KERNEL.sub("6.8.0-1021-generic", text)


_STEPS: tuple[Callable[[str], str], ...] = (_plain, _neutral_places, _neutral_hosts, _neutral_people, _neutral_kernel)
