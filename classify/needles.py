"""Tell, fast, which lines can have a score at all: plain searches, before any pattern is tried."""

from __future__ import annotations

import re
from collections.abc import Sequence

# In lower case and without digits: what a rule of ``scoring`` finds holds one of them.
NEEDLES = (
    "err", "fail", "fatal", "panic", "except", "denied", "refused", "timeout", "time out", "timed", "time-out",
    "cannot", "not ", "n't ", "could ", "unable", "no ", "kill", "abort", "invalid", "unexpected", "missing",
    "undefined", "unresolved", "conflict", "crash", "segfault", "segmentation", "exit", "unauthori", "forbidden",
    "reject", "corrupt", "mismatch", "traceback", "assert", "caused by", "core dumped", "too ", "exceed", "expired",
    "unknown", "illegal", "broken", "reset by", "unreachable", "deadlock", "violat", "oom", "bug:", "oops",
    "incompatib", "require", "already ", "unhealthy", "evicted", "lost", "stopped", "unmet", "vulnerab", "blocked",
    "limit", "checksum", "shut", "stuck", "expected", "malformed", "bad ", "down,", "must ", "unavailable", "unbound",
    "unrecogni", "unsupported", "unsatisf", "undeclared", "out of", "duplicate", "declined", "revoked", "insufficient",
    "not_", "overflow", "exhausted", "differ", "reformat", "misbehav", "inconsistent", "suspend", "hang", "hung",
    "throttl", "quota", "terminated", "closed", "misconfig", "above threshold", "attempt to", "noauth", "noperm",
    "wrongtype", "authenticat", "curl: (", "[!]", "problem", "changed significantly", "does not", "doesn", "isn't",
    "sanitizer", "sigkill", "sigsegv", "sigabrt", "sigterm", "sigbus", "sigill", "ora-", "tns-", "pls-", "issue:",
    "below the ", "rspec ./", "<<< ", ", but ", "✗", "✖", "✘", "×", "❌", "⨯", "✕", "●", "fehler", "fehlge", "erreur",
    "échec", "impossible",
    "错误", "失败", "エラー", "ошибка", "не удалось", "não ", "kann nicht", "konnte", "erro ", "erro:",
    "没有",
)  # fmt: skip
_CODE_NAME = re.compile(r"E[A-Z]{4,}|^E:? |^e: |[A-Z]ERR\b")
_MARK = "##[error]"
_DIGITS = b"0123456789"
_KNOWN_BYTES = 8 << 20


class Sieve:
    """Find in block after block of lines those that may matter; lines that differ in digits only are looked at once."""

    def __init__(self) -> None:
        self._matters: dict[bytes, bool] = {}
        self._bytes = 0

    def find(self, lines: Sequence[str]) -> list[int]:
        """Return the indexes of all lines for which ``may_matter`` holds, and possibly of some more.

        No needle holds a digit, so leaving them out can bring needles together, but never tears one apart.
        """
        text = "\n".join(lines).encode("utf-8", "surrogatepass")
        templates = text.translate(None, _DIGITS).split(b"\n")
        self._learn(set(templates))
        return [index for index, template in enumerate(templates) if self._matters[template]]

    def _learn(self, templates: set[bytes]) -> None:
        if self._bytes > _KNOWN_BYTES:
            self._matters, self._bytes = {}, 0
        for template in templates.difference(self._matters):
            self._matters[template] = may_matter(template.decode("utf-8", "surrogatepass"))
            self._bytes += len(template)


def may_matter(text: str) -> bool:
    """Tell whether a line can have a score at all, cleaned or not."""
    lowered = text.lower()
    for needle in NEEDLES:  # a plain loop: a generator would double the time of a large log
        if needle in lowered:
            return True
    return _MARK in text or _CODE_NAME.search(text) is not None
