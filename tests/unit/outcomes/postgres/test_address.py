from __future__ import annotations

import pytest

from errclass.core.errors import ConfigError
from errclass.outcomes.postgres.address import hide_password, is_address, read_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgres://db/errclass", True),
        ("postgresql://u@db", True),
        ("/var/lib/errclass", False),
        ("postgres", False),
        ("postgres:/db", False),
        ("mysql://db/errclass", False),
    ],
)
def test_servers_are_told_from_folders(text: str, expected: bool) -> None:
    """By the scheme alone."""
    assert expected == is_address(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://app:hunter2@db/errclass", "postgres://app@db/errclass"),
        ("postgresql://app:h%40nter2@db:5432/errclass?sslmode=require", "postgresql://app@db:5432/errclass"),
        ("postgres://app@db/errclass?password=hunter2", "postgres://app@db/errclass"),
        ("postgres://:hunter2@h1:1,h2:2/e?target_session_attrs=primary", "postgres://h1:1,h2:2/e"),
        ("postgres://app:hunter2@[::1]:5433/errclass", "postgres://app@[::1]:5433/errclass"),
        ("postgres://app:hunter2@%2Fvar%2Frun/errclass", "postgres://app@%2Fvar%2Frun/errclass"),
        ("postgres://db", "postgres://db/"),
        ("postgres://app:hunter2@db/errclass?schema=ci", "postgres://app@db/errclass?schema=ci"),
    ],
)
def test_the_place_shows_where_and_not_the_password(text: str, shown: str) -> None:
    """Nor do the other texts made of an address."""
    address = read_address(text)
    assert shown == address.place
    assert not any("nter2" in made for made in (repr(address), str(address)))


@pytest.mark.parametrize(
    "text",
    [
        "postgres://app:hun@ter2@db/errclass",
        "postgres://app:hun/ter2@db/errclass",
        "postgres://app:hun?ter2@db/errclass",
        "postgres://app:hun#ter2@db/errclass",
        "postgres://app:hun:ter2@db/errclass",
        "postgres://app:hun%ter2@db/errclass",
        "postgres://app:hun ter2/@db",
        "postgres://app:ter2",
        "postgres://db/errclass?password=hun@ter2",
    ],
)
def test_an_ambiguous_address_is_refused_unseen(text: str) -> None:
    """What looks like a host or a database may be the rest of a password."""
    with pytest.raises(ConfigError, match="write @ as %40") as caught:
        read_address(text)
    assert "ter2" not in str(caught.value)


def test_the_schema_is_ours_and_other_options_are_the_drivers() -> None:
    """PostgreSQL's own tools have no option ``schema``."""
    address = read_address("postgres://db/e?sslmode=require&schema=ci_2&connect_timeout=3")
    assert ("ci_2", "postgres://db/e?sslmode=require&connect_timeout=3") == (address.schema, address.uri)


def test_the_usual_schema() -> None:
    """A shared database gets one schema, not loose tables."""
    assert "errclass" == read_address("postgres://db/e").schema


@pytest.mark.parametrize("name", ["", "Upper", "a-b", "pg_own", "1st", 'x"; DROP TABLE t', "a" * 64])
def test_a_schema_that_would_need_quotes_is_refused(name: str) -> None:
    """The name stands in statements."""
    with pytest.raises(ConfigError, match="schema"):
        read_address(f"postgres://db/e?schema={name.replace(' ', '%20')}")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://app:x@db/e", "postgres://app:[masked:password]@db/e"),
        ("postgresql://app:p@ss/w@db/e", "postgresql://app:[masked:password]@db/e"),
        ("postgres://db/e?password=x&a=b&sslpassword=y", "postgres://db/e?password=[masked:password]&a=b&sslpassword=[masked:password]"),
        ("postgres://app@db/e", "postgres://app@db/e"),
        ("/srv/a:b@c", "/srv/a:b@c"),
    ],
)  # fmt: skip
def test_settings_show_no_password(text: str, shown: str) -> None:
    """However short, and also in an address that cannot be read."""
    assert shown == hide_password(text)
