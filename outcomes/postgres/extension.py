"""DuckDB's extension that reads PostgreSQL: installed by the user, or brought by a wheel; never fetched from here."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ...core.errors import StoreError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NAME: Final = "postgres_scanner"


def load_extension(session: DuckDBPyConnection) -> None:
    """Load the extension into a session; where this machine has none, raise a StoreError that says how to get it."""
    import duckdb

    (version,) = session.execute("SELECT version()").fetchone() or ("",)
    try:
        session.execute(f"LOAD {NAME}")
    except duckdb.Error as error:
        carried = _find_carried(version)
        if carried is None:
            raise StoreError(
                f"reports on a store in PostgreSQL need DuckDB's extension postgres, made for DuckDB {version}; get it "
                "with: pip install 'errclass[postgres]' (it may change DuckDB's version), or from the network with: "
                "python -c \"import duckdb; duckdb.sql('INSTALL postgres')\""
            ) from error
        session.load_extension(str(carried))


def _find_carried(version: str) -> Path | None:
    """Return the file that the wheel ``duckdb-extension-postgres-scanner`` brought for this DuckDB, if there is one."""
    try:
        folder = Path(str(files(f"duckdb_extension_{NAME}")))
    except ModuleNotFoundError:
        return None
    file = folder / "extensions" / version / f"{NAME}.duckdb_extension"
    return file if file.exists() else None
