"""What is stored is decided anew by other rules, and only what was seen is told as a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import pytest
from support.decided import decide_facts, make_outcomes

from errclass.classify.classifier import Classifier
from errclass.core.errors import PolicyError, UsageError
from errclass.core.failure import failure_from_text
from errclass.core.frozen import FrozenDict
from errclass.core.happenings import Attempt
from errclass.core.taxonomy import Taxonomy
from errclass.core.types import Context, Decision, Example, Outcome, Plan
from errclass.outcomes import Store, iter_decided
from errclass.rules import INPUTS, Layer, Word, build_facts
from errclass.system.jobs.replay.redeciding import Redecider
from errclass.system.jobs.replay.ruling import summarise_decision
from errclass.system.jobs.replaying import ReplayRequest, replay_rules
from errclass.system.pipeline import answer_failure, to_outcome
from errclass.system.rules_in_use import build_engine, load_rules
from errclass.system.settings import DecisionSettings, Settings
from errclass.system.taxonomy_file import load_taxonomy
from errclass.system.wiring import Parts

START = datetime(2026, 11, 1, tzinfo=UTC)
NOW = START + timedelta(days=25)
MANY = 10_000
SHORT = 400
"""Characters of a text; long ones only take longer to record."""
RULE = """
title: So many calls are enough
priority: 1
when:
  attempt: {{gte: {threshold}}}
unless:
  cancelled: true
then:
  strategy: notify
because: It was called {{attempt}} times.
cases:
  fires:
    - name: a late call
      facts: {{attempt: {threshold}}}
      expect: {{strategy: notify}}
  silent:
    - name: no call
      facts: {{tool: npm}}
