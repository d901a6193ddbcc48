"""What is particular to the engine on durable-rules."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from errclass.rules import DurableEngine, ForwardChainer, Policy, durable

pytest.importorskip("durable_rules_engine", reason="durable-rules is not installed or not for this Python")


@pytest.fixture
def engine(default_policy: Policy) -> Iterator[DurableEngine]:
    """Return an engine of its own for each test, freed afterwards."""
    engine = DurableEngine(default_policy)
    yield engine
    engine.close()


def test_a_fault_in_the_middle_leaves_no_session(engine: DurableEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an exception inside a decision its session is gone and the next decision is as it always was."""
    facts = {"predicted_type": "network", "confidence": 0.9}
    expected = engine.decide(facts)
    with monkeypatch.context() as patch:
        patch.setattr(durable.Trigger, "fire", _raise)
        for _ in range(1100):  # more than the C module has room for at once
            with pytest.raises(ZeroDivisionError):
                engine.decide(facts)
    assert expected == engine.decide(facts)


def test_decisions_from_threads_do_not_mix(engine: DurableEngine, default_policy: Policy) -> None:
    """Threads that share the engine each get their own decision."""
    own = ForwardChainer(default_policy)
    cases = [{"predicted_type": kind, "confidence": 0.9} for kind in ("network", "syntax", "database", "test")] * 50
    with ThreadPoolExecutor(4) as pool:
        assert [own.decide(case) for case in cases] == list(pool.map(engine.decide, cases))


def test_absent_module_is_named_with_its_extra(default_policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where durable-rules cannot be imported the error names the extra."""
    monkeypatch.setattr(durable, "import_durable", lambda: None)
    with pytest.raises(durable.MissingExtraError, match=r"errclass\[durable\]"):
        DurableEngine(default_policy)


def _raise(*_: object) -> None:
    raise ZeroDivisionError
