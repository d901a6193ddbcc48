"""Classifier and rules inside of other retry libraries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import backoff
import pytest
import stamina
import tenacity

from errclass import Context
from errclass.system.adapters import make_backoff_giveup, make_stamina_hook, make_tenacity_strategies

WORTH_IT = ConnectionError("connect ETIMEDOUT 203.0.113.7:443")
IN_VAIN = ModuleNotFoundError("No module named 'yaml'")

Way = Callable[..., Callable[[], None]]


def by_tenacity(function: Callable[[], None], **options: Any) -> Callable[[], None]:
    ours = make_tenacity_strategies("deploy", attempts=3, **options)
    return tenacity.retry(retry=ours.retry, wait=tenacity.wait_none(), stop=ours.stop, reraise=True)(function)


def by_stamina(function: Callable[[], None], **options: Any) -> Callable[[], None]:
    return stamina.retry(on=make_stamina_hook("deploy", **options), attempts=3)(function)


def by_backoff(function: Callable[[], None], **options: Any) -> Callable[[], None]:
    giveup = make_backoff_giveup("deploy", **options)
    retrying = backoff.on_exception(backoff.constant, Exception, giveup=giveup, max_tries=3, interval=0, jitter=None)
    return retrying(function)


CASES: list[Any] = [
    (WORTH_IT, {}, 3),
    (IN_VAIN, {}, 1),
    (WORTH_IT, {"effect": "irreversible"}, 1),
    (WORTH_IT, {"context": Context(effect="irreversible")}, 1),
    (WORTH_IT, {"on": KeyError}, 1),
    (IN_VAIN, {"on": ImportError}, 3),
]


@pytest.mark.parametrize("way", [by_tenacity, by_stamina, by_backoff])
@pytest.mark.parametrize(("error", "options", "calls"), CASES)
def test_what_is_worth_it_is_tried_again(
    way: Way, error: Exception, options: dict[str, Any], calls: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time-out is, a missing module is not, an irreversible operation never is; ``on`` decides where it is given."""
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path))
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda seconds: None)
    made = []

    def fail() -> None:
        made.append(1)
        raise error

    with pytest.raises(type(error)):
        way(fail, **options)()
    assert calls == len(made)
