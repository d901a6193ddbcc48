from __future__ import annotations

from errclass.classify.tags import forget_codes, tags_of_codes
from errclass.classify.training import signals_of
from errclass.core.types import CodeHit


def hit(code: str, kind: str | None, strength: str = "strong") -> CodeHit:
    return CodeHit("errno", code, 0, 1, 1, kind, strength)  # type: ignore[arg-type]


def test_a_code_tells_itself_its_type_and_how_surely() -> None:
    """Also which strong one came first."""
    expected = ("code:errno:EIO", "says:system:strong", "says:system", "first:system")
    assert expected == tags_of_codes([hit("EIO", "system")])


def test_a_code_without_a_type_is_only_itself() -> None:
    """It points nowhere."""
    assert ("code:errno:EPERM",) == tags_of_codes([hit("EPERM", None, "weak")])


def test_weak_codes_do_not_come_first() -> None:
    """A hint does not decide."""
    found = tags_of_codes([hit("EPIPE", "network", "weak"), hit("EIO", "system"), hit("ENOSPC", "resource", "exact")])
    assert ["first:system"] == [tag for tag in found if tag.startswith("first:")]


def test_each_tag_stands_once() -> None:
    """However many codes say the same."""
    found = tags_of_codes([hit("EIO", "system"), hit("ENXIO", "system")])
    assert len(set(found)) == len(found)
    assert () == tags_of_codes([])


def test_forgetting_codes_leaves_all_else() -> None:
    """The tool stays, and so does every word."""
    signals = signals_of("curl: (6) Could not resolve host: deb.example.org")
    forgotten = forget_codes(signals)
    assert ("tool:curl",) == forgotten.tags
    assert (signals.masked_text, signals.codes) == (forgotten.masked_text, forgotten.codes)