"""


@dataclass
class Model:
    classifier: Classifier
    version: str = "small-1"
    taxonomy: Taxonomy = field(default_factory=load_taxonomy)


def write_rule(folder: Path, text: str, name: str = "ours") -> Path:
    (folder / "strategy").mkdir(parents=True, exist_ok=True)
    (folder / "strategy" / f"{name}.yaml").write_text(text)
    return folder


def give_up_at(folder: Path, threshold: int) -> Path:
    return write_rule(folder / f"at-{threshold}", RULE.format(threshold=threshold))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("replay")


@pytest.fixture(scope="module")
def parts(base: Path, linear_small: Classifier) -> Parts:
    """What decided: a small model and the rules that give up at the fourth call."""
    rules = give_up_at(base, 4)
    settings = Settings(home=base / "home", store=str(base / "store"), decision=DecisionSettings(rules=(rules,)))
    return Parts(
        settings, cast(Any, Model(linear_small)), build_engine(load_rules(load_taxonomy(), [Layer(rules)])), None
    )


@pytest.fixture(scope="module")
def texts(corpus: list[Example]) -> list[str]:
    """Short texts of what the small model knows, of many tools, and some of what it does not."""
    short = [example for example in corpus if len(example.text) < SHORT]
    known = [example.text for example in short if example.type in {"dependency", "network", "security", "test"}]
    return [*known[:: len(known) // 50], *(example.text for example in short[:: len(short) // 10])]


@pytest.fixture(scope="module")
def many(parts: Parts, texts: list[str]) -> Store:
    """A store of very many outcomes, each of them really decided."""
    with Store(parts.settings.store) as store:
        store.record_many(make_outcomes(parts, texts, MANY, START))
        store.merge()
        return store


def replay(parts: Parts, *folders: Path, **options: Any) -> dict[str, Any]:
    request = ReplayRequest(**{"since": "30d", "folders": folders, **options})
    return replay_rules(parts.settings, request, clock=lambda: NOW)


def test_a_changed_threshold_is_replayed_as_it_is_decided_one_by_one(base: Path, parts: Parts, many: Store) -> None:
    """Every decision in all that is compared, and so the matrix of them all."""
    rules = give_up_at(base, 2)
    engine = build_engine(load_rules(load_taxonomy(), [*parts.settings.rule_layers, Layer(rules)]))
    redecider = Redecider(engine.policy, parts.settings.decision)
    matrix: Counter[tuple[str, str]] = Counter()
    changed = 0
    for row, outcome in zip(iter_decided(many, START), many.outcomes(), strict=True):
        before = cast(Decision, outcome.decision)
        after = decide_facts(engine, outcome.facts, outcome.context, parts.settings.decision)
        found = redecider.decide(row.facts, 2)
        assert (row.id, frozenset(), list_compared(after)) == (outcome.id, found.lacking, list_compared(found.ruling))
        matrix[summarise_decision(before).action, found.ruling.action] += 1
        changed += list_compared(before) != list_compared(after)
    report = replay(parts, rules)
    told = Counter({(cell["before"], cell["after"]): cell["decisions"] for cell in report["matrix"]})
    assert (MANY, MANY, changed, matrix) == (matrix.total(), report["decisions"]["replayed"], report["changed"], told)
    assert changed > MANY / 10
    assert {"retry", "recover", "escalate"} <= {before for before, after in matrix if after == "notify"}


def list_compared(one: Any) -> tuple[Any, ...]:
    return (one.strategy, one.type, one.severity, one.retryable, one.plan, one.priority, one.channels)


def test_the_rules_that_decided_change_nothing(parts: Parts, many: Store) -> None:
    """Whatever was decided is decided again, to the last wait and channel."""
    report = replay(parts)
    assert (MANY, MANY, 0) == (report["decisions"]["replayed"], report["decisions"]["same_rules"], report["changed"])
    assert ({"newly": 0, "no_longer": 0, "actions": {}}, []) == (report["automatic"], report["causes"])
    assert {0} == {
        report["reruns"][strategy][side]["decisions"]
        for strategy in ("retry", "recover")
        for side in ("added", "saved")
    }
    assert 0.0 == report["minutes"]["added"]


def test_narrower_settings_show_in_plans(parts: Parts, many: Store) -> None:
    """The settings bound what rules plan, in a replay too."""
    settings = parts.settings.model_copy(
        update={"decision": DecisionSettings(rules=parts.settings.decision.rules, max_attempts=2)}
    )
    report = replay_rules(settings, ReplayRequest(), clock=lambda: NOW)
    assert {"plan": report["changed"]} == report["changed_fields"]
    assert report["changed"] > 0


def test_progress_is_told(parts: Parts, many: Store) -> None:
    """As often as it takes to see that something moves, and never more than there is."""
    steps: list[tuple[int, int]] = []
    request = ReplayRequest()
    replay_rules(
        parts.settings, request, clock=lambda: NOW, progress=lambda _, done, total: steps.append((done, total))
    )
    assert [(done, MANY) for done in range(1000, MANY + 1, 1000)] == steps


# From here on, small stores written by hand: network failures that the usual rules retry.

CAUSE, OTHER = "a" * 16, "b" * 16
FACTS = {
    "predicted_type": "network",
    "confidence": 0.95,
    "margin": 0.9,
    "attempt": 1,
    "cancelled": False,
    "vocabulary": 2,
}
RULING = Redecider(load_rules(load_taxonomy()), DecisionSettings()).decide(FACTS, 2).ruling
"""What the usual rules make of these facts: a retry."""
RETRIED = Decision(
    "transient", cast(str, RULING.type), cast(Any, RULING.severity), True, 0.95, "wait", strategy="retry",
    plan=RULING.plan, priority=cast(Any, RULING.priority), channels=RULING.channels,
)  # fmt: skip
NOTIFIED = replace(RETRIED, strategy="notify", plan=Plan())
NEVER_RETRY = RULE.format(threshold=1)


@pytest.fixture
def small(tmp_path: Path, parts: Parts) -> Iterator[tuple[Parts, Store]]:
    """An empty store, and parts that decide by the usual rules."""
    settings = Settings(home=tmp_path / "home", store=str(tmp_path / "store"))
    with Store(settings.store) as store:
        yield replace(parts, settings=settings), store


def put(
    store: Store, name: str, decision: Decision | None = NOTIFIED, cause: str | None = CAUSE, **fields: Any
) -> None:
    context = Context(operation=fields.pop("operation", "deploy"))
    facts = FrozenDict({**FACTS, **fields.pop("facts", {})})
    outcome = Outcome(
        name,
        f"boom {name}",
        time=fields.pop("time", START),
        fingerprint=cause,
        context=context,
        facts=facts,
        decision=decision,
    )
    store.record(replace(outcome, **fields))


def rerun(store: Store, failure: str, success: bool, seconds: float | None = None, **fields: Any) -> None:
    ended = START + timedelta(hours=1)
    started = None if seconds is None else ended - timedelta(seconds=seconds)
    store.record_attempt(
        Attempt(
            f"{failure}-again",
            success,
            Context(operation="deploy"),
            failure_id=failure,
            started=started,
            ended=ended,
            **fields,
        )
    )


def test_added_retries_are_worth_what_was_seen_of_the_cause(small: tuple[Parts, Store]) -> None:
    """The chance with its interval where it was tried, a bound where it was not."""
    parts, store = small
    put(store, "seen", RETRIED)
    rerun(store, "seen", True)
    for number in range(3):
        put(store, f"known-{number}")
        put(store, f"new-{number}", cause=OTHER)
    put(store, "nameless", cause=None)
    report = replay(parts)
    added = report["reruns"]["retry"]["added"]
    chance = report["causes"][0]["added"][0]["chance"]
    assert (7, 3, 4) == (added["decisions"], added["observed"], added["not_observed"])
    assert round(3 * chance["mean"], 1) == added["expected_successes"]
    assert (round(3 * chance["low"], 1), round(3 * chance["high"] + 4, 1)) == (
        added["successes_low"],
        added["successes_high"],
    )
    assert {"newly": 7, "no_longer": 0, "actions": {"retry": 7}} == report["automatic"]
    assert [(CAUSE, 4, 3), (OTHER, 3, 3)] == [
        (one["fingerprint"], one["decisions"], one["changed"]) for one in report["causes"]
    ]
    assert [None] == [one["chance"] for one in report["causes"][1]["added"]]


def test_what_was_never_tried_has_no_number(small: tuple[Parts, Store]) -> None:
    """Only nothing to all of them."""
    parts, store = small
    put(store, "one")
    put(store, "two", cause=OTHER)
    rerun(store, "two", True, unchanged=False, recovery="free_space")
    added = replay(parts)["reruns"]["retry"]["added"]
    assert (None, 0.0, 2.0, 0) == (
        added["expected_successes"],
        added["successes_low"],
        added["successes_high"],
        added["observed"],
    )


def test_saved_retries_tell_what_would_be_lost(small: tuple[Parts, Store], tmp_path: Path) -> None:
    """How many really succeeded, and of how many nobody knows."""
    parts, store = small
    for name, success in (("well", True), ("badly", False)):
        put(store, name, RETRIED)
        rerun(store, name, success)
    put(store, "open", RETRIED)
    report = replay(parts, write_rule(tmp_path / "rules", NEVER_RETRY))
    saved = report["reruns"]["retry"]["saved"]
    assert (3, 2, 1, 1) == (saved["decisions"], saved["observed"], saved["lost_successes"], saved["not_observed"])
    assert ({"newly": 0, "no_longer": 3, "actions": {}}, {"before": 0, "after": 3}) == (
        report["automatic"],
        report["people_asked"],
    )
    assert {"retry -> notify": 3} == report["causes"][0]["changes"]


@pytest.mark.parametrize(
    ("seconds", "options", "minutes", "money"),
    [
        (90.0, {"cost_per_minute": 2.0}, (1.5, 4.5), (3.0, 9.0)),
        (90.0, {}, (1.5, 4.5), (None, None)),
        (None, {"minutes_per_call": 10.0, "cost_per_minute": 1.0}, (10.0, 30.0), (10.0, 30.0)),
        (None, {"cost_per_minute": 1.0}, (None, None), (None, None)),
    ],
)
def test_only_what_really_ran_is_saved(
    small: tuple[Parts, Store],
    tmp_path: Path,
    seconds: float | None,
    options: dict[str, Any],
    minutes: tuple[float | None, float | None],
    money: tuple[float | None, float | None],
) -> None:
    """Of the others nobody knows whether they ever ran: they are the upper end."""
    parts, store = small
    for name in ("ran", "open-1", "open-2"):
        put(store, name, RETRIED)
    rerun(store, "ran", False, seconds)
    report = replay(parts, write_rule(tmp_path / "rules", NEVER_RETRY), fail_if=("minutes_saved>=2",), **options)
    told = [(report[name]["saved"], report[name]["saved_high"]) for name in ("minutes", "money")]
    assert [minutes, money] == told
    assert minutes[0] == report["limits"][0]["value"]


def test_nothing_that_ran_is_no_minute_saved(small: tuple[Parts, Store], tmp_path: Path) -> None:
    """However long a call would have taken."""
    parts, store = small
    put(store, "open", RETRIED)
    rules = write_rule(tmp_path / "rules", NEVER_RETRY)
    assert {"added": 0.0, "saved": 0.0, "saved_high": None} == replay(parts, rules)["minutes"]
    assert {"added": 0.0, "saved": 0.0, "saved_high": 10.0} == replay(parts, rules, minutes_per_call=10.0)["minutes"]


def test_a_longer_plan_shows_in_the_calls_it_allows(small: tuple[Parts, Store]) -> None:
    """The next call is the same, the hundredth is not; what was not retried allowed none."""
    parts, store = small
    most = RETRIED.plan.max_attempts
    put(store, "short", replace(RETRIED, plan=replace(RETRIED.plan, max_attempts=1)))
    put(store, "long", replace(RETRIED, plan=replace(RETRIED.plan, max_attempts=100)))
    put(store, "none", NOTIFIED)
    report = replay(parts, fail_if=("calls_allowed_added<0", "calls_allowed_added>0"))
    assert {"before": 101, "after": 3 * most} == report["calls_allowed"]
    assert [(3 * most - 101, True), (3 * most - 101, False)] == [
        (one["value"], one["crossed"]) for one in report["limits"]
    ]


MENDED = """
title: What fails here is reset
priority: 1
when:
  strategy: escalate
