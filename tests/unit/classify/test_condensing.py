"""A log of any size is read within bounded memory, and the lines that matter are kept with their numbers."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errclass.classify.condensing import KEPT_CHARS, WHOLE_LINES, _Kept, condense_log
from errclass.classify.needles import Sieve
from errclass.classify.signals import extract_signals
from errclass.core.failure import mask_failure
from errclass.core.types import Context, Failure

FAILURE = "src/cart.c:12:5: error: expected ';' before 'return'"
LARGE = 3 * WHOLE_LINES


def condense(text: str, encoding: str = "utf-8") -> Failure:
    return condense_log(io.BytesIO(text.encode(encoding)))


def healthy(count: int) -> list[str]:
    return [f"[{number}/{count}] compiling module_{number}.c" for number in range(count)]


def test_a_small_log_is_kept_whole() -> None:
    """Nothing is left out, so there are no line numbers to keep."""
    failure = condense("one\ntwo\n\nthree\n")
    assert "one\ntwo\n\nthree" == failure.text
    assert () == failure.line_numbers


def test_the_context_is_kept() -> None:
    """Where it ran goes with the log."""
    context = Context(environment="production")
    assert context == condense_log(io.BytesIO(b"x"), context=context).context


@pytest.mark.parametrize("place", [0, 1, LARGE // 2, LARGE - 1])
def test_each_kept_line_has_the_number_it_had(place: int) -> None:
    """Wherever the failure stands in a large log, it is kept, and all numbers are right."""
    log = healthy(LARGE)
    log[place] = FAILURE
    failure = condense("\n".join(log))
    lines = failure.text.split("\n")
    assert FAILURE in lines
    assert len(lines) < LARGE / 10
    assert [log[number - 1] for number in failure.line_numbers] == lines


def test_the_surroundings_and_the_tail_are_kept() -> None:
    """A few lines before and after the failure, and the end of the log."""
    log = healthy(LARGE)
    log[5000] = FAILURE
    numbers = set(condense("\n".join(log)).line_numbers)
    assert {4999, 5000, 5001, 5002, 5009} <= numbers
    assert {LARGE - 299, LARGE} <= numbers


def test_a_line_repeated_without_end_does_not_crowd_out_the_others() -> None:
    """The one that stands once survives ten thousand of a kind."""
    log = ["ERROR: worker 7 lost its heartbeat"] * LARGE
    log[9] = FAILURE
    failure = condense("\n".join(log))
    assert FAILURE in failure.text
    assert len(failure.line_numbers) < 1000


def test_a_failure_after_progress_on_the_same_line_is_kept() -> None:
    """What was printed over a progress bar counts, though the line begins with the bar."""
    log = healthy(LARGE)
    log[6000] = "\r".join(f"{n}% |████| {n}/100" for n in range(100)) + "\r" + FAILURE
    assert 6001 in condense("\n".join(log)).line_numbers


def test_long_lines_are_bounded_together() -> None:
    """A thousand long lines with errors do not add up."""
    words = [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(2000)]
    failure = condense("\n".join(f"ERROR: {word} " + "x" * 16_000 for word in words))
    assert len(failure.text) <= 2 * KEPT_CHARS
    assert 2000 == failure.line_numbers[-1]


def test_a_cr_only_log_is_one_line() -> None:
    """Its first and last parts are kept, and everything has the number 1."""
    failure = condense("\r".join([*healthy(LARGE), FAILURE]))
    assert FAILURE in failure.text
    assert (1,) == extract_signals(failure).region.cause_lines


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings_are_read(encoding: str) -> None:
    """Windows' logs come as text, with the same line numbers."""
    log = healthy(LARGE)
    log[5000] = FAILURE
    failure = condense("\n".join(log), encoding)
    assert FAILURE in failure.text
    assert 5001 in failure.line_numbers


def test_a_latin_log_is_read() -> None:
    """A text that is no UTF-8 is read as Windows-1252."""
    assert "Fehler: Größe" == condense("Fehler: Größe", "cp1252").text


@pytest.mark.parametrize("data", [bytes(range(256)) * 64, b"\x7fELF" + b"\0\1\2\3" * 5000])
def test_a_binary_file_is_no_log(data: bytes, tmp_path: Path) -> None:
    """It is said to be none, read from memory or from a file."""
    path = tmp_path / "core"
    path.write_bytes(data)
    with path.open("rb") as file:
        failures = [condense_log(file), condense_log(io.BytesIO(data))]
    assert ["no_log", "no_log"] == [extract_signals(failure).gap for failure in failures]


