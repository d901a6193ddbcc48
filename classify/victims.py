"""Know the lines that fail because another one did: they follow from the cause and do not name it."""

from __future__ import annotations

import re
from functools import lru_cache

_VICTIM = re.compile(
    r"\b(?:(?:skipped|skipping|cancell?ed|not (?:run|executed|built|started)|blocked)\b.{0,80}\b(?:due to|because|since|as)\b.{0,80}\b(?:earlier|previous|depend|upstream|prerequisite|other) ?(?:\w{1,20} ){0,2}"
    r"|due to (?:an? |the |one or more |\d{1,6} )?(?:(?:earlier|previous|above|preceding|prior|upstream|other|failed|failing) ){1,3}(?:\w{1,20} ){0,2}(?:fail|error|job|step|stage|task|target|test|build)"
    r"|(?:failed|stopped|aborted|interrupted) because (?:of |one or more |another |an? |the )?(?:\w{1,20} ){0,3}(?:depend|previous|earlier|other|upstream|prerequisite)"
    r"|dependency failed for|dependent (?:job|task|step|build)s? (?:was|were|has|have) (?:skipped|cancell?ed|failed)|because (?:its|a|some|one of its) dependenc(?:y|ies) failed"
    r"|(?:the )?following (?:\w{1,20} ){0,2}(?:packages?|projects?|targets?|tasks?|steps?|tests?|builds?|modules?|recipes?|workspaces?|units?)(?: \w{1,12}){0,3} failed|some (?:tasks|jobs|checks|tests|targets|steps|builds|hooks) (?:failed|did not)"
    r"|(?:terminating|stopping|killing|aborting|cancell?ing) (?:all |the )?(?:other|remaining|running|rest)\b|sending sig(?:term|kill|int) to|(?:was|were|been) terminated because|command finished with error|lifecycle script `?.{1,60} failed with error"
    r"|recipe for target .{1,200} failed|target .{1,200} not remade because|make(?:\[\d{1,3}\])?: \*\*\* \[.{1,300}\] (?:error \d|interrupt|terminated)|ninja: build stopped|build step .{1,120} marked build as failure|failed in branch |stage \"?.{1,120} skipped due to"
    r"|operation was cancell?ed\b|the (?:job|run|build|workflow|pipeline) (?:was|has been) cancell?ed|execution failed for task ':|could not build (?:wheels|the following)|failed building wheel|failed to build installable wheels|module build failed \(from|subprocess\.calledprocesserror: command"
    r"|the above error occurred|failed with \d{1,6} (?:errors?|failures?)|found \d{1,6} errors? in \d|error summary|errors? occurred while|failed with exit (?:code|status)|process exited with (?:code|status))"
)


_REMEMBERED_LINES = 1_024
"""A line is judged several times on the way from a log to its prediction."""
# Without any of these a line cannot match; plain searches are many times faster than the pattern.
_NEEDLES = (
    "due to", "because", "since", " as ", "depend", "following", "some ", "other", "remaining", "running", " rest", "sending sig", "finished with",
    "lifecycle", "recipe for", "not remade", "*** [", "build stopped", "marked build", "in branch", "cancel", "execution failed", "could not build",
    "failed building", "failed to build", "build failed", "calledprocesserror", "above error", "failed with", "found ", "error summary",
    "occurred while", "exited with",
)  # fmt: skip


@lru_cache(_REMEMBERED_LINES)
def is_victim(text: str) -> bool:
    """Tell whether a line reports a consequence: skipped, cancelled or failed because of something said elsewhere."""
    lowered = text.lower()
    for needle in _NEEDLES:
        if needle in lowered:
            return _VICTIM.search(lowered) is not None
    return False
