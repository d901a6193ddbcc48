"""The first process inside a sandbox: lay out its files and network, make the command fail, report what it printed.

Runs as root in namespaces of its own (mount, network, process, host name), so that nothing it does is seen outside.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

Spec = Mapping[str, Any]

HOME = "/home/runner"
WORK = f"{HOME}/work/app/app"
SCRIPT = f"{HOME}/work/_temp/step.sh"
_PATH = "/opt/venv/bin:/opt/node/bin:/opt/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LIMITS = {
    "address_space_mb": (resource.RLIMIT_AS, 1 << 20),
    "data_mb": (resource.RLIMIT_DATA, 1 << 20),
    "cpu_seconds": (resource.RLIMIT_CPU, 1),
    "file_size_kb": (resource.RLIMIT_FSIZE, 1 << 10),
    "open_files": (resource.RLIMIT_NOFILE, 1),
    "processes": (resource.RLIMIT_NPROC, 1),
    "stack_kb": (resource.RLIMIT_STACK, 1 << 10),
}
_UNLIMITED = -1
_SAFE = {"data_mb": 6144, "cpu_seconds": 240, "file_size_kb": 1 << 20, "open_files": 4096, "processes": 600}


def run(spec: Spec) -> dict[str, Any]:
    """Run one scenario and return its exit code and output; a set-up that fails comes back as ``problem``."""
    root = Path(spec["place"]) / "merged"
    _lay_out(root, spec)
    _write_files(root, spec)
    with _servers(spec, root):
        for script, user in ((spec["root_setup"], "root"), (spec["setup"], spec["user"])):
            prepared = _run_script(root, script, user, spec, _SAFE) if script else None
            if prepared and prepared["exit_code"]:
                return {"problem": f"the set-up failed:\n{prepared['output']}"}
        result = _run_script(root, spec["command"], spec["user"], spec, {**_SAFE, **spec["limits"]})
        return {**result, "version": _version(root, spec)}


def _lay_out(root: Path, spec: Spec) -> None:
    place = root.parent
    _mount("-t", "tmpfs", "-o", f"size={spec['disk']},mode=755", "tmpfs", place)
    root.mkdir()
    _overlay(place, spec["root"], root)
    _mount("-t", "proc", "proc", root / "proc")
    _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", root / "dev")
    for device in ("null", "zero", "full", "random", "urandom"):
        (root / "dev" / device).touch()
        _mount("--bind", f"/dev/{device}", root / "dev" / device)
    _fill_dev(root / "dev")
    (root / "dev/pts").mkdir()
    _mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666", "devpts", root / "dev/pts")
    for number, (inner, outer) in enumerate(spec["binds"].items()):
        _mount_over(place / f"over-{number}", outer, root / inner.strip("/"))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["hostname", "runner"], check=True)


def _mount_over(layer: Path, outer: str, target: Path) -> None:
    """Show a folder of the machine inside; what is written to it is kept in memory and forgotten."""
    target.mkdir(parents=True, exist_ok=True)
    layer.mkdir()
    _overlay(layer, outer, target)


def _overlay(layer: Path, lower: str, target: Path) -> None:
    for name in ("upper", "scratch"):
        (layer / name).mkdir()
    _mount("-t", "overlay", "-o", f"lowerdir={lower},upperdir={layer}/upper,workdir={layer}/scratch", "overlay", target)


def _fill_dev(dev: Path) -> None:
    for name, target in (
        ("fd", "/proc/self/fd"),
        ("stdin", "fd/0"),
        ("stdout", "fd/1"),
        ("stderr", "fd/2"),
        ("ptmx", "pts/ptmx"),
    ):
        (dev / name).symlink_to(target)
    (dev / "shm").mkdir(mode=0o1777)
    (dev / "shm").chmod(0o1777)


def _mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


def _write_files(root: Path, spec: Spec) -> None:
    _write(
        root / "etc/hosts", "127.0.0.1 localhost runner\n" + "".join(f"127.0.0.1 {host}\n" for host in spec["hosts"])
    )
    _write(root / "etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    if authority := spec.get("authority"):
        for bundle in ("etc/ssl/certs/ca-certificates.crt", "etc/ssl/cert.pem"):
            _write(root / bundle, Path(authority).read_text(encoding="ascii"))
    for name, text in spec["files"].items():
        _write(root / (name.strip("/") if name.startswith("/") else f"{WORK.strip('/')}/{name}"), text)
    for folder in (WORK, f"{HOME}/work/_temp"):
        (root / folder.strip("/")).mkdir(parents=True, exist_ok=True)
    subprocess.run(["chown", "-R", "1001:1001", f"{root}{HOME}/work"], check=True)
    for place, size in spec["mounts"].items():
        _mount_small(root / place.strip("/"), size)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")


def _mount_small(place: Path, size: str) -> None:
    place.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={size},mode=1777", "tmpfs", place)


@contextlib.contextmanager
def _servers(spec: Spec, root: Path) -> Iterator[None]:
    """Keep the scenario's servers running while the block runs."""
    wanted = {name: spec[name] for name in ("servers", "dns", "certificates")} | {"www": str(root / "srv/www")}
    path = root.parent / "servers.json"
    path.write_text(json.dumps(wanted), encoding="utf-8")
    process = subprocess.Popen([sys.executable, spec["servers_script"], str(path)], stdout=subprocess.PIPE)
    try:
        if process.stdout is None or process.stdout.readline() != b"ready\n":
            raise RuntimeError("the local servers did not start")
        yield
    finally:
        process.kill()


