"""Say in a sentence why nothing is suggested."""

from __future__ import annotations

from collections.abc import Sequence

from .limits import Limits
from .mining import StageFindings


def explain_silence(causes: int, findings: Sequence[StageFindings], limits: Limits) -> str:
    """Return the reason; ``causes`` are those of which the right answer is known."""
    older, newer = limits.needed
    needs = f"a rule needs {older} causes in the older half of history and {newer} in the newer"
    wrong = len(frozenset().union(*(one.wrong for one in findings)))
    if causes < older + newer:
        return (
            f"the right answer is known of {causes} decided causes, and {needs}; label some: errclass outcomes review"
        )
    if not wrong:
        return f"the rules in use answer all {causes} labelled causes rightly; there is nothing to mend"
    if not any(one.found for one in findings):
        shared = "nothing that they share tells enough of them from the others"
        return f"{wrong} of {causes} labelled causes are answered wrongly, and {shared}: {needs}"
    tested = sum(one.tested for one in findings)
    if not tested:
        return "conditions were found, but rules made of them mend too little, or make right answers worse"
    rules = "one rule was" if tested == 1 else f"{tested} rules were"
    return f"{rules} found on the older half of history, and none held on the newer"
