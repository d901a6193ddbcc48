"""Kill writers of one outcome store again and again, and see whether anything acknowledged is lost or doubled.

Several processes of `errclass outcomes record --ack` take events at once. Each is killed with SIGKILL at random moments
and started again with what it had not acknowledged; killed ones may have written more than they acknowledged, so those
events come twice. In the end every acknowledged id must be in the export exactly once. Exits with 1 otherwise.

    python benchmarks/crash.py --seconds 60
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_RECORD = (sys.executable, "-m", "errclass", "outcomes", "record", "--ack")


@dataclass
class Writer:
    """Feed one writer process after another until all its events are acknowledged."""

    ids: Sequence[str]
    kills: int
    environ: dict[str, str]
    seed: int
    acknowledged: list[str] = field(default_factory=list)
    """In the order of their coming; an id that was acknowledged stands here once."""
    killed: int = 0
    fault: str = ""

    def run(self, deadline: float) -> None:
        """Kill the process ``kills`` times at random moments, then let the last one finish."""
        draw = random.Random(self.seed)
        while not self.fault:
            done = set(self.acknowledged)
            left = [name for name in self.ids if name not in done]
            share = draw.uniform(0.02, 0.15)  # so that five kills find something left to write
            last = self.killed >= self.kills or time.monotonic() > deadline or not left
            self._run_once(left, None if last else max(1, int(share * len(self.ids))), draw)
            if last:
                return

    def _run_once(self, ids: Sequence[str], kill_after: int | None, draw: random.Random) -> None:
        """Run one process; kill it some milliseconds after it acknowledged ``kill_after`` ids."""
        process = subprocess.Popen(  # noqa: S603 - it is ourselves
            _RECORD, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self.environ, text=True, cwd="/"
        )
        feeder = threading.Thread(target=_feed, args=(process, ids), daemon=True)
        feeder.start()
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        for count, line in enumerate(process.stdout, 1):
            if line.endswith("\n"):  # a line cut by the kill was no acknowledgement
                self.acknowledged.append(line.strip())
            if count == kill_after:
                threading.Timer(draw.uniform(0, 0.1), process.kill).start()
        feeder.join()
        code = process.wait()
        process.stdout.close()
        if code not in {0, -signal.SIGKILL}:
            self.fault = f"a process exited with {code}"
        self.killed += code == -signal.SIGKILL


def _feed(process: subprocess.Popen[str], ids: Sequence[str]) -> None:
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    with contextlib.suppress(BrokenPipeError):
        for name in ids:
            text = f"npm error code ETIMEDOUT after {len(name)} tries of {name}"
            process.stdin.write(json.dumps({"id": name, "text": text, "operation": "deploy"}) + "\n")
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()


def crash(home: Path, *, events: int, writers: int, kills: int, seconds: float, seed: int) -> dict[str, object]:
    """Run one round in an empty home and return what was seen; ``lost`` and ``doubled`` must be 0."""
    environ = {**os.environ, "ERRCLASS_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    environ.pop("ERRCLASS_STORE", None)
    crew = [
        Writer([f"{seed}-{number}-{event}" for event in range(events // writers)], kills, environ, seed + number)
        for number in range(writers)
    ]
    start = time.monotonic()
    threads = [threading.Thread(target=writer.run, args=(start + seconds,)) for writer in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - start
    stored = _read_store(environ)
    acknowledged = {name for writer in crew for name in writer.acknowledged}
    sent = {name for writer in crew for name in writer.ids}
    return {
        "events": len(sent),
        "acknowledged": len(acknowledged),
        "kills": sum(writer.killed for writer in crew),
        "lost": len(acknowledged - set(stored)),
        "doubled": sum(count > 1 for count in stored.values()),
        "foreign": len(set(stored) - sent),
        "faults": [writer.fault for writer in crew if writer.fault],
        "seconds": round(took, 1),
    }


def _read_store(environ: dict[str, str]) -> Counter[str]:
    """Return each id of the export with how often it stands there, after a merge."""
    command = (sys.executable, "-m", "errclass", "outcomes")
    lines = ""
    for step in ("merge", "export"):
        done = subprocess.run((*command, step), env=environ, check=True, cwd="/", capture_output=True, text=True)  # noqa: S603 - likewise
        lines = done.stdout
    return Counter(json.loads(line)["id"] for line in lines.splitlines())


def main() -> None:
    """Run rounds until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60, help="go on for so long (default: 60)")
    parser.add_argument("--events", type=int, default=20_000, help="events of one round (default: 20000)")
    parser.add_argument("--writers", type=int, default=4, help="processes at once (default: 4)")
    parser.add_argument("--kills", type=int, default=5, help="kills per process and round (default: 5)")
    parser.add_argument("--seed", type=int, default=None, help="repeat the moments of an earlier run")
    options = parser.parse_args()
    seed = random.randrange(1_000_000) if options.seed is None else options.seed
    end = time.monotonic() + options.seconds
    rounds, bad = 0, 0
    while rounds == 0 or time.monotonic() < end:
        with tempfile.TemporaryDirectory(prefix="errclass-crash-") as folder:
            seen = crash(
                Path(folder),
                events=options.events,
                writers=options.writers,
                kills=options.kills,
                seconds=max(end - time.monotonic(), 1),
                seed=seed,
            )
        print(f"seed {seed}: {seen}", flush=True)
        bad += bool(seen["lost"] or seen["doubled"] or seen["foreign"] or seen["faults"])
        rounds, seed = rounds + 1, seed + options.writers
    print(f"{rounds} rounds, {bad} of them bad")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
