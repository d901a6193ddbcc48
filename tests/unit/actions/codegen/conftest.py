"""A Codegen of the tests' own, and integrations that talk to it without waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from support.codegen_server import KEY, ORG, Codegen, serve_codegen
from support.escalations import WallClock

from errclass.actions.codegen import (
    AgentLine,
    CodegenApi,
    CodegenIntegration,
    ExchangeLimits,
    IntegrationOptions,
    LineOptions,
)

Make = Callable[..., CodegenIntegration]


@pytest.fixture
def codegen() -> Iterator[Codegen]:
    with serve_codegen() as service:
        yield service


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def make(codegen: Codegen, clock: WallClock) -> Make:
    """Return a function that makes an integration; ``total`` bounds a request in seconds."""

    def build(
        *,
        total: float = 10.0,
        size: int = 1 << 20,
        api: dict[str, Any] | None = None,
        keeper: Any = None,
        patience: float = 120.0,
        options: IntegrationOptions | None = None,
        **rest: Any,
    ) -> CodegenIntegration:
        agent = replace(CodegenApi(KEY, ORG, codegen.url), **(api or {}))
        line = AgentLine(
            agent,
            keeper=keeper,
            options=LineOptions(ExchangeLimits(total=total, size=size), patience=patience),
            wall_clock=clock.seconds,
            sleep=clock.sleep,
            asleep=clock.asleep,
        )
        return CodegenIntegration(
            agent, keeper=keeper, options=options, line=line, clock=clock, ticks=clock.seconds, **rest
        )

    return build
