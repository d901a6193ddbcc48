"""One disposable machine per scenario: its own files, network, processes and host name, and limits on all of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from certificates import make_certificates
from scenario import Scenario
from toolbox import Toolbox

_HERE = Path(__file__).resolve().parent
_GRACE = 90.0  # for the set-up, on top of the command's own time


@dataclass(frozen=True, slots=True)
class Finished:
    """Say how a command ended, and all it printed, standard output and error as they came."""

    exit_code: int
    output: str
    timed_out: bool = False
    version: str = ""


class SandboxError(Exception):
    """The scenario could not be played: its set-up failed, not the command that was to fail."""


def why_not() -> str:
    """Return why no sandbox can be made on this machine; empty when it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "sandboxes need Linux namespaces and root"
    missing = [name for name in ("unshare", "mount", "ip", "openssl") if shutil.which(name) is None]
    return f"missing programs: {', '.join(missing)}" if missing else ""


def play(scenario: Scenario, toolbox: Toolbox) -> Finished:
    """Run the scenario in a new sandbox and return how its command ended; raises SandboxError."""
    with tempfile.TemporaryDirectory(prefix="lab-") as name:
        folder = Path(name)
        (folder / "place").mkdir()
        (folder / "spec.json").write_text(json.dumps(_spec(scenario, toolbox, folder)), encoding="utf-8")
        return _finished(folder, _unshare(folder, scenario.timeout * 2 + _GRACE))


def _spec(scenario: Scenario, toolbox: Toolbox, folder: Path) -> dict[str, Any]:
    hosts = tuple(dict.fromkeys((*(each["host"] for each in scenario.servers if "host" in each), *scenario.hosts)))
    secure = any(each.get("tls") for each in scenario.servers)
    if secure:
        make_certificates(folder / "certificates", hosts)
    return {
        **asdict(scenario),
        "hosts": hosts,
        "servers": [{"port": 443 if each.get("tls") else 80, **each} for each in scenario.servers],
        "certificates": str(folder / "certificates"),
        "authority": str(folder / "certificates" / "ca.crt") if secure else "",
        "servers_script": str(_HERE / "servers.py"),
        "place": str(folder / "place"),
        "root": str(toolbox.root),
        "binds": toolbox.binds(),
    }


def _unshare(folder: Path, seconds: float) -> str:
    flags = ("--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc")
    command = (
        "unshare",
        *flags,
        sys.executable,
        "-I",
        str(_HERE / "inside.py"),
        str(folder / "spec.json"),
        str(folder / "result.json"),
    )
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False).stderr
    except subprocess.TimeoutExpired as error:
        raise SandboxError(f"not done after {seconds:.0f} s") from error


def _finished(folder: Path, complaint: str) -> Finished:
    path = folder / "result.json"
    if not path.exists():
        raise SandboxError(f"the sandbox did not start: {complaint.strip()[-2000:]}")
    result = json.loads(path.read_text(encoding="utf-8"))
    if "problem" in result:
        raise SandboxError(result["problem"])
    return Finished(**result)
