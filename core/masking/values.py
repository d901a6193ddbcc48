"""Judge whether what stands where a secret could stand is one: placeholders, code, paths and plain words are not."""

from __future__ import annotations

import re
from enum import Enum

HEAD_CHARS = 300
"""A judgement never needs more of a value than this."""


class Setting(Enum):
    """How a value is set, from what machines write to what people write."""

    ENVIRONMENT = "NAME=value"
    TIGHT = "name=value"
    QUOTED = 'name: "value"'
    INI = "name = value, alone on its line"
    FLAG = "--name value"
    LOOSE = "name: value"


# What templates, log maskers and examples put where a secret would stand.
_PLACEHOLDER = re.compile(
    r"\[masked:[a-z0-9\-]{1,40}\]|.{0,60}[*•]{3,}.{0,6}|[xX.\-_…]{3,}|\*|gl[a-z]{2,5}-\d{0,3}"
    r"|\$[A-Z_][A-Z0-9_]*|\$[a-z_]+|\$[({].*|#\{.*|\{\{.*|\{[\w!:.]*\}?|%\w+%|%[sdvrq]|%\(.*"
    r"|<[^<>]*>?|\[[A-Za-z_ \-]*\]|`.*"
    r"|(?i:\[?(?:redacted|masked|hidden|filtered|removed|secret|sensitive(?: value)?)\]?|\(sensitive.*|your[_-].*)"
)
# What stands in messages, types and examples after a name and its sign.
_PLAIN = re.compile(
    r"(?i)"
    r"a|absent|an|and|any|array|at|auto|available|basic|bearer|bool|boolean|bytes|cannot|code|could|create|"
    r"created|default|denied|deprecated|detected|disabled|does|empty|enabled|env|error|exists|expected|expired|"
    r"expires|failed|failure|false|field|file|for|forbidden|found|from|get|given|has|header|in|incorrect|info|"
    r"input|int|integer|invalid|is|it|key|length|logged|malformed|mismatch|missing|must|name|nil|no|none|not|"
    r"null|num|number|object|off|ok|on|optional|or|output|param|passed|passwd|password|path|please|present|"
    r"prompt|provided|read|refused|rejected|required|revoked|secret|secretbytes|secretstr|set|should|skipped|"
    r"str|string|text|that|the|this|to|token|true|type|unauthorized|unavailable|undefined|unexpected|unknown|"
    r"unset|unsupported|updated|use|used|user|valid|value|var|was|were|will|with|wrong|yes"
)
_PROSE = re.compile(
    r"(?i)\b(?:a|an|and|are|at|be|been|by|can|cannot|could|did|does|for|from|has|have|in|invalid|is|it|must|no|not|of|"
    r"or|required|should|the|this|to|was|were|will|with|you|your)\b"
)
_REFERENCE_ROOT = (
    r"(?:self|this|os|sys|process|env|environ|settings|config|conf|cfg|args|opts|options|var|vars|local|data|module"
    r"|secrets|steps|needs|github|inputs?|params?|props|req|request|res|response|ctx|context|user|form|credentials?|creds|window|app"
    r"|state|each|output|outputs|fake|faker)"
)
_CODE = re.compile(
    rf"[A-Za-z_][\w.]*[(\[].*|{_REFERENCE_ROOT}(?:\.|->|::|\?\.|\[).*|[A-Za-z_]+(?:(?:\.|->|::|\?\.)[A-Za-z_]+)+"
    r"|(?i:(?:\w*_)?(?:password|passwd|passphrase|secret|token|api_?key|key|credentials?|pwd|pass|auth_?key))|[-=!<>|]+.{0,2}|\w+>|lambda\b.*"
)
_PATH = re.compile(
    r"(?:file:)?(?:~|\.{1,2})?/(?:home|etc|var|tmp|usr|opt|run|root|mnt|srv|github|workspaces?|builds?|app|secrets?|"
    r"Users|private|dev|proc|data|bin|lib|kaniko|runner|vault|bitnami|certs?|keys?|config|code|src|project)/.*|(?:~|\.{1,2})/.*|[A-Za-z]:[\\/].*|[\w./\-@]*[\w\-]\."
    r"(?:asc|cer|cfg|conf|crt|env|go|gpg|html|ini|java|jks|js|json|key|log|p12|pem|pfx|php|properties|pub|py|rb|rs|sh|tf|toml|ts|txt|xml|ya?ml)|/"
)
_SLUG = re.compile(
    r"[A-Za-z]{1,31}|(?:[A-Z]?[a-z]+|[A-Z]+)(?:[-./_:](?:[A-Z]?[a-z0-9]{1,15}|[A-Z0-9]{1,15}))*"
    r"|[a-z][a-z0-9]{0,15}(?:[-/_][a-z0-9]{1,15})+"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DIGEST = re.compile(r"(?:sha\d{1,3}|md5|blake2[bs]?)[-:=].*|v?\d+(?:\.\d+)+(?:[-+].*)?|\d+[a-z]{0,2}")
_SNAKE = re.compile(r"_*[A-Za-z]+(?:_[A-Za-z]+)+|_+[A-Za-z]+")
_TRAILING = ".,:;!?)]}>\"'\\"


def hides_password(value: str, setting: Setting) -> bool:
    """Tell whether ``value``, named a password, is one."""
    core = _core_of(value, setting)
    if core is None:
        return False
    if setting in (Setting.FLAG, Setting.LOOSE):
        return len(core) >= 6 and _has_strength(core)
    if setting is Setting.QUOTED and any(char.isspace() for char in core):
        return not _PROSE.search(core)
    if setting is Setting.INI and _SNAKE.fullmatch(core):
        return False
    return len(core) >= (3 if setting in (Setting.ENVIRONMENT, Setting.TIGHT) else 4)


def hides_secret(value: str, setting: Setting) -> bool:
    """Tell whether ``value``, named a token, key or secret, is one."""
    core = _core_of(value, setting)
    if core is None or any(char.isspace() for char in core) or _is_harmless(core):
        return False
    if setting is Setting.ENVIRONMENT:
        return len(core) >= 6
    if setting is Setting.TIGHT:
        return len(core) >= 6 and not _SNAKE.fullmatch(core)
    if setting is Setting.FLAG:
        return len(core) >= 6 and _has_strength(core)
    return len(core) >= (8 if setting in (Setting.QUOTED, Setting.INI) else 12) and looks_random(core)


def looks_random(core: str) -> bool:
    """Tell whether ``core`` is unlike words, names and versions: a UUID, or letters mixed with digits or signs."""
    if _UUID.fullmatch(core):
        return True
    if _SLUG.fullmatch(core) and not _is_dense(core):
        return False
    return _has_strength(core) or (len(core) >= 32 and core != core.lower() and core != core.upper())


def is_uuid(value: str) -> bool:
    """Tell whether ``value`` is a UUID."""
    return _UUID.fullmatch(value.rstrip(_TRAILING)) is not None


def is_path(value: str) -> bool:
    """Tell whether ``value`` names a file."""
    return _PATH.fullmatch(value[:HEAD_CHARS]) is not None


def _core_of(value: str, setting: Setting) -> str | None:
    """Return the value without the punctuation that may follow it, or None when it hides nothing."""
    head = value[:HEAD_CHARS]
    core = head.rstrip(_TRAILING)
    if not core or _PLACEHOLDER.fullmatch(head) or _PLACEHOLDER.fullmatch(core) or _PLAIN.fullmatch(core):
        return None
    if setting is not Setting.ENVIRONMENT and (_CODE.fullmatch(core) or _CODE.fullmatch(head)):
        return None
    return core


def _is_harmless(core: str) -> bool:
    return bool(_PATH.fullmatch(core) or _DIGEST.fullmatch(core) or "://" in core)


def _has_strength(core: str) -> bool:
    """Tell whether something else than letters is inside: digits beside letters, or a sign that names do not hold."""
    letters = any(char.isalpha() for char in core)
    return (letters and any(char.isdigit() for char in core)) or any(
        char in "!@#%^&*+~$" for char in core.strip("*&@#$%")
    )


def _is_dense(core: str) -> bool:
    """Tell whether a word without separators mixes digits into letters more than once."""
    return len(re.findall(r"\d+", core)) >= 3 and max(map(len, re.split(r"[-./_:]", core))) >= 8
