"""Values assigned to names that say password, token, key or secret: ``NAME=x``, ``"name": "x"``, ``--name x``."""

from __future__ import annotations

import re
from typing import NamedTuple

from .values import HEAD_CHARS, Setting, hides_password, hides_secret, is_path, is_uuid

ASSIGNMENT_HINTS = (
    *("_pass", "-pass", ".pass", "pass=", "passw", "passphrase", "passcode", "smtppass", "psswd", "pwd"),
    *("secret", "token", "key", "credential", "_auth"),
)
"""Lower-case literals of which every line with such an assignment holds at least one."""

_PASSWORD = r"pass(?:word|wd|phrase|code)|psswd|(?<![a-z])pwd|(?<=[a-z0-9][_\-.])pass|(?<=[?&;])pass|(?<=smtp)pass"
_SECRET = (
    r"secret|(?<!publickey)token|credential|client-key-data"
    r"|(?:api|access|private|account|shared|signing|encryption|master|auth|webhook|deploy)[_\-. ]?key"
    r"|(?<![a-z0-9])_auth"
)
_SUFFIX = (
    r"s?(?:[_\-.]?(?:access|key|value|data|hash|base64|b64|string|text)){0,3}(?:[_\-.][a-z0-9]{1,20}){0,4}"
    r"(?: provided)?"
)
_QUOTE = r"\\{0,3}['\"]"
_SIGN = (
    # name: X, value: Y, as lists of environment variables are written in JSON and YAML
    rf"(?P<pair>(?:{_QUOTE})?[\s,]{{0,60}}(?:[+~\-]\s{{0,4}})?(?:{_QUOTE})?value(?:{_QUOTE})?\s{{0,8}}[:=]\s{{0,4}})"
    rf"|(?P<assign>(?:{_QUOTE}\]?)?\s{{0,20}}(?:=>|:=|=(?![=>])|:(?![:/]))\s{{0,20}})"
    r"|(?P<element>>(?=[^<>\s]{1,500}</))"
    rf"|(?P<flag>[ \t]{{1,2}}(?![=|])|{_QUOTE},\s{{0,4}}(?={_QUOTE}))"
)
_ASSIGNMENT = re.compile(rf"(?i)(?:(?P<password>{_PASSWORD})|{_SECRET})(?P<suffix>{_SUFFIX})(?:{_SIGN})")
_HARMLESS_SUFFIX = re.compile(
    r"(?i)[_\-.](?:"
    r"age|alg|algorithm|arn|attempts?|audience|cache|change|changed|class|column|cost|count|days|dir|enabled|"
    r"endpoint|env|error|exp|expir\w+|field|filename|files?|format|header|helper|hint|host|hours|ids?|index|issuer|"
    r"kind|label|len|length|limit|line|manager|max|method|min|mode|mount|names?|namespace|param|path|paths|pattern|"
    r"policy|position|prefix|prompt|provider|rate|refs?|regex|required|reset|rotation|scopes?|seconds|service|size|"
    r"source|start|state|status|stdin|storage|store|suffix|timeout|title|ttl|types?|uris?|urls?|usages?|used|valid|"
    r"var|version|volume"
    r")$"
)
_FLAG_BEFORE = re.compile(r"(?:^|[\s'\"=\[(,])--?[\w\-]*$")
_HEADER_BEFORE = re.compile(r"(?i)(?:^|[\s'\"<>])(?:x|private|job|deploy)-[\w\-]*$")
_PARSER_BEFORE = re.compile(
    r"(?i)\b(?:continuation|current|expected|extra|illegal|missing|near|next|page|stray|syntax|unexpected|unrecogni[sz]ed)"
    r"[ _-]$"
)
# The user of a URL may be called token; what follows its colon is the business of the URL's own pattern.
_URL_BEFORE = re.compile(r"://[^\s/@]*$")
_LINE_BEFORE = re.compile(r"(?:export[ \t]+|set[ \t]+|[+\-][ \t]*)?[\w.\-/:]*$")
_BARE = re.compile(r"[^\s'\"&;,)<]+")
_WORD = re.compile(r"\S+")
_CLOSED = {quote: re.compile(rf"(?:(?!{re.escape(quote)})(?:\\.|[^\n\\]))*+") for quote in ("'", '"')}


