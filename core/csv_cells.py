"""Make text safe for a cell of a CSV file: a spreadsheet takes what begins like a formula for one."""

from __future__ import annotations

import re

# Also the full-width forms, which some spreadsheets read the same; and what is escaped already, so that it comes back.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def escape_cell(text: str) -> str:
    """Return ``text`` with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape_cell(cell: str) -> str:
    """Return what ``escape_cell`` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
