"""Tell people that a run failed for good, or that what they were told of works again."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...actions.notify import ChannelReceipt, Notice, Receipt, end_failure
from ...core.errors import StoreError
from ...core.masking import mask_secrets
from ...core.types import Context, Decision
from ...outcomes import Store
from ..notifying import make_notice, make_notifications
from ..settings import Settings
from ..telling import NOBODY, send_notice
from .ci_context import read_ci_link
from .run_ends import list_tried
from .run_order import Step, Told

SECONDS = 5.0
"""For sending; what is not sent by then waits in the store."""
_IGNORED = "nobody was told: the rules find nothing to tell of this failure"
_OFF = "nobody was told: notifications are switched off (enable.notifications)"
_KILL_SWITCH = "nobody was told: the kill switch is on (decision.kill_switch); the message waits in the store"
_NOTHING = "nobody was told: no channel wanted it"
_SAID = {
    "told": "told {}",
    "known": "{}: the same as before, so a digest counts it",
    "waits": "not sent yet through {}: it waits in the store, and errclass notifications send-due sends it",
    "failed": "{} did not take it; see errclass notifications list --dead",
}


class RunTeller:
    """Queue what is to be told through the channels of the settings, and send it."""

    def __init__(self, settings: Settings, store: Store) -> None:
        logging.getLogger("errclass").addHandler(logging.NullHandler())  # what goes wrong is said in the line
        self._settings = settings
        self._notifying = make_notifications(settings, store)

    def tell_failure(self, decision: Decision, steps: Sequence[Step], failure_id: str | None) -> Told:
        """Tell of the last call, which failed and was decided on so."""
        if decision.strategy == "ignore":
            return Told(_IGNORED)
        notice = make_notice(
            decision,
            tried=list_tried(steps),
            next_step=_describe_next(steps[-1]),
            link=read_ci_link(os.environ),
            failure_id=failure_id,
        )
        return self._tell([notice], decision.channels)

    def tell_undecided(self, context: Context, steps: Sequence[Step], failure_id: str | None) -> Told:
        """Tell of a failure of which errclass knows no more than that it happened."""
        what = f"{context.operation or 'an operation'} failed, and errclass could not decide why"
        link = read_ci_link(os.environ)
        place = _make_place(context, what)
        return self._tell([replace(place, tried=list_tried(steps), link=link, failure_id=failure_id)], ())

    def tell_end(self, context: Context, steps: Sequence[Step]) -> Told | None:
        """Tell those who were told that it failed that it works again; None where nobody was."""
        failing = self._notifying.system.list_failing(_make_place(context, ""))
        tried, link = list_tried(steps[:-1]), read_ci_link(os.environ)
        return self._tell([end_failure(one, tried=tried, link=link) for one in failing], ()) if failing else None

    def _tell(self, notices: Sequence[Notice], wanted: tuple[str, ...]) -> Told:
        reason = self._find_silence()
        if reason:
            return Told(reason)
        receipts = [send_notice(self._notifying, notice, wanted) for notice in notices]
        error = next((receipt.error for receipt in receipts if receipt.error), "")
        if error:
            return Told(f"nobody was told: {error}")
        if not self._settings.acting:
            return Told(_KILL_SWITCH, channels=_name_statuses(_merge(receipts)))
        self._notifying.system.drain(SECONDS)
        found = [self._look_again(receipt) for receipt in receipts]
        return _describe(_merge(found), self._notifying.faults)

    def _find_silence(self) -> str:
        """Return why there is no channel; nothing where there is one."""
        if self._notifying.system.channels:
            return ""
        if not self._settings.enable.notifications:
            return _OFF
        return "; ".join((NOBODY, *self._notifying.faults))

    def _look_again(self, receipt: Receipt) -> Receipt:
        """Return what has become of a notice by now, as far as the store can say."""
        try:
            now = self._notifying.system.get_receipt(receipt.notice_id)
        except StoreError:
            return receipt
        return Receipt(receipt.notice_id, {**receipt.channels, **now.channels})


def _make_place(context: Context, what: str) -> Notice:
    return Notice(
        what,
        operation=context.operation,
        environment=context.environment,
        repository=context.repository,
        branch=context.branch,
        commit=context.commit,
    )


def _describe_next(step: Step) -> str | None:
    """Return what a person is to do, and why nothing more is done without one."""
    verdict = step.verdict
    if verdict is None or verdict.explanation is None:
        return None
    return f"{verdict.explanation['advice']} (errclass run stopped: {verdict.reason})"


def _merge(receipts: Sequence[Receipt]) -> dict[str, ChannelReceipt]:
    """Return what became of all messages by channel, one that did not arrive before others."""
    found = [(name, one) for receipt in receipts for name, one in receipt.channels.items() if one.status != "skipped"]
    return dict(sorted(found, key=lambda item: item[1].status != "sent"))


def _describe(channels: Mapping[str, ChannelReceipt], faults: tuple[str, ...]) -> Told:
    groups: dict[str, list[str]] = {}
    for name, one in channels.items():
        groups.setdefault(_judge(one), []).append(_name(name, one))
    parts = [_SAID[said].format(", ".join(names)) for said, names in groups.items()]
    well = bool(groups) and groups.keys() <= {"told", "known"} and not faults
    return Told("; ".join((*parts, *faults)) or _NOTHING, well, _name_statuses(channels))


def _name(channel: str, receipt: ChannelReceipt) -> str:
    is_clear = receipt.reason in ("", "repeat", "flapping")
    return channel if is_clear else f"{channel} ({mask_secrets(receipt.reason)})"


def _judge(receipt: ChannelReceipt) -> str:
    if receipt.status in ("sent", "failed"):
        return "told" if receipt.status == "sent" else "failed"
    return "known" if receipt.reason in ("repeat", "flapping") else "waits"


def _name_statuses(channels: Mapping[str, ChannelReceipt]) -> dict[str, str]:
    return {name: one.status for name, one in channels.items()}