then:
  plan_target: system_reset
because: The system is reset.
cases:
  fires:
    - name: an escalation
      facts: {strategy: escalate}
      expect: {plan_target: system_reset}
  silent:
    - name: a retry
      facts: {strategy: retry}
"""
ESCALATE = RULE.format(threshold=1).replace("strategy: notify", "strategy: escalate")


def reset_all(folder: Path) -> Path:
    """Return rules that escalate all to a reset of the system."""
    (folder / "plan").mkdir(parents=True)
    (folder / "plan" / "ours.yaml").write_text(MENDED)
    return write_rule(folder, ESCALATE)


@pytest.mark.parametrize(
    ("target", "approval", "action", "automatic", "people"),
    [
        ("manual", False, "escalate", (1, 0), (1, 0)),
        ("codegen", True, "escalate codegen, if agreed", (1, 0), (1, 0)),
        ("codegen", False, "escalate codegen", (0, 0), (0, 0)),
        ("system_reset", False, "escalate system_reset", (0, 0), (0, 0)),
    ],
)
def test_a_repair_that_nobody_agrees_to_is_newly_automatic(
    small: tuple[Parts, Store],
    tmp_path: Path,
    target: str,
    approval: bool,
    action: str,
    automatic: tuple[int, int],
    people: tuple[int, int],
) -> None:
    """An escalation is a question to a person only where it goes to one."""
    parts, store = small
    put(store, "one", replace(NOTIFIED, strategy="escalate", plan=Plan(target=target, approval=approval)))
    report = replay(parts, reset_all(tmp_path / "rules"), fail_if=("newly_automatic>0",))
    assert [{"before": action, "after": "escalate system_reset", "decisions": 1}] == report["matrix"]
    assert automatic == (report["automatic"]["newly"], report["automatic"]["no_longer"])
    assert {"escalate system_reset": 1} == report["automatic"]["actions"] or not automatic[0]
    assert people == (report["people_asked"]["before"], report["people_asked"]["after"])
    assert bool(automatic[0]) is report["limits"][0]["crossed"]


def test_a_repair_that_a_person_takes_over_is_no_longer_automatic(small: tuple[Parts, Store], tmp_path: Path) -> None:
    """The reverse."""
    parts, store = small
    put(store, "one", replace(NOTIFIED, strategy="escalate", plan=Plan(target="codegen")))
    report = replay(parts, write_rule(tmp_path / "rules", NEVER_RETRY))
    assert ({"newly": 0, "no_longer": 1, "actions": {}}, {"before": 0, "after": 1}) == (
        report["automatic"],
        report["people_asked"],
    )


def test_what_the_usual_rules_reset_is_seen_to_be_automatic(small: tuple[Parts, Store]) -> None:
    """And where errclass has to ask first, to wait for a person."""
    parts, store = small
    put(store, "free", facts={"history_failed_attempts": 12, "environment": "staging"})
    put(store, "asks", facts={"history_failed_attempts": 12, "environment": "production", "autonomy": "ask"})
    report = replay(parts)
    assert [("notify", "escalate system_reset"), ("notify", "escalate system_reset, if agreed")] == [
        (cell["before"], cell["after"]) for cell in report["matrix"]
    ]
    assert ({"escalate system_reset": 1}, {"before": 2, "after": 1}) == (
        report["automatic"]["actions"],
        report["people_asked"],
    )


@pytest.mark.parametrize(
    ("seconds", "options", "minutes", "money"),
    [
        (None, {}, None, None),
        (None, {"cost_per_minute": 2.0}, None, None),
        (90.0, {}, 3.0, None),
        (90.0, {"cost_per_minute": 2.0}, 3.0, 6.0),
        (90.0, {"minutes_per_call": 10.0, "cost_per_minute": 0.5}, 20.0, 10.0),
        (None, {"minutes_per_call": 10.0}, 20.0, None),
    ],
)
def test_time_is_as_seen_or_as_said(
    small: tuple[Parts, Store],
    seconds: float | None,
    options: dict[str, Any],
    minutes: float | None,
    money: float | None,
) -> None:
    """Unknown stays unknown, and money is only told at a price that somebody named."""
    parts, store = small
    put(store, "one")
    put(store, "two", operation="never timed")
    put(store, "seen", RETRIED)
    rerun(store, "seen", True, seconds)
    report = replay(parts, **options)
    assert (minutes, money) == (report["minutes"]["added"], report["money"]["added"])


def test_a_recovery_in_place_of_a_retry_saves_the_one_and_adds_the_other(
    small: tuple[Parts, Store], tmp_path: Path
) -> None:
    """Neither newly automatic nor any longer; the recipe was never tried on the cause."""
    parts, store = small
    put(store, "one", RETRIED)
    rerun(store, "one", True)
    rule = RULE.format(threshold=1).replace("strategy: notify", "strategy: recover\n  plan_recipe: free_space")
    report = replay(
        parts,
        write_rule(
            tmp_path / "rules", rule.replace("{strategy: recover\n  plan_recipe: free_space}", "{strategy: recover}")
        ),
    )
    counts = {
        (name, side): report["reruns"][name][side]["decisions"]
        for name in ("retry", "recover")
        for side in ("added", "saved")
    }
    assert {("retry", "added"): 0, ("retry", "saved"): 1, ("recover", "added"): 1, ("recover", "saved"): 0} == counts
    assert ({"newly": 0, "no_longer": 0, "actions": {}}, 1) == (
        report["automatic"],
        report["reruns"]["recover"]["added"]["not_observed"],
    )
    assert [{"action": "recover by free_space", "decisions": 1, "chance": None}] == report["causes"][0]["added"]


def test_what_a_person_has_to_agree_to_is_not_automatic(small: tuple[Parts, Store]) -> None:
    """A plan that waits for a person counts as one that asks."""
    parts, store = small
    put(store, "one", replace(RETRIED, plan=Plan(4, 1.0, approval=True)))
    report = replay(parts)
    assert (1, {"before": 1, "after": 0}) == (report["automatic"]["newly"], report["people_asked"])
    assert [{"before": "retry, if agreed", "after": "retry", "decisions": 1}] == report["matrix"]


READS_MOON = """
title: Full moon
priority: 1
when:
  predicted_type: network
  moon: full
