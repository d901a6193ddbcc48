"""Replace what varies between two runs of the same failure by placeholders."""

from __future__ import annotations

import re

_MASKS = re.compile(
    r"(?P<secret>\[masked:[\w\-]+\])"
    r"|(?P<url>\b[a-z][a-z0-9+.\-]{1,20}://[^\s'\"<>()\[\]{}]{1,2000})"
    r"|(?P<uuid>\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b)"
    r"|(?P<time>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)\b)"
    r"|(?P<email>\b[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,5}\b)"
    r"|(?P<ip>\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d{1,5})?\b|\[[0-9a-fA-F:]{3,45}\](?::\d{1,5})?)"
    r"|(?P<digest>\b(?:sha(?:1|256|384|512)[:\-])[0-9A-Za-z+/=]{16,})"
    r"|(?P<hex>\b0x[0-9a-fA-F]+\b|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,64}\b|\b(?=[0-9A-F]*\d)(?=[0-9A-F]*[A-F])[0-9A-F]{12,64}\b)"
    r"|(?P<path>(?<![\w<])(?:[A-Za-z]:[\\/]|~[\\/]|\.{1,2}[\\/]|[\\/](?=[\w.@+\-]))(?:[\w.@+\-~%]+[\\/]?)+|\b[\w.@+\-]+(?:/[\w.@+\-]+){2,}|\b[\w.\-]+(?:\\[\w.\-]+){2,})"
    r"|(?P<host>\b(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,6}(?:com|org|net|io|dev|local|internal|example|test|svc|cloud|app|co|ai|de|uk|corp|lan|cluster)\b(?:\.[a-z]{2,8}){0,3}(?::\d{1,5})?)"
    r"|(?P<version>\bv?\d+\.\d+(?:\.\d+)*(?:[-+.][\w.]+)?\b)"
    r"|(?P<number>(?<![\w])[-+]?\d[\d_,]*(?:\.\d+)?(?=\b|[a-zA-Z]{1,4}\b)|(?<=[A-Za-z_-])\d{3,})"
)
_EXTENSION = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,9})(?::\d|$|\))")
_KEPT_EXTENSIONS = 10


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
