"""Messages that wait to be sent, on every kind of store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from errclass.core.mail import MailCount, MailDelivery, MailEntry
from errclass.outcomes import Store
from errclass.outcomes.mail_tables import MailTables

ENTRY = MailEntry("e1", "n1", "slack", "high", "failure:f", {"what": "x ✗"}, 10.0, "ready", due=10.0)
DELIVERY = MailDelivery("d1", "slack", "high", {"kind": "notice"}, 20.0, due=20.0)


def add(store: Store, *entries: MailEntry) -> list[bool]:
    return store.change_mail(lambda mail: [mail.add_entry(entry) for entry in entries])


def list_all(store: Store) -> list[MailEntry]:
    return store.read_mail(lambda mail: mail.list_entries(), absent=[])


def test_reading_makes_nothing(store: Store) -> None:
    """A store that nothing was written to is not made."""
    assert [] == list_all(store)
    assert not store.exists()


def test_an_entry_is_kept_as_it_was(store: Store) -> None:
    """All of it; the same notice for the same channel is kept once."""
    assert [True, False, False] == add(store, ENTRY, ENTRY, replace(ENTRY, id="e2"))
    assert [True] == add(store, replace(ENTRY, id="e3", channel="email"))
    assert [ENTRY, replace(ENTRY, id="e3", channel="email")] == list_all(store)


def test_a_transaction_that_fails_writes_nothing(store: Store) -> None:
    """Neither entries nor notes."""

    def fail(mail: MailTables) -> None:
        mail.add_entry(ENTRY)
        mail.write_note("lane", "slack", "high", {"sent": [1.0]}, 1.0)
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        store.change_mail(fail)
    assert [] == list_all(store)
    assert None is store.read_mail(lambda mail: mail.read_note("lane", "slack", "high"), absent=None)


def test_entries_are_found_by_what_holds_of_them(store: Store) -> None:
    """Oldest first, or newest."""
    others = [replace(ENTRY, id=f"e{n}", notice_id=f"n{n}", topic=f"failure:{n}") for n in (2, 3)]
    held = replace(ENTRY, id="e4", notice_id="n4", state="held", due=99.0, priority="low")
    add(store, ENTRY, *others, held)

    def look(mail: MailTables) -> None:
        assert ["e1", "e2", "e3"] == [one.id for one in mail.list_entries(channel="slack", states=("ready",))]
        assert ["e4", "e3"] == [one.id for one in mail.list_entries(newest=True, limit=2)]
        assert ["e2"] == [one.id for one in mail.list_entries(topic="failure:2")]
        assert ["e4"] == [one.id for one in mail.list_entries(notice_id="n4")]
        assert [] == mail.list_entries(channel="email")
        assert (3, 1) == (
            mail.count_entries("slack", "high", "ready"),
            mail.count_entries("slack", "high", "ready", "failure:2"),
        )
        assert (99.0, None) == (mail.first_due("slack", "low", "held"), mail.first_due("slack", "low", "ready"))
        assert [
            MailCount("slack", "high", "ready", "", 3),
            MailCount("slack", "low", "held", "", 1),
        ] == mail.count_states()

    store.read_mail(look, absent=None)


def test_entries_move(store: Store) -> None:
    """Into a delivery, to an end, from held and ready to gathered."""
    held = replace(ENTRY, id="e4", notice_id="n4", state="held", due=50.0)
    add(store, ENTRY, held)

    def change(mail: MailTables) -> None:
        mail.release_held("slack", 49.0)
        mail.gather_ready("slack", "high", 60.0, "rate_limited")

    store.change_mail(change)
    assert [("gathered", 70.0, "rate_limited"), ("held", 50.0, "")] == [
        (one.state, one.due, one.reason) for one in list_all(store)
    ]
    store.change_mail(lambda mail: mail.release_held("slack", 50.0))
    store.change_mail(lambda mail: mail.move_entries(["e1", "e4"], "leaving", delivery_id="d1"))
    assert ["e1", "e4"] == [one.id for one in list_all(store) if (one.state, one.delivery_id) == ("leaving", "d1")]
    store.change_mail(lambda mail: mail.move_entries(["e1"], "sent", delivery_id="d1", ended_at=80.0))
    assert [("sent", 80.0), ("leaving", None)] == [(one.state, one.ended_at) for one in list_all(store)]


def test_many_entries_move_at_once(store: Store) -> None:
    """More than a statement takes values."""
    many = [replace(ENTRY, id=f"e{n}", notice_id=f"n{n}") for n in range(1200)]
    add(store, *many)
    store.change_mail(lambda mail: mail.move_entries([one.id for one in many], "dropped", ended_at=1.0))
    assert [MailCount("slack", "high", "dropped", "", 1200)] == store.read_mail(MailTables.count_states, absent=[])


def test_a_delivery_is_kept_and_changed(store: Store) -> None:
    """Those due first come first; what it says stays as it was made."""
    later = replace(DELIVERY, id="d2", due=10.0)
    store.change_mail(lambda mail: [mail.save_delivery(one) for one in (DELIVERY, later)])
    changed = replace(DELIVERY, attempts=2, leased_until=90.0, holder="me", error="HTTP 503", due=5.0)
    store.change_mail(lambda mail: mail.save_delivery(replace(changed, document={"kind": "other"})))

    def look(mail: MailTables) -> None:
        assert changed == mail.find_delivery("d1")
        assert None is mail.find_delivery("d3")
        assert ["d1", "d2"] == [one.id for one in mail.list_deliveries(state="open", channel="slack")]
        assert [] == mail.list_deliveries(state="dead")

    store.read_mail(look, absent=None)


def test_notes_are_written_and_read(store: Store) -> None:
    """By kind, channel and name."""
    store.change_mail(lambda mail: mail.write_note("lane", "slack", "high", {"sent": [1.0]}, 1.0))
    store.change_mail(lambda mail: mail.write_note("lane", "slack", "high", {"sent": [2.0]}, 2.0))
    found = store.read_mail(
        lambda mail: (mail.read_note("lane", "slack", "high"), mail.read_note("lane", "x", "high")), absent=None
    )
    assert ({"sent": [2.0]}, None) == found


def test_what_has_ended_is_forgotten_in_time(store: Store) -> None:
    """What waits and what is dead is not."""
    ends = [
        replace(ENTRY, id=f"e{n}", notice_id=f"n{n}", state=state, ended_at=ended)  # type: ignore[arg-type]
        for n, (state, ended) in enumerate(
            [("ready", None), ("dead", 1.0), ("sent", 1.0), ("named", 9.0), ("dropped", 1.0)]
        )
    ]
    add(store, *ends)

    def change(mail: MailTables) -> None:
        mail.save_delivery(replace(DELIVERY, state="sent", ended_at=1.0))
        mail.save_delivery(replace(DELIVERY, id="d2", state="dead", ended_at=1.0))
        mail.write_note("topic", "slack", "old", {}, 1.0)
        mail.write_note("topic", "slack", "new", {}, 9.0)
        mail.prune(5.0, 5.0)

    store.change_mail(change)

    def look(mail: MailTables) -> None:
        assert ["e0", "e1", "e3"] == [one.id for one in mail.list_entries()]
        assert (None, "d2") == (mail.find_delivery("d1"), (mail.find_delivery("d2") or DELIVERY).id)
        assert (None, {}) == (mail.read_note("topic", "slack", "old"), mail.read_note("topic", "slack", "new"))

    store.read_mail(look, absent=None)
    store.change_mail(MailTables.clear)
    assert [] == list_all(store)
