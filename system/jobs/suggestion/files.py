"""Write suggestions into a folder that can be laid over the usual rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ....core.errors import UsageError
from ....rules.reading import POLICY_FILE


def check_folder(folder: Path, *, force: bool) -> None:
    """Raise UsageError unless files may be written into ``folder``: it is new or empty, or ``force`` is given."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is no folder; name one that suggestions may be written to")
    if not force and folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"{folder}: holds files already; name another folder, or add --force to write into it")


def write_rules(folder: Path, files: Mapping[str, tuple[Sequence[str], Mapping[str, Any]]]) -> list[Path]:
    """Write comment lines and content of each rule id to ``<stage>/<name>.yaml``, and return the paths.

    Files of the same names are replaced, all others are left, and so is a ``policy.yaml``. Raises UsageError when one
    cannot be written.
    """
    if files and not (folder / POLICY_FILE).exists():
        _write(folder / POLICY_FILE, "extends: default\n")
    return [_write(folder / f"{rule_id}.yaml", _compose(*files[rule_id])) for rule_id in sorted(files)]


def _compose(comments: Sequence[str], content: Mapping[str, Any]) -> str:
    import yaml

    head = "".join(f"# {line}\n" for line in comments)
    # Without allow_unicode: with it PyYAML writes some line breaks of Unicode as they are, and reads them as blanks.
    return head + str(yaml.safe_dump(dict(content), sort_keys=False, width=120))


def _write(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); name a folder of your own") from error
    return path
