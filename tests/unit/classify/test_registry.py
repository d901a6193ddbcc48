"""Classifiers are found by their entry points."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from errclass.classify import registry
from errclass.classify.bayes import BayesClassifier
from errclass.classify.linear import LinearClassifier
from errclass.classify.registry import DEFAULT, find_classifier, list_classifiers
from errclass.core import plug_ins
from errclass.core.errors import UsageError


def test_the_built_in_ones_are_there() -> None:
    """They come by the same door as a plug-in."""
    assert {"bayes", "linear"} <= set(list_classifiers())
    assert (BayesClassifier, LinearClassifier) == (find_classifier("bayes"), find_classifier("linear"))


def test_the_default_is_one_of_them() -> None:
    """Nothing needs to be named."""
    assert DEFAULT in list_classifiers()


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    """The error helps."""
    with pytest.raises(UsageError, match=r"'lineer'.*bayes, linear"):
        find_classifier("lineer")


@pytest.mark.parametrize("target", ["no_such_module_at_all:Thing", "errclass.classify.bayes:NoSuchThing"])
def test_a_broken_plug_in_is_named(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """It is the plug-in that is wrong, and the error says which."""
    broken = EntryPoint("broken", target, registry.GROUP)
    monkeypatch.setattr(plug_ins, "entry_points", lambda **_: [broken])
    with pytest.raises(UsageError, match=r"'broken'.*cannot be imported"):
        find_classifier("broken")