then:
  strategy: escalate
because: The moon is full.
cases:
  fires:
    - name: full
      facts: {predicted_type: network, moon: full}
      expect: {strategy: escalate}
  silent:
    - name: new
      facts: {predicted_type: network, moon: new}
"""


@pytest.fixture
def moon() -> Iterator[None]:
    """A fact that comes with the next version of the vocabulary."""
    from errclass.rules.vocabulary import WORDS

    word = {"moon": Word("moon", "text", "phase of the moon", since=3)}
    with patch.dict(INPUTS, word), patch.dict(WORDS, word):  # type: ignore[arg-type]
        yield


@pytest.mark.usefixtures("moon")
def test_what_hangs_on_a_fact_that_was_not_kept_is_not_decided(small: tuple[Parts, Store], tmp_path: Path) -> None:
    """Only where the rule would have looked; later facts without the moon had none."""
    parts, store = small
    put(store, "old")
    put(store, "older", facts={"vocabulary": 1})
    put(store, "other", facts={"predicted_type": "test"})
    put(store, "new", facts={"vocabulary": 3})
    decisions = replay(parts, write_rule(tmp_path / "rules", READS_MOON))["decisions"]
    assert (4, 2, 2, {"moon": 2}) == (
        decisions["stored"],
        decisions["replayed"],
        decisions["not_decidable"],
        decisions["lacking"],
    )
    assert 0 == replay(parts)["decisions"]["not_decidable"]


@pytest.mark.parametrize("version", [1, 2, 99])
def test_facts_of_every_version_are_decided_by_the_usual_rules(small: tuple[Parts, Store], version: int) -> None:
    """An upgrade, or a look back with an older errclass, loses no history."""
    parts, store = small
    put(store, "one", RETRIED, facts={"vocabulary": version, "of_the_future": "x"})
    assert 1 == replay(parts)["decisions"]["replayed"]


def test_what_was_never_decided_or_cannot_be_read_is_counted_apart(small: tuple[Parts, Store]) -> None:
    """And stops nothing."""
    parts, store = small
    put(store, "good")
    put(store, "imported", None, facts={})
    store.record(Outcome("bare", "boom", time=START, decision=NOTIFIED))
    for number, version in enumerate((0, -1, "two", 1.5, True, None)):
        put(store, f"damaged-{number}", facts={"vocabulary": version})
    report = replay(parts)
    assert (8, 1, 7, 1) == (
        report["decisions"]["stored"], report["decisions"]["replayed"], report["decisions"]["unreadable"],
        report["never_decided"],
    )  # fmt: skip


HOSTILE: tuple[Any, ...] = ([1], {"a": 1}, None, 10**30, "x" * 100_000, "\ud800", 5e-324, -0.0, "retry", True)


@pytest.mark.parametrize("name", ["attempt", "predicted_type", "effect", "strategy", "plan_attempts", "nonsense"])
def test_hostile_facts_decide_nothing_of_their_own(small: tuple[Parts, Store], name: str) -> None:
    """No value stops the replay, and a stored fact cannot stand in for what rules set."""
    parts, store = small
    for number, value in enumerate(HOSTILE):
        put(store, f"{number}", RETRIED, facts={name: value})
    report = replay(parts)
    assert (len(HOSTILE), 0) == (report["decisions"]["replayed"], report["decisions"]["unreadable"])
    if name not in INPUTS:
        assert 0 == report["changed"]


@pytest.mark.parametrize("value", ["many", None, [], {}, 10**30, 1.5, float("inf"), True])
def test_a_damaged_plan_stops_nothing(small: tuple[Parts, Store], value: Any) -> None:
    """Whatever a foreign store says of calls, targets and agreement."""
    parts, store = small
    put(store, "calls", replace(RETRIED, plan=Plan(max_attempts=value, approval=value)))
    put(store, "repair", replace(RETRIED, strategy="escalate", plan=Plan(target=value, approval=value)))
    report = replay(parts, fail_if=("calls_allowed_added>0", "people_added>0"))
    assert (2, 2) == (report["decisions"]["replayed"], report["changed"])


def test_one_one_and_true_are_three_facts(small: tuple[Parts, Store]) -> None:
    """Equal to Python, not to a rule: none is answered with what was derived of another."""
    parts, _ = small
    redecider = Redecider(load_rules(load_taxonomy()), parts.settings.decision)
    values = (True, 1, 1.0, "1", False, 0)
    met = [redecider.decide({**FACTS, "attempt": value, "cancelled": value}, 2).ruling for value in values]
    fresh = [
        Redecider(redecider.policy, parts.settings.decision)
        .decide({**FACTS, "attempt": value, "cancelled": value}, 2)
        .ruling
        for value in values
    ]
    assert fresh == met
    assert ("ignore", "retry") == (met[0].strategy, met[1].strategy)


def test_only_what_occurred_since_is_replayed(small: tuple[Parts, Store]) -> None:
    """The evidence is of all times."""
    parts, store = small
    put(store, "old", RETRIED, time=NOW - timedelta(days=8))
    rerun(store, "old", True)
    put(store, "new", time=NOW - timedelta(days=6))
    report = replay(parts, since="7d")
    assert (1, 1) == (report["decisions"]["stored"], report["reruns"]["retry"]["added"]["observed"])


def test_no_store_is_no_fault(small: tuple[Parts, Store]) -> None:
    """Nothing was decided, and nothing is made; only a share of nothing is not known."""
    parts, store = small
    report = replay(parts, fail_if=("changed>0%", "changed>0", "minutes_added>0", "replayed<1"))
    assert ([True, False, False, True], 0, False) == (
        [one["crossed"] for one in report["limits"]], report["decisions"]["stored"], store.exists(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "value", "crossed"),
    [
        ("changed>0", 2, True),
        ("changed > 66.6 %", 200 / 3, True),
        ("changed>=66.7%", 200 / 3, False),
        ("newly_automatic=2", 2, True),
        ("retries_added<2", 2, False),
        ("not_observed>1", 2, True),
        ("people_added<0", -2, True),
        ("calls_allowed_added>0", 2 * RETRIED.plan.max_attempts, True),
        ("not_decidable>0%", 0.0, False),
        ("unreadable>20%", 25.0, True),
        ("minutes_added>1000", None, True),
        ("replayed<=3", 3, True),
    ],
)
def test_limits_are_held_against_the_figures(
    small: tuple[Parts, Store], limit: str, value: float | None, crossed: bool
) -> None:
    """A figure that nobody knows is past every limit."""
    parts, store = small
    for name, decision in (("one", NOTIFIED), ("two", NOTIFIED), ("three", RETRIED)):
        put(store, name, decision)
    put(store, "four", facts={"vocabulary": 0})
    (found,) = replay(parts, fail_if=(limit,))["limits"]
    assert (crossed, pytest.approx(value)) == (found["crossed"], found["value"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"since": "yesterday"}, "yesterday"),
        ({"fail_if": ("chanched>5%",)}, "did you mean changed"),
        ({"model": "no/such"}, "no/such"),
        ({"minutes_per_call": float("nan")}, "--minutes-per-call"),
        ({"cost_per_minute": -1.0}, "--cost-per-minute"),
        ({"cost_per_minute": float("inf")}, "--cost-per-minute"),
    ],
)
def test_a_mistake_is_told_before_anything_is_read(
    small: tuple[Parts, Store], options: dict[str, Any], words: str
) -> None:
    """In the words of the command line."""
    with pytest.raises(UsageError, match=words):
        replay(small[0], **options)


def test_a_broken_rule_is_told(small: tuple[Parts, Store], tmp_path: Path) -> None:
    """As everywhere."""
    with pytest.raises(PolicyError, match=r"ours\.yaml"):
        replay(small[0], write_rule(tmp_path / "rules", "title: none"))


def test_a_misspelt_table_is_told(small: tuple[Parts, Store], tmp_path: Path) -> None:
    """It changes nothing, which looks like a finding; what is read is not told, nor what is in use anyway."""
    for name, told in (("confidence_flor", 1), ("confidence_floor", 0)):
        rules = tmp_path / name
        rules.mkdir()
        (rules / "policy.yaml").write_text(f"tables:\n  {name}: {{default: 0.9}}\n")
        found = replay(small[0], rules)["never_read"]
        assert told == len(found)
        assert all("'confidence_flor'" in sentence for sentence in found), found
    assert [] == replay(small[0])["never_read"]


def test_the_model_that_decided_predicts_the_same_again(
    parts: Parts, small: tuple[Parts, Store], texts: list[str]
) -> None:
    """The region of a short log reads as the log did; context and history stay as they were."""
    store = small[1]
    context = Context(attempt=2, environment="production")
    for number, text in enumerate(texts):
        answer = answer_failure(replace(failure_from_text(text), context=context), parts)
        store.record(replace(to_outcome(answer, parts.engine), id=f"t{number}", time=START))
    there = replace(parts, settings=small[0].settings.model_copy(update={"decision": parts.settings.decision}))
    with patch("errclass.system.jobs.replaying.find_model", lambda settings, reference: parts.model):
        report = replay(there, model="small")
    assert ("small-1", len(texts), 0) == (report["model"], report["decisions"]["replayed"], report["changed"])


def test_prediction_facts_are_those_of_the_new_model(parts: Parts, small: tuple[Parts, Store]) -> None:
    """A failure whose stored facts say syntax is decided as what its text reads like now."""
    store = small[1]
    text = "curl: (7) Failed to connect to registry.example.com port 443: Connection refused"
    answer = answer_failure(failure_from_text(text), parts)
    stale = FrozenDict(
        {
            **build_facts(answer.signals, answer.prediction, Context(), answer.history),
            "predicted_type": "syntax",
            "evidence_type": "syntax",
        }
    )
    store.record(Outcome("one", text, time=START, facts=stale, decision=replace(NOTIFIED, type="syntax")))
    with patch("errclass.system.jobs.replaying.find_model", lambda settings, reference: parts.model):
        renewed = replay(small[0], model="small")
    kept = replay(small[0])
    assert (1, "type" in renewed["changed_fields"], "type" in kept["changed_fields"]) == (
        renewed["changed"],
        True,
        False,
    )
