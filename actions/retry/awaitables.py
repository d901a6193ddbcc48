"""A coroutine as the result of a function that nobody awaits."""

from __future__ import annotations

from typing import Any, NoReturn

from ...core.errors import UsageError


def refuse_coroutine(result: Any) -> NoReturn:
    """Close it and raise UsageError: it has not failed and not succeeded yet, and its error would go unseen."""
    result.close()  # else Python warns that nobody awaited it
    raise UsageError(
        "the function returned a coroutine, which has to be awaited, so that its errors would go unseen; "
        "await it in an async def, and decorate that or give it to aexecute_with_retry"
    )
