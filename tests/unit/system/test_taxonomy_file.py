"""The taxonomy is a data file."""

from __future__ import annotations

from pathlib import Path

import pytest

from errclass.core.errors import ConfigError
from errclass.system.taxonomy_file import DEFAULT, load_taxonomy


def test_the_shipped_taxonomy_has_fourteen_types() -> None:
    """In four categories, ``unknown`` among both."""
    taxonomy = load_taxonomy()
    assert (14, 4) == (len(taxonomy.names), len(taxonomy.categories))
    assert ("unknown", "unknown") == (taxonomy.names[-1], taxonomy.category_of("unknown"))


def test_one_more_type_takes_the_rest_from_its_category(tmp_path: Path) -> None:
    """A copy with a line more is all that it takes."""
    text = DEFAULT.read_text(encoding="utf-8") + "  licence: {category: persistent}\n"
    (tmp_path / "taxonomy.yaml").write_text(text, encoding="utf-8")
    tables = load_taxonomy(tmp_path / "taxonomy.yaml").tables()
    assert ("persistent", "manual_investigation", False) == tuple(
        tables[name]["licence"] for name in ("type_category", "type_action", "type_retryable")
    )


def test_a_file_that_changed_is_read_anew(tmp_path: Path) -> None:
    """A process that lives on takes what the file says now, not what it once said."""
    path = tmp_path / "taxonomy.yaml"
    path.write_text(DEFAULT.read_text(encoding="utf-8"), encoding="utf-8")
    before = load_taxonomy(path)
    path.write_text(DEFAULT.read_text(encoding="utf-8") + "  licence: {category: persistent}\n", encoding="utf-8")
    assert {"licence"} == set(load_taxonomy(path).names) - set(before.names)


@pytest.mark.parametrize("content", [b"", b"- a", b"a: [", b"\xff\xfe\x00", b"types: {a: {category: x}}"])
def test_a_file_that_is_none_is_refused(content: bytes, tmp_path: Path) -> None:
    """By its name."""
    (tmp_path / "taxonomy.yaml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"taxonomy\.yaml"):
        load_taxonomy(tmp_path / "taxonomy.yaml")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """Likewise."""
    with pytest.raises(ConfigError, match="missing"):
        load_taxonomy(tmp_path / "missing.yaml")
