"""Training needs something to tell apart, and names what it learned."""

from __future__ import annotations

import json

import pytest

from errclass.classify.training import (
    Prepared,
    describe_training,
    prepare_examples,
    signals_of,
    train_classifier,
)
from errclass.core.errors import UsageError
from errclass.core.types import Example


@pytest.mark.parametrize("examples", [[], [Example("boom", "a")], [Example("boom", "a"), Example("bang", "a")]])
def test_one_type_teaches_nothing(examples: list[Example]) -> None:
    """The error says what was found and what to add."""
    with pytest.raises(UsageError, match=r"nothing to learn.*add texts"):
        train_classifier(prepare_examples(examples))


@pytest.mark.parametrize("name", ["linear", "bayes"])
def test_texts_without_words_teach_nothing(name: str) -> None:
    """The error is ours, not that of a library."""
    with pytest.raises(UsageError, match="nothing to learn"):
        train_classifier(prepare_examples([Example("", "a"), Example(" ", "b")]), name=name)


@pytest.mark.parametrize("name", ["linear", "bayes"])
def test_two_texts_are_enough(name: str) -> None:
    """However little, it is learned."""
    prepared = prepare_examples([Example("alpha broke", "a"), Example("beta burst", "b")])
    classifier = train_classifier(prepared, name=name)
    assert ["a", "b"] == [found.type for found in classifier.predict_many(prepared.signals)]


def test_the_version_names_the_data() -> None:
    """The same examples in another order give the same version, others another one."""
    first = [Example("alpha broke", "a"), Example("beta burst", "b")]
    other = [Example("alpha broke", "a"), Example("gamma burst", "b")]
    versions = [train_classifier(prepare_examples(part), name="bayes").version for part in (first, first[::-1], other)]
    assert versions[0] == versions[1] != versions[2]
    assert versions[0].startswith("bayes-")


def test_groups_keep_twins_together() -> None:
    """A text without a tool is grouped by the tool it shows, else by its fingerprint."""
    texts = ["npm ERR! code E404", "the flux condenser 1 is inverted", "the flux condenser 2 is inverted", "x"]
    groups = prepare_examples([Example(text, "a") for text in texts] + [Example("y", "a", tool="pip")]).groups
    assert "npm" == groups[0]
    assert groups[1] == groups[2] == signals_of(texts[1]).fingerprint
    assert ["user", "pip"] == groups[3:]


def test_progress_is_told() -> None:
    """Each text read is a step."""
    steps: list[tuple[int, int]] = []
    prepare_examples([Example("x", "a")] * 3, progress=lambda done, total: steps.append((done, total)))
    assert [(1, 3), (2, 3), (3, 3)] == steps


def test_a_description_holds_counts_and_no_text(prepared_small: Prepared) -> None:
    """What a manifest says of the data gives none of it away."""
    described = describe_training(prepared_small)
    assert len(prepared_small.examples) == described["examples"] == sum(described["by_type"].values())
    assert {"corpus": len(prepared_small.examples)} == described["by_source"]
    assert prepared_small.examples[0].text[:20] not in json.dumps(described)


def test_secrets_are_masked_before_anything_is_learned() -> None:
    """A token in a text is no feature."""
    token = "ghp_" + "a1B2" * 9
    signals = prepare_examples([Example(f"clone with {token} failed", "security")]).signals[0]
    assert token not in repr(signals)
