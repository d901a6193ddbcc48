from __future__ import annotations

from errclass.classify.focus import find_focus
from errclass.classify.region import find_region, read_lines
from errclass.core.types import Failure

HEALTHY = ["Installing the tools", "ready in 3 s", "Uploading the report of step 2"]


def focus_of(*lines: str) -> str:
    return find_focus(find_region(read_lines(Failure(text="\n".join(lines)))).lines)


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


def test_a_text_that_names_no_failure_stays_whole() -> None:
    """Where nothing stands out, everything may be evidence."""
    assert "\n".join(HEALTHY) == focus_of(*HEALTHY)