def test_an_empty_file_is_empty() -> None:
    """It is text without a line."""
    assert "empty" == extract_signals(condense("")).gap


BODY = ["MIIEpAIBAAKCAQEA" + "q9Zk3" * 9 + str(n) for n in range(25)]
KEY = ["-----BEGIN RSA PRIVATE KEY-----", *BODY, "-----END RSA PRIVATE KEY-----"]


@pytest.mark.parametrize("size", [10, LARGE])
def test_the_body_of_a_private_key_is_never_kept(size: int) -> None:
    """Neither whole in a small log nor in part in a large one, where masking could no longer know it."""
    log = [*healthy(size), "Error: bad key", *KEY, "Error: giving up", *healthy(size)]
    failure = mask_failure(condense("\n".join(log)))
    assert not [line for line in BODY if line[:16] in failure.text]
    assert "Error: bad key" in failure.text
    assert "Error: giving up" in failure.text


def test_a_certificate_is_no_private_key() -> None:
    """What is public stays."""
    log = ["-----BEGIN CERTIFICATE-----", "MIIDdzCCAl+gAwIBAgIEAgAAuT", "-----END CERTIFICATE-----"]
    assert "MIIDdzCCAl" in condense("\n".join(log)).text


def test_a_key_without_an_end_does_not_swallow_the_log() -> None:
    """After as many lines as a key may have, the log is read again."""
    log = [KEY[0], *BODY, *healthy(500), FAILURE]
    failure = condense("\n".join(log))
    assert FAILURE in failure.text
    assert BODY[3] not in failure.text


MEASURE = """
import sys
from pathlib import Path
from errclass.classify.condensing import condense_log
from errclass.classify.signals import extract_signals
from errclass.core.failure import mask_failure
with open(sys.argv[1], "rb") as file:
    signals = extract_signals(mask_failure(condense_log(file)))
# Not ru_maxrss: Linux hands a child the peak of the process that started it.
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(signals.region.cause_lines[0], int(peak.split()[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_a_large_log_stays_within_memory(tmp_path: Path) -> None:
    """60 MB, of which a part is long lines with errors and other alphabets, take less than 300 MB."""
    path, line = tmp_path / "build.log", 0
    with path.open("w", encoding="utf-8") as file:
        for word in range(1500):
            file.write(
                f"ERROR: {chr(97 + word % 26)}{chr(97 + word // 26 % 26)}{chr(97 + word // 676)} 失败 "
                + "x" * 16_000
                + "\n"
            )
        for _ in range(9_000):
            file.write(("copying " + "y" * 4_000) + "\n")
        line = 1500 + 9_000 + 1
        file.write("fatal error: cart.h: No such file or directory\n")
    assert path.stat().st_size > 60_000_000
    command = [sys.executable, "-c", MEASURE, str(path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, timeout=120).stdout
    first, megabytes = map(int, printed.split())
    assert line == first
    assert megabytes < 300


def test_a_message_about_a_key_hides_nothing_after_it() -> None:
    """Only what looks like a key's body is blanked, not the lines that follow a mere mention of its first line."""
    log = (
        "error: expected -----BEGIN OPENSSH PRIVATE KEY----- in id_rsa\nfatal: deploy key rejected by git.example.com\n"
    )
    assert log.rstrip("\n") == condense(log).text


MIXED = st.lists(
    st.sampled_from(
        ["", "ok", "compiling 1", "compiling 22", FAILURE, "warning: old", "Error: 7", "a\rError: 8", "x" * 400]
    ),
    max_size=300,
)


@settings(deadline=None, max_examples=50)
@given(MIXED, st.integers(1, 40))
def test_the_quick_way_keeps_what_the_slow_way_keeps(lines: list[str], size: int) -> None:
    """Looking at every line of one block gives the same as skipping most lines of many."""
    slow, quick = _Kept(sieve=_EverySieve()), _Kept()
    slow.add(1, lines)
    for start in range(0, len(lines), size):
        quick.add(1 + start, lines[start : start + size])
    assert slow.result() == quick.result()


class _EverySieve(Sieve):
    """Let every line through."""

    def find(self, lines: Sequence[str]) -> list[int]:
        return list(range(len(lines)))
