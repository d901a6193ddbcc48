"""Measure what ``errclass run`` adds to a command: to one that does nothing, and to one that prints a gigabyte.

The second one works for its output, about ten seconds in all, and both kinds of run go into a pipe to ``cat``.

    python benchmarks/run_overhead.py --megabytes 1024
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_PRINTER = """
import hashlib, os, sys
block, rounds = os.urandom(32768).hex().encode(), int(sys.argv[2])
lines = b"\\n".join(block[start:start + 100] for start in range(0, len(block), 100)) + b"\\n"
for _ in range(int(sys.argv[1]) * (1 << 20) // len(lines)):
    for _ in range(rounds):
        hashlib.sha256(lines).digest()
    os.write(1, lines)
"""
_CAT = shutil.which("cat") or "cat"
_ERRCLASS = (str(Path(sys.executable).with_name("errclass")), "run", "--")


def time_once(command: Sequence[str]) -> float:
    """Return the seconds that a command takes."""
    start = time.perf_counter()
    subprocess.run(command, check=True)  # noqa: S603 - the user's own
    return time.perf_counter() - start


def time_piped(command: Sequence[str]) -> tuple[float, int]:
    """Return the seconds that a command takes whose output ``cat`` reads, and its own peak of memory in bytes."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - likewise
        reader = subprocess.Popen([_CAT], stdin=process.stdout, stdout=subprocess.DEVNULL)  # noqa: S603 - likewise
        if process.stdout is None:
            raise RuntimeError("there is no pipe")
        process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        reader.wait()
    return time.perf_counter() - start, usage.ru_maxrss * 1024


def find_rounds(megabytes: int, seconds: float) -> int:
    """Return how much work per block makes the printer take so long, measured on a hundredth of it."""
    share = max(1, megabytes // 100)
    took = time_piped([sys.executable, "-c", _PRINTER, str(share), "20"])[0]
    return max(1, round(20 * seconds * share / megabytes / took))


def measure_start(times: int) -> None:
    """Print what a command that does nothing takes, bare and with errclass, turn by turn."""
    bare, ours = [], []
    for _ in range(times):
        bare.append(time_once(["true"]))
        ours.append(time_once([*_ERRCLASS, "true"]))
        python = time_once([sys.executable, "-c", ""])
    added = 1000 * (statistics.median(ours) - statistics.median(bare))
    least = 1000 * (min(ours) - min(bare))
    print(f"true: {1000 * statistics.median(bare):.1f} ms; added: {added:.1f} ms, at best {least:.1f} ms;")
    print(f"      of which an empty Python program: {1000 * python:.1f} ms")


def measure_output(megabytes: int, seconds: float, turns: int) -> None:
    """Print what much output takes, bare and with errclass, turn by turn."""
    printer = [sys.executable, "-c", _PRINTER, str(megabytes), str(find_rounds(megabytes, seconds))]
    bare, ours, peaks = [], [], []
    for _ in range(turns):
        bare.append(time_piped(printer)[0])
        took, peak = time_piped([*_ERRCLASS, *printer])
        ours.append(took)
        peaks.append(peak)
    slower = 100 * (statistics.median(ours) / statistics.median(bare) - 1)
    print(f"{megabytes} MB: {statistics.median(bare):.2f} s bare, {statistics.median(ours):.2f} s, {slower:+.1f} %;")
    print(f"      peak of errclass: {max(peaks) / 2**20:.0f} MB")


def main() -> None:
    """Measure both, in a home of their own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1024, help="how much is printed")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long printing takes without errclass")
    parser.add_argument("--times", type=int, default=30, help="how often true is run")
    parser.add_argument("--turns", type=int, default=3, help="how often the output is printed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.environ["ERRCLASS_HOME"] = home
        measure_start(options.times)
        measure_output(options.megabytes, options.seconds, options.turns)


if __name__ == "__main__":
    main()
