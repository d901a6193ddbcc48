"""Places other than assignments where secrets stand: headers, URLs, options of well-known commands, credential files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .values import Setting, hides_password, hides_secret, looks_random

_Q = r"['\"\\]{0,3}"


@dataclass(frozen=True, slots=True)
class _Kind:
    """Describe one place: ``pattern`` has the groups ``keep`` and ``value``."""

    name: str
    hints: tuple[str, ...]
    """Lower-case literals; a line with this place holds all of them."""
    pattern: re.Pattern[str]
    is_secret: Callable[[str], bool]


def _always(value: str) -> bool:
    return True


def _is_password(value: str) -> bool:
    return hides_password(value, Setting.TIGHT) and re.fullmatch(r"\d{1,5}:\d{1,5}", value) is None


def _is_account_password(value: str) -> bool:
    # `--user 1000:1000` names a user and a group.
    return _is_password(value) and not value.isdigit()


def _is_credential(value: str) -> bool:
    return hides_secret(value, Setting.TIGHT) and not (value.isalpha() and value.islower())


def _is_random(value: str) -> bool:
    return hides_secret(value, Setting.QUOTED) and looks_random(value)


def _is_url_user(value: str) -> bool:
    return any(char.isdigit() for char in value)


_KINDS: tuple[_Kind, ...] = (
    _Kind(
        "header",
        ("authorization",),
        re.compile(
            rf"(?i)(?P<keep>authorization{_Q}\s{{0,3}}[:=]\s{{0,3}}{_Q}(?:digest|aws4-hmac-sha256|hawk|oauth|mac)\s{{1,3}}(?=\w{{1,30}}=))(?P<value>[^\n]+)"
        ),
        _always,
    ),
    _Kind(
        "header",
        ("authorization",),
        re.compile(
            rf"(?i)(?P<keep>authorization{_Q}\s{{0,3}}[:=]\s{{0,3}}{_Q}(?:bearer|basic|token|negotiate|ntlm|apikey|splunk|key|sso-key|genie\w{{0,5}})\s{{1,3}})(?P<value>[^\s'\"\\,;]{{4,}}+)"
        ),
        _is_credential,
    ),
    _Kind(
        "header",
        ("authorization",),
        re.compile(rf"(?i)(?P<keep>authorization{_Q}\s{{0,3}}:\s{{0,3}}{_Q})(?P<value>[^\s'\"\\,;]{{12,}}+)"),
        _is_random,
    ),
    _Kind(
        "header",
        ("bearer",),
        re.compile(r"(?i)(?P<keep>(?<![a-z0-9])bearer(?:\s{1,3}|%20))(?P<value>[a-z0-9_\-.~+/=]{16,}+)"),
        _is_random,
    ),
    _Kind(
        "cookie",
        ("cookie",),
        re.compile(
            rf"(?i)(?P<keep>(?<![a-z])(?:set-)?cookie2?{_Q}\s{{0,3}}:\s{{0,3}}{_Q})(?P<value>[\w.\-%$!#&*+^`|~]{{1,100}}+=[^\n'\"]{{3,}}+)"
        ),
        _always,
    ),
    _Kind(
        "cookie",
        ("curl", "="),
        re.compile(r"(?P<keep>(?<!\S)(?:--cookie|-b)[ =]['\"]?)(?P<value>[\w.\-%]{1,100}+=[^\s'\"]{3,}+)"),
        _always,
    ),
    _Kind(
        "password",
        ("://", "@"),
        # A digest after the @ is an image reference, digits before a slash are a port.
        re.compile(r"(?P<keep>://[^\s/:@'\"\[\]<>]{0,200}:)(?P<value>[^\s/'\"<>]{1,500}(?=@(?!sha\d)[\w\[{$%.*\-]))"),
        _is_password,
    ),
    _Kind(
        "password",
        ("://", "@"),
        re.compile(
            r"(?i)(?P<keep>(?:postgres|postgresql|mysql|mariadb|mongodb|mongodb\+srv|rediss?|amqps?|mssql|sqlserver|clickhouse)://[^\s/:@'\"\[\]<>]{0,200}:(?!\d{1,5}(?:/|\s|$)))"
            r"(?P<value>[^\s'\"<>@]{1,200}@?[^\s'\"<>@]{0,100}(?=@[\w\[.\-]))"
        ),
        _is_password,
    ),
    _Kind(
        "credential",
        ("://", "@"),
        re.compile(r"(?P<keep>(?i:https?|wss?|git|ssh)://)(?P<value>[\w\-.~%+]{20,300}(?=@[\w\[]))"),
        _is_url_user,
    ),
    _Kind(
        "password",
        ("=", "{", ";"),
        re.compile(r"(?i)(?P<keep>(?:password|pwd)\s?=\s?\{)(?P<value>[^{}\n]{3,200}(?=\}(?:;|['\"]|\s|$)))"),
        _is_password,
    ),
    _Kind(
        "password",
        ("oracle", "/", "@"),
        re.compile(r"(?i)(?P<keep>jdbc:oracle:\w{1,10}:[\w.$#\-]{1,60}/)(?P<value>[^\s/@'\"]{1,100}(?=@))"),
        _is_password,
    ),
    _Kind(
        "password",
        ("sqlplus", "/", "@"),
        re.compile(r"(?i)(?P<keep>sqlplus\s{1,3}(?:-\w\s{1,3}){0,4}[\w.$#\-]{1,60}/)(?P<value>[^\s/@'\"]{1,100}(?=@))"),
        _is_password,
    ),
    _Kind(
        "password",
        ("curl", ":"),
        re.compile(
            r"(?P<keep>(?<![^\s'\"\[,])(?:-u|-U|--user|--proxy-user)(?:['\"],)?[ =]?\s?['\"]?[^\s:'\"]{1,100}:)(?P<value>[^\s'\"]{1,300})"
        ),
        _is_account_password,
    ),
    _Kind(
        "password",
        ("mysql", "-p"),
        re.compile(
            r"(?P<keep>\bmysql[\w\-]{0,20}\s(?:[^\n|;]{0,200}?\s)??-p['\"]?)(?P<value>[^\s'\"\-][^\s'\"]{0,200})"
        ),
        _is_password,
    ),
    _Kind(
        "password",
        ("mariadb", "-p"),
        re.compile(
            r"(?P<keep>\bmariadb[\w\-]{0,20}\s(?:[^\n|;]{0,200}?\s)??-p['\"]?)(?P<value>[^\s'\"\-][^\s'\"]{0,200})"
        ),
        _is_password,
    ),
    _Kind(
        "password",
        ("sshpass", "-p"),
        re.compile(r"(?P<keep>\bsshpass\s{1,3}-p\s{0,3}['\"]?)(?P<value>[^\s'\"]{1,200})"),
        _is_password,
    ),
    _Kind(
        "password",
        ("login", "-p"),
        re.compile(r"(?P<keep>\blogin\s(?:[^\n|;]{0,200}?\s)??-p[ =]['\"]?)(?P<value>[^\s'\"\-][^\s'\"]{0,300})"),
        _is_password,
    ),
    _Kind(
        "password",
        ("redis-cli", "-a"),
        re.compile(
            r"(?P<keep>\bredis-cli\s(?:[^\n|;]{0,200}?\s)??-a\s{1,3}['\"]?)(?P<value>[^\s'\"\-][^\s'\"]{0,300})"
        ),
        _is_password,
    ),
    _Kind(
        "password",
        ("pass:",),
        re.compile(r"(?P<keep>-pass(?:in|out)?\s{1,3}['\"]?pass:)(?P<value>[^\s'\"]{1,200})"),
        _is_password,
    ),
    _Kind(
        "password",
        ("password ", "login "),
        re.compile(r"(?P<keep>\blogin\s{1,4}\S{1,100}\s{1,4}password\s{1,4})(?P<value>\S{1,300})"),
        _is_password,
    ),
    _Kind(
        "password",
        ("password ",),
        re.compile(r"(?m)(?P<keep>^\s{0,20}password\s{1,4})(?P<value>\S{4,300})(?=\s*$)"),
        lambda value: hides_password(value, Setting.LOOSE),
    ),
    _Kind(
        "credential",
        ("auth",),
        re.compile(
            r"(?P<keep>\\{0,3}[\"']auth\\{0,3}[\"']\s{0,3}:\s{0,3}\\{0,3}[\"'])(?P<value>[A-Za-z0-9+/_\-]{12,}+={0,2})"
        ),
        _is_random,
    ),
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
        if all(hint in lower for hint in kind.hints):
            line = _mask_kind(kind, line)
    return line


def _mask_kind(kind: _Kind, line: str) -> str:
    def replace(match: re.Match[str]) -> str:
        return f"{match['keep']}[masked:{kind.name}]" if kind.is_secret(match["value"]) else match.group()

    return kind.pattern.sub(replace, line)
