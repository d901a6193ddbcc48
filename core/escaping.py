"""Make text from logs safe to print: it is input from strangers."""

from __future__ import annotations

import re

_ESCAPES = re.compile(r"\x1b\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?|\x1b\[[0-?]{0,32}[ -/]{0,4}[@-~]?|\x1b.?")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JSON_COMMANDS = re.compile(r"\x7f|(?<=#)#|(?<=:):")
_COMMANDS = re.compile(r"##(?=vso\[|\[)|^([^\S\n]*):(?=:[a-z])", re.MULTILINE | re.IGNORECASE)


def escape_terminal(text: str) -> str:
    """Return ``text`` without anything that a terminal or a CI system would act on.

    Escape and control sequences and direction marks are dropped; the workflow commands of GitHub (``::name``) and
    Azure (``##vso[``) get a space inside, so that they read the same and do nothing.
    """
    text = _CONTROLS.sub("", _ESCAPES.sub("", text))
    return _COMMANDS.sub(lambda match: "# #" if match[1] is None else f"{match[1]}: ", text)


def escape_json(document: str) -> str:
    """Return a JSON document in which a terminal or a CI system finds nothing to act on, and a parser the same values.

    ``document`` is what ``json.dumps`` gives with ``ensure_ascii``: all controls but DEL are escaped already.
    """
    return _JSON_COMMANDS.sub(lambda match: f"\\u{ord(match[0]):04x}", document)
