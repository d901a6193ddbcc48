"""What no recipe may ever do, whoever wrote it."""

from __future__ import annotations

import posixpath

LOCKFILES = frozenset(
    {"Cargo.lock", "Gemfile.lock", "Pipfile.lock", "bun.lock", "bun.lockb", "composer.lock", "flake.lock", "go.sum",
     "gradle.lockfile", "mix.lock", "npm-shrinkwrap.json", "package-lock.json", "packages.lock.json", "pdm.lock",
     "pnpm-lock.yaml", "poetry.lock", "pubspec.lock", "uv.lock", "yarn.lock"}
)  # fmt: skip
"""They say what was tested; a recovery installs by them and never changes them."""
_SHELLS = frozenset(
    {"ash", "bash", "cmd", "csh", "dash", "env", "eval", "exec", "fish", "ksh", "nohup", "powershell", "pwsh", "setsid",
     "sh", "su", "sudo", "tcsh", "xargs", "zsh"}
)  # fmt: skip
_REMOVERS = frozenset({"dd", "mkfs", "rm", "rmdir", "shred", "truncate", "unlink"})
_KILLERS = frozenset({"fuser", "kill", "killall", "pkill", "skill", "taskkill"})
_REWRITING = frozenset(
    {"--accept", "--ci=false", "--inline-snapshot=fix", "--snapshot-update", "--update-snapshot", "--update-snapshots",
     "--updateSnapshot", "--update-goldens", "--force-regen", "--bless"}
)  # fmt: skip
_SNAPSHOTS = ("__snapshots__", "__image_snapshots__", "snapshots")


def find_fault_of_command(argv: tuple[str, ...]) -> str | None:
    """Say why a program call is refused; None where it is not."""
    program = posixpath.basename(argv[0]).removesuffix(".exe")
    if program in _SHELLS:
        return f"{program} runs other programs; name the program itself, with its arguments"
    if program in _REMOVERS:
        return f"{program} removes for good; name the path under 'touches' as 'aside', which can be undone"
    if program in _KILLERS:
        return f"{program} ends processes that may be somebody else's; restart the service by its manager"
    rewriting = next((one for one in argv if one.split("=")[0] in _REWRITING or one in _REWRITING), None)
    return f"{rewriting} rewrites expected test results" if rewriting else None


def find_fault_of_path(path: str) -> str | None:
    """Say why a path may not be touched; None where it may."""
    parts = path.split("/")
    if parts[-1] in LOCKFILES:
        return f"{parts[-1]} is a lockfile; a recovery installs by it and never changes it"
    if any(part in _SNAPSHOTS for part in parts) or parts[-1].endswith(".snap"):
        return "it holds expected test results, which a recovery never changes"
    return None
