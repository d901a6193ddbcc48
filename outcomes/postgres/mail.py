"""Messages that wait to be sent, in the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ..mail_tables import MailTables
from .statements import make_run

if TYPE_CHECKING:
    from .driver import Connection

T = TypeVar("T")

# Held until the transaction ends, and by one at a time; readers are not kept from reading.
_ALONE = "LOCK TABLE mail_entries IN SHARE ROW EXCLUSIVE MODE"


def change_mail(connection: Connection, work: Callable[[MailTables], T]) -> T:
    """Do ``work`` while nobody else can change any of it."""
    with connection.transaction():
        connection.execute(_ALONE)
        return work(open_mail(connection))


def open_mail(connection: Connection) -> MailTables:
    """Return the tables of a connection."""
    return MailTables(make_run(connection))
