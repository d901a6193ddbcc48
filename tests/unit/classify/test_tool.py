"""The tool that printed a text is told by its wordings."""

from __future__ import annotations

import pytest

from errclass.classify.tool import detect_tool
from errclass.classify.training import signals_of
from errclass.core.types import Example


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree", "npm"),
        (
            "ERROR: Could not find a version that satisfies the requirement foo==9\nERROR: No matching distribution found for foo==9",
            "pip",
        ),
        ("[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.11.0:compile", "maven"),
        ("error[E0382]: borrow of moved value: `name`", "rustc"),
    ],
)
def test_a_tool_is_known_by_its_wording(text: str, tool: str) -> None:
    """Typical lines give their tool."""
    assert tool == detect_tool(text)


@pytest.mark.parametrize("text", ["", "Error: boom", "it did not work", "exit code 1"])
def test_a_text_of_no_tool_has_none(text: str) -> None:
    """Plain words give no tool."""
    assert detect_tool(text) is None


def test_the_tool_named_most_often_wins() -> None:
    """One line of another tool does not change the answer."""
    text = "npm ERR! code E404\nnpm ERR! 404 Not Found\nnpm ERR! 404\nerror[E0382]: borrow of moved value"
    assert "npm" == detect_tool(text)


def test_most_texts_of_a_tool_are_not_given_to_another(corpus: list[Example]) -> None:
    """Over the corpus, npm's texts are told as npm's or as nobody's far more often than as another's."""
    found = [signals_of(example.text).tool for example in corpus if example.tool == "npm"]
    assert found.count("npm") > len(found) / 2
