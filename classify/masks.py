"""Replace what varies between two runs of the same failure by placeholders."""

from __future__ import annotations

import re

# Like \b before and after a word, but a placeholder's edge is none: masking masked text must change nothing.
_FROM = r"(?<![\w>])(?=\w)"
_TO = r"\b(?!<)"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d+)?"
_TOP_LEVELS = "com|org|net|io|dev|local|internal|example|test|svc|cloud|app|co|ai|de|uk|corp|lan|cluster"
_MASKS = re.compile(
    r"(?P<secret>\[masked:[\w\-]+\])"
    rf"|(?P<url>{_FROM}[a-z][a-z0-9+.\-]{{1,20}}://[^\s'\"<>()\[\]{{}}]{{1,2000}})"
    rf"|(?P<uuid>{_FROM}[0-9a-fA-F]{{8}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{4}}-[0-9a-fA-F]{{12}}{_TO})"
    rf"|(?P<time>{_FROM}(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?{_MONTH} {{1,2}}\d{{1,2}} {_CLOCK}(?: \d{{4}})?{_TO}"
    rf"|{_FROM}\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?{_TO}"
    rf"|{_FROM}\d?\d:\d\d:\d\d(?:[.,]\d+)?{_TO})"
    rf"|(?P<email>{_FROM}[\w.+\-]{{1,64}}@[\w\-]{{1,63}}(?:\.[\w\-]{{1,63}}){{1,5}}{_TO})"
    rf"|(?P<ip>{_FROM}\d{{1,3}}\.\d{{1,3}}\.\d{{1,3}}\.\d{{1,3}}(?::\d{{1,5}})?{_TO}|\[[0-9a-fA-F:]{{3,45}}\](?::\d{{1,5}}{_TO})?)"
    rf"|(?P<digest>{_FROM}(?:sha(?:1|256|384|512)[:\-])[0-9A-Za-z+/=]{{16,}})"
    rf"|(?P<hex>{_FROM}0x[0-9a-fA-F]+{_TO}|{_FROM}(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{{7,64}}{_TO}"
    rf"|{_FROM}(?=[0-9A-F]*\d)(?=[0-9A-F]*[A-F])[0-9A-F]{{12,64}}{_TO})"
    r"|(?P<path>(?<![\w<>])(?:[A-Za-z]:[\\/]|~[\\/]|\.{1,2}[\\/]|[\\/](?=[\w.@+\-]))(?:[\w.@+\-~%]+[\\/]?)+"
    # Only from the start of a run: from each of its places, a long one would take quadratic time.
    r"|(?<![\w.@+\->])[\w.@+\-]+(?:/[\w.@+\-]+){2,}|(?<![\w.\->])[\w.\-]+(?:\\[\w.\-]+){2,})"
    rf"|(?P<host>{_FROM}(?:[a-z0-9](?:[a-z0-9\-]{{0,61}}[a-z0-9])?\.){{1,6}}(?:{_TOP_LEVELS})\b(?:\.[a-z]{{2,8}}){{0,3}}(?::\d{{1,5}})?{_TO})"
    rf"|(?P<version>{_FROM}v?\d+\.\d+(?:\.\d+)*(?:[-+.][\w.]+)?{_TO})"
    rf"|(?P<number>(?<![\w>])[-+]?\d[\d_,]*(?:\.\d+)?(?={_TO}|[a-zA-Z]{{1,4}}(?![\w<]))|(?<=[A-Za-z_-])\d{{3,}})"
)
_EXTENSION = re.compile(r"\.([A-Za-z]{1,10}|[A-Za-z]{1,4}\d{1,2})(?::\d|$|\))")


def mask_variables(text: str) -> str:
    """Return ``text`` with URLs, hosts, paths, hashes, times, versions and numbers as placeholders.

    A path keeps the extension of its file, for that says what kind of file it was. Idempotent.
    """
    return _MASKS.sub(_placeholder, text)


def _placeholder(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "path":
        found = _EXTENSION.search(match.group())
        return f"<path>.{found[1].lower()}" if found else "<path>"
    return "<hex>" if kind in ("digest", "uuid") else f"<{kind}>"
