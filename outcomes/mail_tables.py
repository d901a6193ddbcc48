"""Notices and deliveries that wait, in tables of the inbox; the statements are those that SQLite and PostgreSQL share.

Whoever makes one holds the only transaction that writes them, so that what was read still holds when it is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..core.mail import DeliveryState, EntryState, MailCount, MailDelivery, MailEntry
from .statements import Run

_ENTRY = "id, notice_id, channel, priority, topic, document, queued_at, state, reason, due, delivery_id, ended_at"
_DELIVERY = "id, channel, priority, document, created_at, state, attempts, due, leased_until, holder, error, ended_at"
_CHANGING = ("state", "attempts", "due", "leased_until", "holder", "error", "ended_at", "created_at")
_IDS_AT_ONCE = 500
_FREE = "topic NOT IN (SELECT topic FROM mail_entries WHERE channel = ? AND state = 'leaving')"


class MailTables:
    """Read and write notices and deliveries within one transaction."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def add_entry(self, entry: MailEntry) -> bool:
        """Write an entry and return True; False where this notice is already on its way to this channel."""
        marks = ", ".join("?" * 12)
        statement = f"INSERT INTO mail_entries ({_ENTRY}) VALUES ({marks}) ON CONFLICT DO NOTHING"
        return bool(self._run(statement, _to_row(entry)).rowcount == 1)

    def list_entries(
        self,
        *,
        channel: str | None = None,
        priority: str | None = None,
        topic: str | None = None,
        states: Sequence[EntryState] = (),
        notice_id: str | None = None,
        delivery_id: str | None = None,
        limit: int = 1000,
        newest: bool = False,
        free: bool = False,
    ) -> list[MailEntry]:
        """Return the entries that all of this holds of, oldest first unless ``newest``.

        With ``free``, for which a channel is needed, those are left out of whose topic another is leaving through it.
        """
        where, values = _build_where(
            {
                "channel": channel,
                "priority": priority,
                "topic": topic,
                "notice_id": notice_id,
                "delivery_id": delivery_id,
            },
            states,
            free=free,
        )
        order = "DESC" if newest else "ASC"
        statement = f"SELECT {_ENTRY} FROM mail_entries{where} ORDER BY seq {order} LIMIT ?"
        return [MailEntry(*_from_row(row, 5)) for row in self._run(statement, (*values, limit)).fetchall()]

    def count_entries(self, channel: str, priority: str, state: EntryState, topic: str | None = None) -> int:
        """Return how many entries of a channel and priority are in a state."""
        where, values = _build_where({"channel": channel, "priority": priority, "topic": topic}, (state,))
        return int(self._run(f"SELECT count(*) FROM mail_entries{where}", values).fetchone()[0])

    def first_due(self, channel: str, priority: str, state: EntryState, *, free: bool = False) -> float | None:
        """Return when the first entry in a state is due, likewise with ``free``; None where there is none."""
        where, values = _build_where({"channel": channel, "priority": priority}, (state,), free=free)
        found = self._run(f"SELECT min(due) FROM mail_entries{where}", values).fetchone()[0]
        return None if found is None else float(found)

    def move_entries(
        self,
        ids: Iterable[str],
        state: EntryState,
        *,
        delivery_id: str | None = None,
        ended_at: float | None = None,
    ) -> None:
        """Bring entries into a state."""
        names = list(ids)
        for start in range(0, len(names), _IDS_AT_ONCE):
            some = names[start : start + _IDS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            statement = f"UPDATE mail_entries SET state = ?, delivery_id = ?, ended_at = ? WHERE id IN ({marks})"
            self._run(statement, (state, delivery_id, ended_at, *some))

    def gather_ready(self, channel: str, priority: str, wait: float, reason: str) -> None:
        """Have all that is ready wait for a digest, at most ``wait`` seconds from when it was queued."""
        self._run(
            "UPDATE mail_entries SET state = 'gathered', reason = ?, due = queued_at + ? "
            "WHERE channel = ? AND priority = ? AND state = 'ready'",
            (reason, wait, channel, priority),
        )

    def release_held(self, channel: str, now: float) -> None:
        """Gather what was held until now."""
        self._run(
            "UPDATE mail_entries SET state = 'gathered' WHERE channel = ? AND state = 'held' AND due <= ?",
            (channel, now),
        )

    def save_delivery(self, delivery: MailDelivery) -> None:
        """Write a delivery, or what has changed of it."""
        marks = ", ".join("?" * 12)
        changes = ", ".join(f"{name} = excluded.{name}" for name in _CHANGING)
        self._run(
            f"INSERT INTO mail_deliveries ({_DELIVERY}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {changes}",
            _to_row(delivery),
        )

    def find_delivery(self, delivery_id: str) -> MailDelivery | None:
        """Return a delivery by its id."""
        row = self._run(f"SELECT {_DELIVERY} FROM mail_deliveries WHERE id = ?", (delivery_id,)).fetchone()
        return MailDelivery(*_from_row(row, 3)) if row else None

    def list_deliveries(
        self,
        *,
        state: DeliveryState,
        channel: str | None = None,
        priority: str | None = None,
        limit: int = 1000,
    ) -> list[MailDelivery]:
        """Return deliveries in a state, those due first at the front."""
        where, values = _build_where({"channel": channel, "priority": priority}, (state,))
        statement = f"SELECT {_DELIVERY} FROM mail_deliveries{where} ORDER BY due, created_at, id LIMIT ?"
        return [MailDelivery(*_from_row(row, 3)) for row in self._run(statement, (*values, limit)).fetchall()]

    def read_note(self, kind: str, channel: str, name: str) -> Mapping[str, Any] | None:
        """Return what was noted of a channel under a name; None where nothing was, or what was is damaged."""
        statement = "SELECT document FROM mail_notes WHERE kind = ? AND channel = ? AND name = ?"
        row = self._run(statement, (kind, channel, name)).fetchone()
        return _parse(row[0]) if row else None

    def write_note(self, kind: str, channel: str, name: str, document: Mapping[str, Any], now: float) -> None:
        """Note something of a channel."""
        self._run(
            "INSERT INTO mail_notes (kind, channel, name, document, written_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (kind, channel, name) DO UPDATE SET document = excluded.document, "
            "written_at = excluded.written_at",
            (kind, channel, name, json.dumps(document), now),
        )

    def count_states(self) -> list[MailCount]:
        """Return how many entries there are of each channel, priority, state and reason."""
        statement = (
            "SELECT channel, priority, state, reason, count(*) FROM mail_entries "
            "GROUP BY channel, priority, state, reason ORDER BY channel, priority, state, reason"
        )
        return [MailCount(*row) for row in self._run(statement, ()).fetchall()]

    def prune(self, ended_before: float, noted_before: float) -> None:
        """Forget what was sent or dropped, and what was noted, before these moments; dead letters are kept."""
        self._run("DELETE FROM mail_entries WHERE ended_at < ? AND state <> 'dead'", (ended_before,))
        self._run("DELETE FROM mail_deliveries WHERE ended_at < ? AND state <> 'dead'", (ended_before,))
        self._run("DELETE FROM mail_notes WHERE written_at < ?", (noted_before,))

    def clear(self) -> None:
        """Forget everything."""
        for table in ("mail_entries", "mail_deliveries", "mail_notes"):
            self._run(f"DELETE FROM {table}", ())


def _build_where(
    equal: Mapping[str, str | None], states: Sequence[str], *, free: bool = False
) -> tuple[str, tuple[str, ...]]:
    asked = {name: value for name, value in equal.items() if value is not None}
    terms = [f"{name} = ?" for name in asked]
    if states:
        terms.append(f"state IN ({', '.join('?' * len(states))})")
    values = (*asked.values(), *states)
    if free:
        terms.append(_FREE)
        values = (*values, asked["channel"])
    return (f" WHERE {' AND '.join(terms)}" if terms else ""), values


def _to_row(value: MailEntry | MailDelivery) -> tuple[Any, ...]:
    fields = asdict(value)
    return tuple(json.dumps(field) if name == "document" else field for name, field in fields.items())


def _from_row(row: Sequence[Any], document: int) -> list[Any]:
    return [_parse(field) or {} if index == document else field for index, field in enumerate(row)]


def _parse(text: str) -> Mapping[str, Any] | None:
    """Return a document; None where it is damaged: one row must not keep the others from being read."""
    try:
        value = json.loads(text)
    except (RecursionError, TypeError, ValueError):
        return None
    return value if isinstance(value, dict) else None
