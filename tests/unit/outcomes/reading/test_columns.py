from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.errors import UsageError
from errclass.outcomes.reading.columns import choose_columns

PATH = Path("history.csv")


@pytest.mark.parametrize(
    ("names", "text", "label"),
    [
        (["text", "label"], "text", "label"),
        (["Error Message", "Failure Type"], "Error Message", "Failure Type"),
        (["errorMessage", "failureType"], "errorMessage", "failureType"),
        (["ERROR_LOG", "CATEGORY"], "ERROR_LOG", "CATEGORY"),
        (["id", "raw stderr excerpt", "root cause"], "raw stderr excerpt", "root cause"),
        (["text", "message", "label", "type"], "text", "label"),
        (["log", "type", "category"], "log", "type"),
        (["message", "error type"], "message", "error type"),
        (["log_path", "log_id", "log_lines", "log"], "log", None),
        (["whatever"], "whatever", None),
    ],
)
def test_usual_names_are_found(names: list[str], text: str, label: str | None) -> None:
    """Case, blanks, underscores and camel case do not matter, and a better name goes before a vaguer one."""
    found = choose_columns(PATH, names, None, None).by_field
    assert (text, label) == (found["text"], found.get("label"))


def test_other_fields_are_found() -> None:
    """What else a file may know is taken too."""
    found = choose_columns(PATH, ["log", "Is Retryable", "repo", "commit_sha", "timestamp"], None, None).by_field
    expected = {"retryable": "Is Retryable", "repository": "repo", "commit": "commit_sha", "time": "timestamp"}
    assert expected | {"text": "log"} == dict(found)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["message", "error"], "'message', 'error' could each hold the text; choose with --text-column"),
        (["id", "foo"], "no column looks like the failure's text; choose with --text-column NAME out of 'id', 'foo'"),
        (["text", "type", "class"], "'type', 'class' could each hold the label; choose with --label-column"),
    ],
)
def test_doubt_is_a_question_to_the_user(names: list[str], said: str) -> None:
    """Nothing is guessed where two columns are as likely, and the message names them and the option."""
    with pytest.raises(UsageError, match=said):
        choose_columns(PATH, names, None, None)


def test_given_columns_are_taken() -> None:
    """Options settle the doubt, in any spelling."""
    found = choose_columns(PATH, ["message", "Error Text", "a", "b"], "error_text", "B").by_field
    assert ("Error Text", "b") == (found["text"], found["label"])


def test_given_column_that_is_not_there_is_refused() -> None:
    """The message lists what is."""
    with pytest.raises(UsageError, match=r"--label-column 'kind' is not a column; the columns are 'text', 'x'"):
        choose_columns(PATH, ["text", "x"], None, "kind")


def test_many_columns_are_not_all_listed() -> None:
    """One clear line stays one line."""
    with pytest.raises(UsageError, match="and 180 more"):
        choose_columns(PATH, [f"c{number}" for number in range(200)], None, None)
