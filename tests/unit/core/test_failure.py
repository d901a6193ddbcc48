"""A failure is built from whatever the caller has, and building it never fails."""

from __future__ import annotations

import signal
import subprocess
from typing import NoReturn

import pytest

from errclass.core.failure import (
    MAX_TEXT_CHARS,
    failure_from_command,
    failure_from_exception,
    failure_from_text,
    mask_failure,
    signal_name,
    to_failure,
)
from errclass.core.frozen import FrozenDict
from errclass.core.types import Context, Failure


class UnprintableError(Exception):
    """Raise when shown."""

    def __str__(self) -> NoReturn:
        raise ValueError("no text")

    __repr__ = __str__


class HostilePropertiesError(Exception):
    """Raise when looked at."""

    @property
    def stdout(self) -> NoReturn:
        raise RuntimeError("closed")

    returncode = stdout
    __notes__ = 3


def _raised(error: BaseException) -> BaseException:
    try:
        raise error  # noqa: TRY301 - to give it a traceback is the point
    except BaseException as caught:  # noqa: BLE001 - whatever was given
        return caught


def test_logs_stand_before_the_message() -> None:
    """What explains a failure is read last."""
    assert failure_from_text(b"boom", logs="step 1\nstep 2").text == "step 1\nstep 2\nboom"
    assert failure_from_text("boom").text == "boom"
    assert failure_from_text("", logs=b"only").text == "only"
    assert failure_from_text("").text == ""


def test_bytes_are_decoded() -> None:
    """Encodings are found out."""
    assert failure_from_text("Größe".encode("cp1252")).text == "Größe"
    assert failure_from_command("Größe".encode("utf-16"), 1).text == "Größe"


def test_lone_surrogates_do_not_get_in() -> None:
    """They could be stored nowhere."""
    assert failure_from_text("caf\udce9").text == "caf�"
    assert "caf�" in failure_from_exception(FileNotFoundError("caf\udce9")).text


