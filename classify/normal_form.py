"""Give texts of the same error one form: what certainly differs from run to run gets fixed values of its length."""

from __future__ import annotations

import re

_FROM = r"(?<![\w>.])"
_TO = r"(?![\w<])"
# A sign makes a number of the digits behind it, whatever follows these.
_UNSIGNED = r"(?<!\W[+\-])(?<!^[+\-])"
_CLOCK = r"[0-2][0-9]:[0-5][0-9]:[0-6][0-9](?:[.,][0-9]{1,9})?"
# Never a short number or a short hexadecimal one, for those may be codes: 0xC0000005, exit code 3221225786.
_VARIABLES = re.compile(
    rf"(?=[0-9a-fJFMASOND]|(?<=/tmp/)){_FROM}{_UNSIGNED}(?:"
    rf"(?P<zeros>[0-9]{{4}}-[01][0-9]-[0-3][0-9][T ]{_CLOCK}(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?{_TO}"
    rf"|{_CLOCK}{_TO}"
    rf"|[0-9]{{1,6}}\.[0-9]{{1,9}}(?= ?(?:m?s|sec|secs|seconds){_TO})"
    rf"|[0-9]{{12,20}}{_TO})"
    rf"|(?P<month>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?= {{1,2}}[0-9]{{1,2}} {_CLOCK}{_TO}))"
    rf"|(?P<uuid>[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}{_TO})"
    rf"|(?P<hex>(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{{7,64}}{_TO})"
    rf"|(?P<address>0x[0-9a-f]{{9,16}}{_TO})"
    r"|(?P<temporary>(?<=/tmp/)(?:tmp|pip-install-|pip-req-build-|pip-build-env-|npm-|go-build|cc)"
    r"(?=[A-Za-z_]{0,12}[0-9])[A-Za-z0-9_]{6,12}(?![\w\-])))",
    re.MULTILINE,
)
_TEMPORARY = re.compile(r"(?:pip-install|pip-req-build|pip-build-env|npm)-|tmp|go-build|cc")
_DIGIT = re.compile(r"[0-9]")
_ZEROS = str.maketrans("123456789", "000000000")
_UUID = "00000000-0000-0000-0000-000000000000"
_HEX = "0a" * 32
_NAME = "x0" * 8  # not hexadecimal: with its prefix it would be an id


def normalise_variables(text: str) -> str:
    """Return ``text`` with fixed values for times, durations, UUIDs, long ids and temporary names.

    Each value keeps its length and its kind: every place stays where it is, and ``mask_variables`` gives the same for
    both texts. Idempotent; the time is linear in the length of the text.
    """
    return _VARIABLES.sub(_fixed, text) if _DIGIT.search(text) else text


def _fixed(match: re.Match[str]) -> str:
    kind, value = match.lastgroup, match.group()
    if kind == "zeros":
        return value.translate(_ZEROS)
    if kind == "month":
        return "Jan"
    if kind == "uuid":
        return _UUID
    if kind == "hex":
        return _HEX[: len(value)]
    if kind == "address":
        return "0x" + _HEX[: len(value) - 2]
    prefix = _TEMPORARY.match(value)
    kept = prefix.end() if prefix else 0
    return value[:kept] + _NAME[: len(value) - kept]