def _run_script(root: Path, script: str, user: str, spec: Spec, limits: Mapping[str, int]) -> dict[str, Any]:
    _write(root / SCRIPT.strip("/"), script)
    reader, writer = os.pipe()
    process = subprocess.Popen(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", SCRIPT],
        env=_environment(spec, user),
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=writer,
        start_new_session=True,
        preexec_fn=_become(root, user, limits),  # noqa: PLW1509 - no thread is running yet
    )
    os.close(writer)
    timer = threading.Timer(spec["timeout"], os.killpg, (process.pid, signal.SIGKILL))
    timer.start()
    with os.fdopen(reader, "rb") as stream:
        output = stream.read(1 << 21)
    code = process.wait()
    timed_out = not timer.is_alive()
    timer.cancel()
    return {
        "exit_code": code if code >= 0 else 128 - code,
        "output": output.decode("utf-8", "replace"),
        "timed_out": timed_out,
    }


def _version(root: Path, spec: Spec) -> str:
    """Return the first thing that looks like a version in what the scenario's version command prints."""
    output = (
        _run_script(root, spec["version"], "runner", {**spec, "timeout": 30}, _SAFE)["output"]
        if spec["version"]
        else ""
    )
    found = re.search(r"\d+(?:\.\d+)+(?:[-+~][\w.]+)?", output)
    return found[0] if found else ""


def _environment(spec: Spec, user: str) -> dict[str, str]:
    home = HOME if user == "runner" else {"root": "/root"}.get(user, f"/var/lib/{user}")
    bundle = "/etc/ssl/certs/ca-certificates.crt"
    basics = {
        "PATH": _PATH,
        "HOME": home,
        "USER": user,
        "LOGNAME": user,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "CI": "true",
        "NO_COLOR": "1",
    }
    trust = dict.fromkeys(("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "PIP_CERT"), bundle)
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "NPM_CONFIG_UPDATE_NOTIFIER": "false", "NPM_CONFIG_FUND": "false"}
    return {**basics, **trust, **quiet, "PYTHONUNBUFFERED": "1", **spec["env"]}


def _become(root: Path, user: str, limits: Mapping[str, int]) -> Callable[[], None]:
    def change() -> None:
        os.chroot(root)
        os.chdir(WORK)
        for name, value in limits.items():
            kind, unit = _LIMITS[name]
            limit = resource.RLIM_INFINITY if value == _UNLIMITED else value * unit
            resource.setrlimit(kind, (limit, limit))
        if user != "root":
            entry = pwd.getpwnam(user)
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)

    return change


def main() -> None:
    """Run the specification in the first argument and write the result to the path in the second."""
    spec = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps(run(spec)), encoding="utf-8")


if __name__ == "__main__":
    if shutil.which("ip") is None:
        sys.exit("the program ip is missing (Debian: iproute2)")
    main()
