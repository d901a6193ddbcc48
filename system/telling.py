"""Tell people of escalations: what is handed to them, and what nobody took up in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from ..actions.escalate import Breach, Escalation, Handler, HandlerResult
from ..actions.notify import Notice, Receipt
from ..core.errors import StoreError
from ..core.frozen import FrozenDict

if TYPE_CHECKING:
    from .notifying import Notifying

_LATE = {"acknowledge": "nobody has taken it up", "resolve": "it is not settled"}
NOBODY = "nobody was told: no channel is set up; name one below notifications.channels in config.toml"


def make_escalation_notice(escalation: Escalation) -> Notice:
    """Return the notice that hands an escalation to people, or asks for their consent; the same one each time."""
    if escalation.target == "notification":
        return _make_notice(escalation, escalation.id, f"{_name(escalation)} failed: {escalation.case.type}")
    if escalation.status == "pending":
        what = f"{_name(escalation)} failed and {escalation.target} waits for consent: {escalation.case.type}"
        agree = f"agree with: errclass escalations approve {escalation.id}"
        return _make_notice(escalation, f"{escalation.id}:consent", what, agree)
    what = f"{_name(escalation)} failed and needs a person: {escalation.case.type}"
    return _make_notice(escalation, escalation.id, what, f"take it up with: errclass escalations ack {escalation.id}")


def make_breach_notice(breach: Breach) -> Notice:
    """Return the notice of a deadline that was missed; the same one for the same breach, whoever tells it."""
    one = breach.escalation
    what = f"{_name(one)} failed and {_LATE[breach.kind]}, {_say_time(breach.late)} past its deadline: {one.case.type}"
    # Of another kind than the escalation's own, so that it is no repeat of it.
    return _make_notice(one, breach.key, what, f"look at it with: errclass escalations show {one.id}", kind="alert")


def make_people_handler(find_notifying: Callable[[], Notifying]) -> Handler:
    """Return the handler that tells people; it is done when the notice is queued, for the queue loses nothing."""

    def tell(escalation: Escalation) -> HandlerResult:
        notifying = find_notifying()
        receipt = send_notice(notifying, make_escalation_notice(escalation), escalation.case.channels)
        return _judge(receipt, notifying)

    return tell


def ask_for_consent(notifying: Notifying, escalation: Escalation) -> None:
    """Tell people that an escalation waits for one of them to agree."""
    send_notice(notifying, make_escalation_notice(escalation), escalation.case.channels)


def make_breach_listener(find_notifying: Callable[[], Notifying]) -> Callable[[Breach], None]:
    """Return the function that tells of a missed deadline; raises StoreError where that has to be tried again."""

    def tell(breach: Breach) -> None:
        receipt = send_notice(find_notifying(), make_breach_notice(breach), breach.escalation.case.channels)
        if receipt.error:
            raise StoreError(receipt.error)

    return tell


def send_notice(notifying: Notifying, notice: Notice, wanted: tuple[str, ...]) -> Receipt:
    """Queue a notice for those of the wanted channels that are set up; for all that are, where none of these is."""
    known = notifying.system.channels
    chosen = [name for name in wanted if name in known]
    return notifying.system.send_notification(notice, chosen or None)


def _judge(receipt: Receipt, notifying: Notifying) -> HandlerResult:
    details = FrozenDict({"notice": receipt.notice_id, "channels": receipt.to_dict()["channels"]})
    if receipt.error:
        return HandlerResult(False, receipt.error, "notification_failed", details, retryable=True)
    if receipt.status == "skipped":
        return HandlerResult(False, "; ".join((NOBODY, *notifying.faults)), "no_channel", details)
    if receipt.status == "failed":
        said = "no channel took it; see errclass notifications list --dead"
        return HandlerResult(False, said, "notification_failed", details)
    return HandlerResult(True, f"queued for {', '.join(receipt.channels)}", "notification_queued", details)


def _make_notice(
    escalation: Escalation, identifier: str, what: str, next_step: str | None = None, kind: str = "escalation"
) -> Notice:
    case = escalation.case
    return Notice.from_dict(
        {
            "id": identifier,
            "what": what,
            "kind": kind,
            "priority": escalation.priority,
            "next_step": next_step or case.suggested_action,
            "count": case.attempts + escalation.repeats,
            "first_seen": escalation.created.isoformat(),
            "last_seen": (escalation.last_seen or escalation.created).isoformat(),
            "time": escalation.created.isoformat(),
            "failure_id": case.outcome_id,
            "decision_id": case.decision_id or None,
            **{name: getattr(case, name) for name in _COMMON},
        }
    )


_COMMON = (
    "fingerprint", "type", "category", "severity", "confidence", "operation", "environment", "repository", "branch",
    "commit", "evidence", "tried",
)  # fmt: skip
"""What a case and a notice call the same."""


def _name(escalation: Escalation) -> str:
    return escalation.case.operation or "an operation"


def _say_time(span: timedelta) -> str:
    minutes = span.total_seconds() / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"
