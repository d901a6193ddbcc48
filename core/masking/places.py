"""Places other than assignments where secrets stand: headers, URLs, options of commands, credential files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .values import Setting, hides_password, hides_secret, looks_random


@dataclass(frozen=True, slots=True)
class _Kind:
    """Describe one place: what stands before the secret and is kept, and the secret."""

    name: str
    hints: tuple[str, ...]
    """Lower-case literals; a line with this place holds all of them."""
    pattern: re.Pattern[str]
    is_secret: Callable[[str], bool]


def _kind(name: str, hints: str, before: str, value: str, is_secret: Callable[[str], bool]) -> _Kind:
    # In `before`, ~ stands for quotes that may be escaped, and _ for at most a few blanks.
    keep = before.replace("~", r"['\"\\]{0,3}").replace(" _ ", r"\s{0,3}").replace(" + ", r"\s{1,3}")
    return _Kind(name, tuple(hints.split()), re.compile(f"(?P<keep>{keep})(?P<value>{value})"), is_secret)


def _always(_value: str) -> bool:
    return True


def _is_password(value: str) -> bool:
    # `-p3306:3306` publishes a port.
    return hides_password(value, Setting.TIGHT) and re.fullmatch(r"\d{1,5}:\d{1,5}", value) is None


def _is_strong_password(value: str) -> bool:
    return hides_password(value, Setting.LOOSE)


def _is_account_password(value: str) -> bool:
    # `--user 1000:1000` names a user and a group.
    return _is_password(value) and not value.isdigit()


def _is_credential(value: str) -> bool:
    return hides_secret(value, Setting.TIGHT) and not (value.isalpha() and value.islower())


def _is_random(value: str) -> bool:
    return hides_secret(value, Setting.QUOTED) and looks_random(value)


def _is_url_user(value: str) -> bool:
    return any(char.isdigit() for char in value)


_HEADER = r"(?i:authorization~ _ [:=] _ ~"
_FIELDS = r"digest|aws4-hmac-sha256|hawk|oauth|mac"
_SCHEMES = r"bearer|basic|token|negotiate|ntlm|apikey|splunk|key|sso-key|genie\w{0,5}"
_ARGUMENT = r"[^\s'\"\-][^\s'\"]{0,300}"
_SOME_ARGUMENTS = r"\s(?:[^\n|;]{0,200}?\s)??"
_URL_USER = r"://[^\s/:@'\"\[\]<>]{0,200}:"
_DATABASES = r"postgres|postgresql|mysql|mariadb|mongodb|mongodb\+srv|rediss?|amqps?|mssql|sqlserver|clickhouse"

_KINDS: tuple[_Kind, ...] = (
    _kind("header", "authorization", rf"{_HEADER}(?:{_FIELDS}) + )(?=\w{{1,30}}=)", r"[^\n]+", _always),
    _kind("header", "authorization", rf"{_HEADER}(?:{_SCHEMES}) + )", r"[^\s'\"\\,;]{4,}+", _is_credential),
    _kind("header", "authorization", rf"{_HEADER})", r"[^\s'\"\\,;]{12,}+", _is_random),
    _kind("header", "bearer", r"(?i:(?<![a-z0-9])bearer(?: + |%20))", r"[A-Za-z0-9_\-.\x7e+/=]{16,}+", _is_random),
    _kind(
        "cookie",
        "cookie",
        r"(?i:(?<![a-z])(?:set-)?cookie2?~ _ : _ ~)",
        r"[\w.\-%$!#&*+^`|\x7e]{1,100}+=[^\n'\"]{3,}+",
        _always,
    ),
    _kind("cookie", "curl =", r"(?<!\S)(?:--cookie|-b)[ =]['\"]?", r"[\w.\-%]{1,100}+=[^\s'\"]{3,}+", _always),
    # A digest after the @ makes an image reference of it.
    _kind("password", ":// @", _URL_USER, r"[^\s/'\"<>]{1,500}(?=@(?!sha\d)[\w\[{$%.*\-])", _is_password),
    # A slash in a password is an error that connection strings are known for; digits before a slash are a port.
    _kind(
        "password",
        ":// @",
        rf"(?i:{_DATABASES}){_URL_USER}(?!\d{{1,5}}(?:/|\s|$))",
        r"[^\s'\"<>@]{1,200}+@?[^\s'\"<>@]{0,100}+(?=@[\w\[.\-])",
        _is_password,
    ),
    _kind("credential", ":// @", r"(?i:https?|wss?|git|ssh)://", r"[\w\-.\x7e%+]{20,300}(?=@[\w\[])", _is_url_user),
    _kind(
        "password", "= { ;", r"(?i:(?:password|pwd)\s?=\s?\{)", r"[^{}\n]{3,200}(?=\}(?:;|['\"]|\s|$))", _is_password
    ),
    _kind(
        "password", "oracle / @", r"(?i:jdbc:oracle:\w{1,10}:[\w.$#\-]{1,60}/)", r"[^\s/@'\"]{1,100}(?=@)", _is_password
    ),
    _kind(
        "password",
        "sqlplus / @",
        r"sqlplus + (?:-\w + ){0,4}[\w.$#\-]{1,60}/",
        r"[^\s/@'\"]{1,100}(?=@)",
        _is_password,
    ),
    _kind(
        "password",
        "curl :",
        r"(?<![^\s'\"\[,])(?:-u|-U|--user|--proxy-user)(?:['\"],)?[ =]?\s?['\"]?[^\s:'\"]{1,100}:",
        r"[^\s'\"]{1,300}",
        _is_account_password,
    ),
    _kind("password", "mysql -p", rf"\bmysql[\w\-]{{0,20}}{_SOME_ARGUMENTS}-p['\"]?", _ARGUMENT, _is_password),
    _kind("password", "mariadb -p", rf"\bmariadb[\w\-]{{0,20}}{_SOME_ARGUMENTS}-p['\"]?", _ARGUMENT, _is_password),
    _kind("password", "sshpass -p", r"\bsshpass + -p _ ['\"]?", _ARGUMENT, _is_password),
    _kind("password", "login -p", rf"\blogin{_SOME_ARGUMENTS}-p[ =]['\"]?", _ARGUMENT, _is_password),
    _kind("password", "redis-cli -a", rf"\bredis-cli{_SOME_ARGUMENTS}-a + ['\"]?", _ARGUMENT, _is_password),
    _kind("password", "pass:", r"-pass(?:in|out)? + ['\"]?pass:", r"[^\s'\"]{1,200}", _is_password),
    # .netrc, in one line and in lines of their own
    _kind("password", "password login", r"\blogin + \S{1,100} + password + ", r"\S{1,300}", _is_password),
    _kind("password", "password", r"(?m:^\s{0,20}password + )", r"\S{4,300}(?=\s*$)", _is_strong_password),
    _kind("credential", "auth", r"['\"]auth~ _ : _ ~", r"[A-Za-z0-9+/_\-]{12,}+={0,2}", _is_random),
)
PLACE_HINTS = (
    *("authorization", "bearer", "cookie", "curl", "mysql", "mariadb", "sshpass", " login ", "redis-cli"),
    *("pass:", "password ", "pwd", 'auth"', "auth'", "auth\\", "oracle:", "sqlplus"),
)
"""Lower-case literals of which every line with such a place holds at least one, unless it is a URL with a user."""
URL_WITH_USER = re.compile(r"://(?:[^\s/'\"<>@]{0,500}|[^\s/:@'\"]{0,200}:[^\s'\"<>@]{1,200})@")


def mask_places(line: str) -> str:
    """Replace each secret in ``line`` that stands in a known place."""
    lower = line.lower()
    for kind in _KINDS:
        if _holds_all(lower, kind.hints):
            line = _mask_kind(kind, line)
    return line


def _holds_all(lower: str, hints: tuple[str, ...]) -> bool:
    for hint in hints:  # noqa: SIM110 - a generator would take three times as long
        if hint not in lower:
            return False
    return True


def _mask_kind(kind: _Kind, line: str) -> str:
    def replace(match: re.Match[str]) -> str:
        return f"{match['keep']}[masked:{kind.name}]" if kind.is_secret(match["value"]) else match.group()

    return kind.pattern.sub(replace, line)
