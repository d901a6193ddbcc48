"""Guess which column of a table holds what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import UsageError


def vocabulary(words: str) -> frozenset[str]:
    """Return the words, given with blanks between them, as a set."""
    return frozenset(words.split())


# Best first: a name of an earlier tier wins over any of a later one; two of one tier are a question to the user.
_TEXT_TIERS: tuple[frozenset[str], ...] = (
    frozenset({"text", "errortext", "logtext", "failuretext"}),
    vocabulary(
        "errormessage errorlog errormsg failuremessage failurelog failuremsg log logs logoutput logexcerpt "
        "message msg error errors stderr output stdout stacktrace traceback exception failure rawlog rawtext "
        "rawmessage rawerror errordetails erroroutput joblog buildlog consolelog console description details body "
        "content snippet"
    ),
)
_LABEL_TIERS: tuple[frozenset[str], ...] = (
    frozenset({"label", "truelabel", "goldlabel", "labels"}),
    vocabulary("type failuretype errortype class failureclass errorclass"),
    vocabulary(
        "category failurecategory errorcategory cause rootcause failurecause target kind failurekind errorkind "
        "classification y tag reason"
    ),
)
_OPTIONAL = {
    "retryable": "retryable retriable isretryable retryableflag transient istransient",
    "success": "success succeeded resolved recovered finalsuccess",
    "time": "time when timestamp createdat occurredat date datetime failedat startedat ts eventtime",
    "tool": "tool toolname buildtool",
    "exit_code": "exitcode exitstatus returncode rc",
    "operation": "operation operationname step stepname",
    "environment": "environment env",
    "component": "component service",
    "repository": "repository repo project",
    "branch": "branch ref",
    "commit": "commit commitsha sha",
    "job": "job jobname",
    "phase": "phase stage",
}
_TEXT_WORDS = vocabulary("text message msg error err log stderr output trace traceback exception excerpt")
_LABEL_WORDS = vocabulary("label type class category cause kind classification")
_NEITHER_WORDS = vocabulary(
    "id ids time date code url link path file count level num number at line lines duration user"
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Name the column of each field; ``text`` is always there."""

    by_field: Mapping[str, str]

    @property
    def text(self) -> str:
        """The column that holds the failure's text."""
        return self.by_field["text"]


def choose_columns(path: Path, names: Sequence[str], text_column: str | None, label_column: str | None) -> Columns:
    """Return the columns to read; raise UsageError, listing them, when the text or the label is not plain."""
    label = _given(path, names, label_column, "--label-column") or _guess_label(path, names, text_column)
    others = [name for name in names if name != label]
    text = _given(path, names, text_column, "--text-column") or _guess_text(path, others)
    chosen = {"text": text} | ({"label": label} if label else {})
    return Columns(chosen | _guess_optional(name for name in names if name not in chosen.values()))


def _given(path: Path, names: Sequence[str], wanted: str | None, option: str) -> str | None:
    if wanted is None:
        return None
    if wanted in names:
        return wanted
    alike = [name for name in names if _plain(name) == _plain(wanted)]
    if len(alike) == 1:
        return alike[0]
    raise UsageError(f"{path}: {option} {wanted!r} is not a column; the columns are {_listed(names)}")


def _guess_text(path: Path, names: Sequence[str]) -> str:
    found = _best(names, _TEXT_TIERS) or [name for name in names if _is_about(name, _TEXT_WORDS, _LABEL_WORDS)]
    if not found and len(names) == 1:
        found = list(names)
    if len(found) == 1:
        return found[0]
    problem = f"{_listed(found)} could each hold the text" if found else "no column looks like the failure's text"
    raise UsageError(f"{path}: {problem}; choose with --text-column NAME out of {_listed(names)}")


def _guess_label(path: Path, names: Sequence[str], text_column: str | None) -> str | None:
    others = [name for name in names if name != text_column]
    found = _best(others, _LABEL_TIERS) or [name for name in others if _is_about(name, _LABEL_WORDS, frozenset())]
    if len(found) > 1:
        raise UsageError(f"{path}: {_listed(found)} could each hold the label; choose with --label-column NAME")
    return found[0] if found else None


def _guess_optional(names: Iterable[str]) -> dict[str, str]:
    by_plain = {_plain(name): name for name in names}
    found = {
        field: [by_plain[name] for name in usual.split() if name in by_plain] for field, usual in _OPTIONAL.items()
    }
    return {field: columns[0] for field, columns in found.items() if columns}


def _best(names: Sequence[str], tiers: Sequence[frozenset[str]]) -> list[str]:
    for tier in tiers:
        if found := [name for name in names if _plain(name) in tier]:
            return found
    return []


def _is_about(name: str, wanted: frozenset[str], unwanted: frozenset[str]) -> bool:
    words = set(_words(name))
    return bool(words & wanted) and not words & (unwanted | _NEITHER_WORDS)


def _plain(name: str) -> str:
    return "".join(_words(name))


def _words(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return re.findall(r"[^\W_]+", spaced.casefold())


def _listed(names: Iterable[str]) -> str:
    shown = [repr(name[:60]) for name in names]
    return ", ".join(shown[:20]) + (f" and {len(shown) - 20} more" if len(shown) > 20 else "")
