"""The story of one run: its calls one after the other, what was decided about those that failed, and what was done."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime

from ....core.happenings import Action, ActionResult, Message, MessageStatus
from ....core.types import Decision, Outcome
from .calls import Call, make_call
from .following import choose_next
from .plan import Run
from .stage import Stage, later
from .world import Cause

LABEL_SHARE = 0.3
_AUTHORS = ("ana", "ben", "chi")
_SENT: tuple[MessageStatus, ...] = ("sent",) * 19 + ("failed",)


def tell_story(run: Run, stage: Stage) -> Iterator[datetime]:
    """Live through a run, and yield the moment of each thing before it happens."""
    chance = random.Random(f"{stage.seed} story {run.id}")  # noqa: S311 - made up, not secret
    call: Call | None = make_call(run, run.started, run.broken, chance)
    failed: Outcome | None = None
    while call is not None:
        yield call.ended
        cause = stage.cause_of(call)
        if cause is None:
            stage.succeed(call, failed)
            return
        failed = stage.fail(call, cause, failed)
        _label(failed, cause, stage, chance)
        call = _go_on(call, cause, failed, stage, chance)


def _label(failed: Outcome, cause: Cause, stage: Stage, chance: random.Random) -> None:
    delay, author = chance.uniform(900, 72_000), chance.choice(_AUTHORS)
    if chance.random() < LABEL_SHARE and not failed.context.cancelled:
        stage.label(failed, cause.type, later(failed.time, delay), author)


def _go_on(call: Call, cause: Cause, failed: Outcome, stage: Stage, chance: random.Random) -> Call | None:
    decision = failed.decision
    if call.run.cancelled or decision is None:
        return None
    step = choose_next(call, cause, decision, stage.world.recipes[call.run.pipeline.stack], chance)
    if step is None:
        _hand_on(failed, decision, stage, chance)
        return None
    begun = later(call.ended, step.wait)
    if step.recipe is not None:
        _recover(failed, step.recipe, begun, step.seconds, stage, helped=step.broken is None)
    started = later(begun, step.seconds)
    return make_call(call.run, started, step.broken, chance, number=call.number + 1, recovery=step.recipe)


def _recover(failed: Outcome, recipe: str, begun: datetime, seconds: float, stage: Stage, *, helped: bool) -> None:
    result: ActionResult = "success" if helped or seconds < 50 else "partial"
    ended = later(begun, seconds)
    stage.act(Action(f"{failed.id}:recover", "recover", recipe, result, failed.id, _decision_id(failed), begun, ended))


def _hand_on(failed: Outcome, decision: Decision, stage: Stage, chance: random.Random) -> None:
    """Escalate and tell people, where that was decided."""
    took, fate, seconds = chance.expovariate(1 / 1800), chance.random(), chance.uniform(0.3, 20)
    if decision.strategy == "escalate":
        result: ActionResult = "success" if fate < 0.85 else "failed"
        target = decision.plan.target or "manual"
        times = (later(failed.time, 1), later(failed.time, 60 + took))
        stage.act(Action(f"{failed.id}:escalate", "escalate", target, result, failed.id, _decision_id(failed), *times))
    for channel in decision.channels:
        stage.tell(
            Message(
                f"{failed.id}:{channel}",
                channel,
                decision.priority,
                chance.choice(_SENT),
                failed.id,
                _decision_id(failed),
                later(failed.time, seconds),
            )
        )


def _decision_id(failed: Outcome) -> str | None:
    return failed.decision.decision_id if failed.decision else None
