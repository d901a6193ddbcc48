"""Signals become words, character n-grams and tags."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from errclass.classify.features import chars_of, least_documents, shows_features, tags_of, words_of
from errclass.classify.training import signals_of
from errclass.core.types import Region, Signals


def of(masked: str) -> Signals:
    return Signals(Region(masked, 1, 1), masked, None)


def test_words_come_with_pairs_and_parts() -> None:
    """Compound names also give their words."""
    assert [
        "modulenotfounderror", "no", "module", "modulenotfounderror no", "no module", "module", "not", "found", "error",
    ] == words_of(of("ModuleNotFoundError: No module"))  # fmt: skip


def test_placeholders_are_words() -> None:
    """What was masked still tells that something stood there."""
    assert ["open", "<path>.json", "open <path>.json"] == words_of(of("open <path>.json"))


def test_a_short_part_is_left_out() -> None:
    """One or two letters say nothing."""
    assert [] == [word for word in words_of(of("is_ok isOk")) if word in {"is", "ok"}]


def test_characters_come_within_words() -> None:
    """N-grams of three to five characters, a space marking each end."""
    assert [" ab", "ab ", " ab "] == chars_of(of("ab"))


def test_placeholders_give_no_characters() -> None:
    """Their letters are ours, not the text's."""
    assert [] == chars_of(of("<path> <number>"))


def test_tags_are_those_of_the_signals() -> None:
    """Nothing is added or lost."""
    signals = signals_of("write failed: ENOSPC")
    assert list(signals.tags) == tags_of(signals)
    assert signals.tags


def test_an_empty_text_has_no_features() -> None:
    """Neither words nor characters."""
    assert ([], []) == (words_of(of("")), chars_of(of("")))


def test_a_feature_must_stand_in_enough_texts() -> None:
    """Two texts without a shared word share nothing; two that share one do."""
    apart, alike = [of("alpha"), of("beta")], [of("alpha"), of("alpha beta")]
    assert not shows_features(words_of, apart, 2)
    assert shows_features(words_of, alike, 2)
    assert shows_features(words_of, apart, 1)
    assert not shows_features(tags_of, alike, 1)


def test_many_texts_teach_only_what_two_of_them_say() -> None:
    """A word of one text only may be private."""
    assert (1, 2) == (least_documents(2), least_documents(1000))


@given(st.text(max_size=300))
def test_any_text_gives_lower_case_features(text: str) -> None:
    """No text raises, and features do not depend on case."""
    assert all(word == word.lower() for word in [*words_of(of(text)), *chars_of(of(text))])