def test_a_huge_text_keeps_its_beginning_and_its_end() -> None:
    """A quarter from the beginning, three from the end."""
    text = failure_from_text("A" * MAX_TEXT_CHARS + "Z" * MAX_TEXT_CHARS).text
    assert len(text) == MAX_TEXT_CHARS + 1
    assert (text.count("A"), text.count("Z")) == (MAX_TEXT_CHARS // 4, 3 * MAX_TEXT_CHARS // 4)


def test_an_exception_brings_its_type_and_traceback() -> None:
    """The type is qualified, the message stands at the end."""
    failure = failure_from_exception(_raised(ConnectionResetError(104, "Connection reset by peer")))
    assert failure.exception_type == "builtins.ConnectionResetError"
    assert failure.text.startswith("Traceback (most recent call last):")
    assert failure.text.endswith("ConnectionResetError: [Errno 104] Connection reset by peer")
    assert failure.exit_code is None


def test_the_causes_of_an_exception_are_in_its_text() -> None:
    """The earliest cause is usually the one that explains."""
    error = RuntimeError("deploy failed")
    error.__cause__ = TimeoutError("registry")
    text = failure_from_exception(error).text
    assert text.index("TimeoutError: registry") < text.index("RuntimeError: deploy failed")


def test_a_cycle_of_causes_ends() -> None:
    """Retry loops that re-raise what they caught make such cycles."""
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    text = failure_from_exception(first).text
    assert (text.count("ValueError: first"), text.count("ValueError: second")) == (1, 1)


def test_an_exception_that_cannot_be_shown_is_still_a_failure() -> None:
    """A __str__ that raises must not replace the failure."""
    failure = failure_from_exception(_raised(UnprintableError()))
    assert failure.exception_type is not None
    assert failure.exception_type.endswith("UnprintableError")
    assert "UnprintableError" in failure.text


def test_an_exception_whose_properties_raise_is_still_a_failure() -> None:
    """Looking for output and exit code must not raise either."""
    failure = failure_from_exception(_raised(HostilePropertiesError("boom")))
    assert "HostilePropertiesError: boom" in failure.text
    assert failure.exit_code is None


def test_an_exception_that_traceback_cannot_format_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever formatting runs into, the type is known."""

    def refuse(*_args: object, **_kwargs: object) -> NoReturn:
        raise RecursionError

    monkeypatch.setattr("traceback.TracebackException.from_exception", refuse)
    assert failure_from_exception(KeyError("x")).text == "KeyError: <cannot be shown>"


def _dive(depth: int) -> None:
    if depth:
        _dive(depth - 1)
    else:
        _the_place_where_it_broke()


def _the_place_where_it_broke() -> NoReturn:
    raise LookupError("deep")


def test_the_innermost_frames_of_a_deep_traceback_stay() -> None:
    """Where an error was raised says more than where the program began."""
    try:
        _dive(200)
    except LookupError as error:
        text = failure_from_exception(error).text
    assert "_the_place_where_it_broke" in text
    assert text.count("\n") < 100


def test_a_failed_command_brings_its_output_and_exit_code() -> None:
    """What the command printed stands before Python's own words."""
    error = subprocess.CalledProcessError(137, ["npm", "ci"], output=b"npm ERR! killed\n", stderr="Killed")
    failure = failure_from_exception(error)
    assert failure.exit_code == 137
    assert failure.text.startswith("npm ERR! killed\n\nKilled\n")
    assert failure.text.endswith("returned non-zero exit status 137.")


def test_a_timed_out_command_brings_its_output() -> None:
    """There is no exit code, but there may be output."""
    failure = failure_from_exception(subprocess.TimeoutExpired("make", 5, output=b"cc -c a.c\n"))
    assert failure.exit_code is None
    assert failure.text.startswith("cc -c a.c")


@pytest.mark.parametrize(("code", "expected"), [(3, 3), ("usage", None), (None, None), (True, None)])
def test_system_exit_brings_its_code(code: object, expected: int | None) -> None:
    """A text or nothing is no exit code."""
    assert failure_from_exception(SystemExit(code)).exit_code == expected  # type: ignore[arg-type]


def test_the_code_of_other_exceptions_is_no_exit_code() -> None:
    """An HTTP error's ``code`` is a status."""
    error = OSError("not found")
    error.code = 404  # type: ignore[attr-defined]
    assert failure_from_exception(error).exit_code is None


def test_a_failure_is_taken_as_it_is() -> None:
    """Only its context may be replaced."""
    failure = Failure(text="x")
    context = Context(operation="deploy")
    assert to_failure(failure) is failure
    assert to_failure(failure, context=context).context is context


def test_text_bytes_and_exceptions_become_failures() -> None:
    """One door for all that callers have."""
    assert to_failure("x", logs="log").text == "log\nx"
    assert to_failure(b"x").text == "x"
    assert to_failure(KeyError("x")).exception_type == "builtins.KeyError"


@pytest.mark.parametrize("value", [None, 3, ["x"], object])
def test_anything_else_is_refused(value: object) -> None:
    """A wrong argument is the caller's mistake, and says so."""
    with pytest.raises(TypeError, match="expected text, bytes, an exception or a Failure, got"):
        to_failure(value)  # type: ignore[arg-type]


def test_secrets_of_text_and_context_are_masked() -> None:
    """Context is stored and sent like the text."""
    password = "hunter2" + "Xyz"
    context = Context(
        operation=f"mysql -p{password}", branch="main", metadata=FrozenDict({"DB_PASSWORD": password, "team": "web"})
    )
    masked = mask_failure(Failure(text=f"password={password}", context=context))
    assert password not in repr(masked)
    assert masked.context.branch == "main"
    assert dict(masked.context.metadata) == {"DB_PASSWORD": "[masked:password]", "team": "web"}


def test_a_context_without_secrets_stays_the_same_object() -> None:
    """The common case copies nothing."""
    context = Context(operation="npm ci", metadata=FrozenDict({"team": "web"}))
    assert mask_failure(Failure(text="x", context=context)).context is context


@pytest.mark.parametrize(
    ("exit_code", "expected"),
    [
        (137, "SIGKILL"),
        (-9, "SIGKILL"),
        (143, "SIGTERM"),
        (139, "SIGSEGV"),
        (0, None),
        (1, None),
        (128, None),
        (255, None),
    ],
)
def test_the_signal_behind_an_exit_code_is_named(exit_code: int, expected: str | None) -> None:
    """Shells add 128, Python negates."""
    assert signal_name(exit_code) == expected
    assert signal.SIGKILL == 9
