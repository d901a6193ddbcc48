"""Bring a store file to the schema of this version, in recorded steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ..core.clock import utc_now
from ..core.errors import StoreError

Database = Literal["inbox", "history", "postgres"]
"""``postgres`` is what a PostgreSQL server holds beside the history, in the same schema."""
Execute = Callable[..., Any]
_FOLDER = Path(__file__).resolve().parent / "migrations"
LEDGER = "errclass_migrations"
_LEDGER_COLUMNS = "version BIGINT PRIMARY KEY, name VARCHAR NOT NULL, applied_at VARCHAR NOT NULL"


@dataclass(frozen=True, slots=True)
class Migration:
    """Hold one step of a schema."""

    version: int
    name: str
    sql: str


@cache
def load_migrations(database: Database) -> tuple[Migration, ...]:
    """Return the steps for one file of the store, first to last."""
    steps = sorted((_FOLDER / database).glob("*.sql"))
    return tuple(_read_step(entry.name, entry.read_text(encoding="utf-8")) for entry in steps)


def name_ledger(database: Database) -> str:
    """Return the table that lists which steps were applied."""
    return "errclass_postgres_migrations" if database == "postgres" else LEDGER


def check_schema(database: Database, place: Path | str, tables: Iterable[str], execute: Execute) -> int:
    """Return the schema's version, 0 for an empty file; raise StoreError when it is foreign or newer than known."""
    present, ledger = set(tables), name_ledger(database)
    if ledger not in present:
        if present:
            raise StoreError(
                f"{place} is not an errclass {database}: it holds other tables; choose another place for the store"
            )
        return 0
    version = int(execute(f"SELECT coalesce(max(version), 0) FROM {ledger}").fetchone()[0])
    known = latest_version(database)
    if version > known:
        raise StoreError(
            f"{place} has schema {version}, this errclass knows {known}: upgrade errclass to use this store"
        )
    return version


def latest_version(database: Database) -> int:
    """Return the schema version that this errclass writes."""
    return load_migrations(database)[-1].version


def apply_migrations(database: Database, version: int, execute: Execute) -> None:
    """Apply every step after ``version``; the caller holds the file alone and an open transaction."""
    ledger = name_ledger(database)
    if version == 0:
        execute(f"CREATE TABLE {ledger} ({_LEDGER_COLUMNS})")
    for step in load_migrations(database):
        if step.version > version:
            _apply(step, ledger, execute)


def _apply(step: Migration, ledger: str, execute: Execute) -> None:
    for statement in step.sql.split(";"):
        if statement.strip():
            execute(statement)
    execute(f"INSERT INTO {ledger} VALUES (?, ?, ?)", (step.version, step.name, utc_now().isoformat()))


def _read_step(file_name: str, sql: str) -> Migration:
    number, _, name = file_name.removesuffix(".sql").partition("_")
    return Migration(int(number), name, sql)
