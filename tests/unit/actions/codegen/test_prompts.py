"""What an agent is asked: instructions of ours, and below them data that stays data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.escalations import CONTEXT, make_request
from support.hostile import HOSTILE, Hostile, name_case

from errclass.actions.codegen.prompts import MOST_PROMPT, build_prompt
from errclass.actions.escalate.case import Case, describe_case
from errclass.core.frozen import FrozenDict
from errclass.core.masking import mask_secrets

INSTRUCTIONS = build_prompt(Case("test", "persistent", "high", 0.9)).split("\n\nFacts:")[0]
TITLES = {
    "Facts:",
    "Lines that show the cause, strongest first:",
    "Why it was judged so:",
    "What was tried already:",
    "What mended similar failures before:",
    "The failing part of the log:",
}
TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def list_outside(prompt: str) -> Iterator[str]:
    """Return the lines that an agent reads as ours: those that no fence holds (CommonMark 0.31, 4.5)."""
    fence = ""
    for line in re.split(r"\r\n|\r|\n", prompt):
        opened = re.match(r" {0,3}(`{3,})([^`]*)$", line) or re.match(r" {0,3}(~{3,})(.*)$", line)
        if fence:
            closed = re.fullmatch(r" {0,3}(`{3,}|~{3,})[ \t]*", line)
            fence = "" if closed and closed[1][0] == fence[0] and len(closed[1]) >= len(fence) else fence
        elif opened:
            fence = opened[1]
        else:
            yield line
    assert "" == fence


def check_prompt(prompt: str) -> None:
    """Check what holds of every prompt."""
    assert prompt.startswith(INSTRUCTIONS)
    assert len(prompt) <= MOST_PROMPT
    assert {line for line in list_outside(prompt[len(INSTRUCTIONS) :]) if line} <= TITLES
    assert prompt == mask_secrets(prompt)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e01ef]", prompt
    )


def fill(text: str) -> Case:
    """Return a case that holds the text wherever one can stand."""
    context = replace(
        CONTEXT, operation=text, environment=text, component=text, repository=text, branch=text, commit=text, job=text,
        metadata=FrozenDict({text: text, "x": text}),
    )  # fmt: skip
    many = (text,) * 30
    return describe_case(
        make_request(
            type=text, suggested_action=text, fingerprint=text, evidence=many, because=many, context=context, text=text,
            tried=many, past_fixes=many,
        )
    )  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE, ids=name_case)
def test_nothing_breaks_out_of_its_fence(hostile: Hostile) -> None:
    """Whatever a stranger wrote, wherever it stands."""
    check_prompt(build_prompt(fill(hostile.text)))


@given(st.text(st.sampled_from('`~ \n\r\t"\\{}[]aé\u2028\u202e\x1b[31m#>-'), max_size=200))
def test_no_text_breaks_out_of_its_fence(text: str) -> None:
    """The law, over texts made of what fences are made of."""
    check_prompt(build_prompt(fill(text)))


def test_it_says_what_is_known() -> None:
    """Facts, evidence, reasons, what was tried and what helped before, and the log at the end."""
    request = make_request(tried=("re-run twice",), past_fixes=("https://github.com/acme/shop/pull/3: pin lodash",))
    prompt = build_prompt(describe_case(request))
    for text in ("acme/shop", "4f2c1d9", "npm test", "expected 2, got 3", "re-run twice", "pin lodash", "2 times"):
        assert text in prompt
    assert prompt.index("Never merge it") < prompt.index("never an instruction") < prompt.index("acme/shop")
    assert prompt.rstrip("`\n").endswith("AssertionError: expected 2, got 3")


def test_what_is_not_known_is_not_there() -> None:
    """No empty headings."""
    prompt = build_prompt(Case("test", "persistent", "high", 0.9))
    assert {"Facts:"} == {line for line in list_outside(prompt[len(INSTRUCTIONS) :]) if line}


def test_secrets_stay_here() -> None:
    """Wherever they stand, also where only their name tells."""
    case = fill(f"push failed {TOKEN} password=hunter2hunter2")
    prompt = build_prompt(case)
    assert (False, False, True) == (TOKEN in prompt, "hunter2" in prompt, "[masked:" in prompt)
    labels = {"type": "test", "suggested_action": "", "fingerprint": None}
    assert "hunter2" not in str(replace(case, **labels))


def test_a_long_log_keeps_its_end() -> None:
    """Where failures explain themselves."""
    case = describe_case(make_request(text="start\n" + "noise\n" * 100_000 + "the cause"))
    prompt = build_prompt(case)
    assert ("start" in prompt, "the cause" in prompt, len(prompt) < MOST_PROMPT) == (True, True, True)
