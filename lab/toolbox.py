"""The machine that scenarios run on: a Debian root with the tools in it, made once from package registries.

``python lab/toolbox.py`` makes or completes it; every step that is done is left alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).resolve().parent / "toolbox.yaml"


_APT = "apt-get update -q && apt-get install -qy --no-install-recommends"
_PIP = "python3 -m venv /opt/venv && /opt/venv/bin/pip install -q --no-cache-dir --upgrade pip"
_NPM = "mkdir -p /opt/node && npm install --global --prefix /opt/node --no-audit --no-fund --loglevel=error"


@dataclass(frozen=True, slots=True)
class Toolbox:
    """Say where the machine's files lie and what is in them."""

    home: Path
    content: Mapping[str, Any]

    @property
    def root(self) -> Path:
        """The folder that is ``/`` inside."""
        return self.home / "root"

    def binds(self) -> dict[str, str]:
        """Return the places inside that show a folder of this machine, for those that are there."""
        outer = {inner: Path(place).expanduser() for inner, place in self.content["bind"].items()}
        return {inner: str(place) for inner, place in outer.items() if place.is_dir()}

    def has(self, program: str) -> bool:
        """Return whether a program, or the file of an absolute path, is inside."""
        places = [program] if program.startswith("/") else [f"{folder}/{program}" for folder in _FOLDERS]
        return any(self._sees(place) for place in places)

    def _sees(self, place: str) -> bool:
        outer = [
            Path(to) / place.removeprefix(inner + "/")
            for inner, to in self.binds().items()
            if place.startswith(inner + "/")
        ]
        path = outer[0] if outer else self.root / place.strip("/")
        return os.path.lexists(path)


_FOLDERS = (
    "/opt/venv/bin",
    "/opt/node/bin",
    "/opt/rust/bin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
)


def find_toolbox() -> Toolbox:
    """Return the toolbox of ``ERRCLASS_LAB`` (default: ~/.cache/errclass-lab), made or not."""
    home = Path(os.environ.get("ERRCLASS_LAB", "~/.cache/errclass-lab")).expanduser()
    return Toolbox(home, yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def make(toolbox: Toolbox) -> None:
    """Do the steps that are not done yet: Debian, its packages, the user, copies, Python's and Node's tools."""
    content, root = toolbox.content, toolbox.root
    _once(toolbox, "base", [content["suite"]], lambda: _debootstrap(toolbox))
    _once(
        toolbox,
        "debian",
        content["debian"],
        lambda: _chroot(root, f"{_APT} {_words(content['debian'])} && apt-get clean"),
    )
    _once(
        toolbox, "user", ["runner"], lambda: _chroot(root, "useradd --uid 1001 --create-home --shell /bin/bash runner")
    )
    _once(toolbox, "copy", content["copy"], lambda: _copy(root, content["copy"]))
    _once(toolbox, "pypi", content["pypi"], lambda: _chroot(root, f"{_PIP} {_words(content['pypi'])}"))
    _once(toolbox, "npm", content["npm"], lambda: _chroot(root, f"{_NPM} {_words(content['npm'])}"))


def _words(names: Sequence[str]) -> str:
    return " ".join(f"'{name}'" for name in names)


def _once(toolbox: Toolbox, step: str, wanted: object, act: Callable[[], None]) -> None:
    mark = toolbox.home / "done" / f"{step}-{hashlib.sha256(repr(wanted).encode()).hexdigest()[:12]}"
    if mark.exists():
        return
    sys.stderr.write(f"lab: {step} ...\n")
    act()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _debootstrap(toolbox: Toolbox) -> None:
    content, root = toolbox.content, toolbox.root
    toolbox.home.mkdir(parents=True, exist_ok=True)
    subprocess.run(["debootstrap", "--variant=minbase", content["suite"], str(root), content["mirror"]], check=True)
    (root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n", encoding="ascii")  # no service is started
    (root / "usr/sbin/policy-rc.d").chmod(0o755)


def _chroot(root: Path, command: str) -> None:
    """Run a shell command inside, with this machine's network, name servers and trusted authorities."""
    for name in ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(f"/{name}", root / name)
    mounts = f"mount -t proc proc '{root}/proc' && mount --bind /dev '{root}/dev'"
    bundle = "/etc/ssl/certs/ca-certificates.crt"
    environment = {
        "PATH": ":".join(_FOLDERS),
        "HOME": "/root",
        "DEBIAN_FRONTEND": "noninteractive",
        "LC_ALL": "C.UTF-8",
    }
    trust = dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"), bundle)
    inner = [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "bash",
        "-c",
        f'{mounts} && chroot "$1" bash -c "$2"',
        "-",
        str(root),
        command,
    ]
    subprocess.run(inner, check=True, env={**environment, **trust})


def _copy(root: Path, copies: Mapping[str, str]) -> None:
    for inner, outer in copies.items():
        source, target = Path(outer), root / inner.strip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
        elif source.exists():
            shutil.copy2(source, target)
    for name in ("npm", "npx"):
        if not os.path.lexists(root / "usr/bin" / name):
            (root / "usr/bin" / name).symlink_to(f"../lib/node_modules/npm/bin/{name}-cli.js")


if __name__ == "__main__":
    make(find_toolbox())
