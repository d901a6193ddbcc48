"""The back-off that the options of ``errclass.retry`` ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ..actions.retry import Backoff, Jitter
from ..actions.retry.option_checks import check_seconds, is_finite
from ..core.errors import UsageError
from .spans import Span, to_seconds

_STAMINA_START, _STAMINA_CAP, _STAMINA_BASE = 0.1, 5.0, 2.0
"""What the parameters mean where only some of them are given; the values are stamina's."""
_USUAL = "full"

AnyJitter = Jitter | Literal["decorrelated"]


@dataclass(frozen=True, slots=True)
class WaitOptions:
    """Hold what was said of waits, as it was given."""

    backoff: Backoff | None = None
    initial: Span | None = None
    longest: Span | None = None
    exp_base: float | None = None
    added: Span | None = None
    jitter: AnyJitter = "full"

    @property
    def is_spelt_out(self) -> bool:
        """Whether any of stamina's words was used."""
        given = (self.initial, self.longest, self.exp_base, self.added)
        return self.jitter != _USUAL or any(value is not None for value in given)

    def choose_backoff(self, *, planned: bool) -> Backoff | None:
        """Return the back-off that was asked for; None where none was and the decision plans one.

        Raises UsageError for options that contradict each other: none of them is dropped in silence.
        """
        if self.backoff is not None and self.is_spelt_out:
            raise UsageError("backoff: it says all of the waits; give it, or wait_... and jitter, not both")
        if self.backoff is not None or (planned and not self.is_spelt_out):
            return self.backoff
        self._refuse_contradictions()
        start, cap = to_seconds("wait_initial", self.initial), to_seconds("wait_max", self.longest)
        return Backoff(
            curve="decorrelated" if self.jitter == "decorrelated" else "exponential",
            base=_STAMINA_START if start is None else start,
            factor=_STAMINA_BASE if self.exp_base is None else self.exp_base,
            cap=_STAMINA_CAP if cap is None else cap,
            jitter=self._choose_jitter(),
        )

    def _refuse_contradictions(self) -> None:
        if self.added is not None and self.jitter != _USUAL:
            raise UsageError("wait_jitter: it is the seconds of jitter; give it or jitter, not both")
        if self.exp_base is None:
            return
        if self.jitter == "decorrelated":
            raise UsageError("wait_exp_base: decorrelated waits grow by chance; leave it out")
        if not is_finite(self.exp_base) or self.exp_base < 0:
            raise UsageError(f"wait_exp_base: give a number, at least 0, not {self.exp_base!r}")

    def _choose_jitter(self) -> Jitter:
        added = to_seconds("wait_jitter", self.added)
        if added is not None:
            return added
        return _read_jitter(self.jitter)


def _read_jitter(jitter: Any) -> Jitter:
    if jitter == "decorrelated":
        return "none"  # it is jitter by itself
    if jitter in ("full", "equal", "none"):
        return jitter  # type: ignore[no-any-return] # one of the three
    if not is_finite(jitter):
        raise UsageError(f"jitter: give 'full', 'equal', 'decorrelated', 'none' or seconds, not {jitter!r}")
    check_seconds("jitter", jitter)
    return float(jitter)