class _Place(NamedTuple):
    """Where a value stands, and how it was set."""

    start: int
    end: int
    setting: Setting


def mask_assignments(line: str) -> str:
    """Replace each value in ``line`` that is assigned to a secret's name and looks like a secret."""
    pieces: list[str] = []
    done = at = 0
    while match := _ASSIGNMENT.search(line, at):
        place = _find_value(line, match)
        at = match.end()
        if _hides(line, match, place):
            pieces += line[done : place.start], "[masked:password]" if match["password"] else "[masked:secret]"
            done = at = place.end
        elif place.end - place.start > HEAD_CHARS:
            at = place.end
    return "".join(pieces) + line[done:]


def _find_value(line: str, match: re.Match[str]) -> _Place:
    quote = re.compile(_QUOTE).match(line, match.end())
    if quote:
        setting = Setting.ENVIRONMENT if _is_environment(line, match) else Setting.QUOTED
        return _Place(quote.end(), _end_of_quoted(line, quote), setting)
    setting = _setting(line, match)
    value = (_WORD if setting is Setting.ENVIRONMENT else _BARE).match(line, match.end())
    if value is None:
        return _Place(match.end(), match.end(), setting)
    end = value.end()
    if setting is Setting.ENVIRONMENT:
        end = match.end() + len(value.group().rstrip("'\",;)"))
    if setting is Setting.INI and line[end:].strip(" \t\r;,"):
        setting = Setting.LOOSE
    return _Place(match.end(), end, setting)


def _setting(line: str, match: re.Match[str]) -> Setting:
    sign = match["assign"]
    if match["flag"]:
        return Setting.FLAG
    if sign is None:
        return Setting.TIGHT if match["pair"] else Setting.QUOTED
    if sign == "=":
        return Setting.ENVIRONMENT if _is_environment(line, match) else Setting.TIGHT
    before = line[_start_of_line(line, match.start()) : match.start()]
    if _HEADER_BEFORE.search(before[-60:]):
        return Setting.TIGHT
    if _LINE_BEFORE.fullmatch(before.strip()):
        return Setting.INI
    return Setting.LOOSE


def _is_environment(line: str, match: re.Match[str]) -> bool:
    """Tell whether the whole name is in capitals and starts a word."""
    before = re.search(r"\S*$", line[max(0, match.start() - 80) : match.start()])
    name = (before.group() if before else "") + match.group()
    return re.fullmatch(r"['\"]?(?:-[eED])?[A-Z][A-Z0-9_]*=", name) is not None


def _start_of_line(line: str, at: int) -> int:
    return max(line.rfind("\n", 0, at) + 1, at - 200)


def _end_of_quoted(line: str, quote: re.Match[str]) -> int:
    mark = quote.group()
    if len(mark) == 1:
        inside = _CLOSED[mark].match(line, quote.end())
        return inside.end() if inside else quote.end()
    end = line.find(mark, quote.end())
    feed = line.find("\n", quote.end())
    ends = [place for place in (end, feed) if place >= 0]
    return min(ends, default=len(line))


def _hides(line: str, match: re.Match[str], place: _Place) -> bool:
    value = line[place.start : min(place.end, place.start + HEAD_CHARS + 1)]
    before = line[max(0, match.start() - 60) : match.start()]
    if not value or (match["flag"] and not (_FLAG_BEFORE.search(before) and value[0] != "-")):
        return False
    if _HARMLESS_SUFFIX.search(match["suffix"]):
        return match["suffix"].lower() == "_id" and match.group().lower().startswith("secret") and is_uuid(value)
    if match["assign"] == ":" and _URL_BEFORE.search(before):
        return False
    if match["password"]:
        return not _is_no_password(match["password"].lower(), value) and hides_password(value, place.setting)
    return not _PARSER_BEFORE.search(before) and hides_secret(value, place.setting)


def _is_no_password(name: str, value: str) -> bool:
    """Tell a working folder and a count of passed tests from passwords with the same short names."""
    return (name == "pwd" and is_path(value)) or (name == "pass" and (value.isdigit() or "_" in value))
