"""Escalations as values, over whoever keeps their documents; a broken store costs the sharing, never the work."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from ...core.errors import StoreError
from ..loss_notice import LossNotice
from .escalation import Escalation, rebuild_escalation
from .keeper import Document, EscalationKeeper
from .memory import MemoryEscalations

T = TypeVar("T")

_log = logging.getLogger("errclass")


class Ledger:
    """Read and change escalations; while the store cannot be used this process keeps its own.

    That is logged once, as ``errclass.shared_state_lost``.
    """

    def __init__(self, keeper: EscalationKeeper | None) -> None:
        self._alone = MemoryEscalations()
        self._shared = keeper
        self._loss = LossNotice("escalations")

    def change(self, work: Callable[[list[Escalation]], tuple[Sequence[Escalation], T]]) -> T:
        """Hand all open ones to ``work``, keep what it returns, and return its result."""
        change = _translate(work)
        try:
            return (self._shared or self._alone).change_escalations(change)
        except StoreError as error:
            self._loss.tell(error)
            return self._alone.change_escalations(change)

    def change_one(self, escalation_id: str, work: Callable[[Escalation], Escalation]) -> Escalation | None:
        """Change one, open or not, and return it as it is then; None where there is none."""

        def change(known: list[Escalation]) -> tuple[list[Escalation], Escalation | None]:
            found = next((one for one in known if one.id == escalation_id), None)
            changed = None if found is None else work(found)
            return ([] if changed is None or changed == found else [changed]), changed

        for keeper in self._keepers():
            try:
                if keeper.read_escalation(escalation_id) is None:  # a store is not made for nothing
                    continue
                changed = keeper.change_escalations(_translate(change), only=escalation_id)
            except StoreError as error:
                self._loss.tell(error)
            else:
                if changed is not None:
                    return changed
        return None

    def change_beside(
        self, escalation_id: str, work: Callable[[list[Escalation]], tuple[Sequence[Escalation], T]]
    ) -> T | None:
        """Hand all open ones of where this one is kept to ``work``, likewise; None where it is not kept."""
        for keeper in self._keepers():
            try:
                if keeper.read_escalation(escalation_id) is not None:
                    return keeper.change_escalations(_translate(work))
            except StoreError as error:
                self._loss.tell(error)
        return None

    def find(self, escalation_id: str) -> Escalation | None:
        """Return one; None where there is none."""
        for keeper in self._keepers():
            try:
                document = keeper.read_escalation(escalation_id)
            except StoreError as error:
                self._loss.tell(error)
            else:
                if document is not None:
                    return next(_rebuild([document]), None)
        return None

    def list_all(self, *, open_only: bool = False, limit: int | None = None) -> list[Escalation]:
        """Return those of the store and this process's own, newest first; ``limit`` None: all that are kept."""
        found: list[Escalation] = []
        for keeper in self._keepers():
            try:
                found += _rebuild(keeper.read_escalations(open_only=open_only, limit=limit))
            except StoreError as error:
                self._loss.tell(error)
        return sorted(found, key=lambda one: (one.created, one.id), reverse=True)[:limit]

    def forget(self) -> None:
        """Drop those that are not open."""
        for keeper in self._keepers():
            try:
                keeper.forget_escalations()
            except StoreError as error:
                self._loss.tell(error)

    def _keepers(self) -> tuple[EscalationKeeper, ...]:
        return (self._alone,) if self._shared is None else (self._shared, self._alone)


def _translate(
    work: Callable[[list[Escalation]], tuple[Sequence[Escalation], T]],
) -> Callable[[list[Document]], tuple[Sequence[Document], T]]:
    def change(documents: list[Document]) -> tuple[Sequence[Document], T]:
        changed, result = work(list(_rebuild(documents)))
        return [one.to_dict() for one in changed], result

    return change


def _rebuild(documents: Iterable[Document]) -> Iterator[Escalation]:
    """Yield the escalations; one that cannot be read is left as it is, and logged."""
    for document in documents:
        try:
            yield rebuild_escalation(document)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            _log.warning("errclass.escalation_unreadable: %s: %s", document.get("id"), error)
