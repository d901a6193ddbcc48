"""An error that says itself what is to be done about it."""

from __future__ import annotations

from ..actions.retry import AttemptState, Verdict


class ScriptedError(Exception):
    """Stand in for a failure about which everything is decided already."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict.kind)


def decide_by_script(error: Exception, _: AttemptState, /) -> Verdict:
    """Return the verdict that the error carries; another error is not worth another attempt."""
    return error.verdict if isinstance(error, ScriptedError) else Verdict(retry=False)
