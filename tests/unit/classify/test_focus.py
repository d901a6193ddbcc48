from __future__ import annotations

from errclass.classify.reading import read_lines
from errclass.classify.region import find_region
from errclass.core.types import Failure

HEALTHY = ["Installing the tools", "ready in 3 s", "Uploading the report of step 2"]


def focus_of(*lines: str) -> str:
    located = find_region(read_lines(Failure(text="\n".join(lines))))
    return "\n".join(located.lines[index].text for index in located.focus)


def test_healthy_lines_around_a_failure_are_left_out() -> None:
    """Only what names the failure is left."""
    error = "curl: (6) Could not resolve host: deb.example.org"
    assert error == focus_of(*HEALTHY, error, *HEALTHY)


def test_indented_details_stay_with_their_headline() -> None:
    """A compiler's excerpt below its error is part of the error."""
    lines = ("error[E0308]: mismatched types", " --> src/main.rs:1:26", "  |", "1 | let x: i32 = y;")
    assert "\n".join(lines[:3]) == focus_of(*HEALTHY, *lines)


def test_details_of_healthy_lines_do_not_stay() -> None:
    """Indentation alone says nothing."""
    error = "fatal error: stdio.h: No such file or directory"
    assert error == focus_of("Configuring", "  with colours", error)


def test_a_line_marked_as_an_error_stays_whatever_it_says() -> None:
    """The CI system's mark is enough."""
    assert "Mapping for image is gone" == focus_of(*HEALTHY, "##[error]Mapping for image is gone")


def test_a_text_of_healthy_lines_stays_whole() -> None:
    """Where they are all there is, they are what can be shown."""
    lines = ("Installing the tools", "Uploading the report of step 2", "[INFO] Building shop 1.4.0")
    assert "\n".join(lines) == focus_of(*lines)


def test_without_words_of_a_failure_what_is_no_routine_counts() -> None:
    """Progress tells nothing, any other line may."""
    assert "the ledger is one page short" == focus_of(
        "Installing the tools", "the ledger is one page short", "Done in 3s"
    )


def test_a_loud_warning_counts_where_nothing_failed() -> None:
    """It says more than lines without words of a failure, and stays with a failure it stands beside."""
    warning, error = "WARN connection refused by db:5432, retrying", "fatal error: no server left"
    assert warning == focus_of("the ledger is open", warning, "the ledger is thick")
    assert f"{warning}\n{error}" == focus_of(warning, "the ledger is open", error)
    assert error == focus_of(warning, *["the ledger is open"] * 9, error)
