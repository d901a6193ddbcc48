"""Notices that wait in a PostgreSQL server: many machines share limit and queue."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from errclass.actions.notify import Notice, NotificationSystem
from errclass.outcomes import Store
from errclass.testing import RecordingChannel

if TYPE_CHECKING:
    from support.postgres import PostgresServer


@pytest.fixture
def place(postgres: PostgresServer) -> Iterator[str]:
    """Where a store may be made."""
    with postgres.lend_place() as address:
        yield address


def test_fifty_from_five_machines_are_nine_messages_and_one_digest(place: str) -> None:
    """Queued and sent by all of them at once; each message by one."""
    stores = [Store(place) for _ in range(5)]
    channels = [RecordingChannel("slack") for _ in stores]
    systems = [NotificationSystem(store, [channel]) for store, channel in zip(stores, channels, strict=True)]

    def work(number: int) -> None:
        for n in range(10):
            systems[number].send_notification(Notice(f"{number}.{n}", fingerprint=f"{number}.{n}"))
            systems[number].drain(0.01)
        systems[number].drain(0.5)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    statistics = systems[0].get_statistics()
    assert (9, 9, {"rate_limited": 41, "sent": 9}) == (
        sum(len(channel.sent) for channel in channels),
        len({one.key for channel in channels for one in channel.sent}),
        dict(statistics.by_status),
    )
    for store in stores:
        store.close()
