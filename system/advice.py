"""Say in a sentence what a person should do next."""

from __future__ import annotations

from ..core.types import UNKNOWN, Decision

_ABSTENTIONS = {
    "empty": "There is no text. Hand over the output of the step that failed, standard error included.",
    "no_log": "This is not the output of the failing step. Find that step's own log and explain that.",
    "truncated": "The text stops before it names a cause. Hand over the rest of the log.",
    "no_match": "No line plainly names a failure. If the job did fail, its cause may be in another log.",
    "low_margin": "More than one cause fits. Read the marked lines before acting, and compare the alternatives.",
    "novel": "This wording is new to the model. Read the marked lines; a label for it will teach the next model.",
}
_ACTIONS = {
    "retry_with_backoff": "Run it again, waiting longer each time; look at the network if it keeps failing.",
    "retry_with_resource_check": "Check memory, disk and quotas first; run it again where there is room.",
    "retry_with_rate_limiting": "Wait as long as the service asks, then run it again with fewer requests.",
    "retry_with_delay": "Give the other side some time, then run it again.",
    "fix_dependencies": "Correct the package, its version or the lock file; running it again will not help.",
    "fix_syntax_errors": "Correct the source at the marked lines.",
    "fix_configuration": "Correct the setting, path or tool named in the marked lines.",
    "fix_tests": "Look at the failing test and the code that it checks.",
    "fix_build_issues": "Correct the build step named in the marked lines.",
    "security_review": "Check credentials, permissions or trust; have the owner of the secret or policy look at it.",
    "data_recovery": "Restore or rebuild the damaged data before anything else uses it.",
    "system_maintenance": "Have the machine or node checked before it takes more work.",
    "database_recovery": "Look at the statement or migration, and at the state of the database.",
    "immediate_attention": "Have someone look at it now.",
    "manual_investigation": "Have someone read the marked lines.",
}


_WITHOUT_RETRY = {
    "retry_with_backoff": "See whether the network is back before anyone runs it again.",
    "retry_with_resource_check": "Check memory, disk and quotas, and make room before anyone runs it again.",
    "retry_with_rate_limiting": "Wait for the quota, or get more of it, before anyone runs it again.",
    "retry_with_delay": "See whether the other side is well again before anyone runs it again.",
}
"""What to do where the usual action is a retry, and there shall be none."""


def advise(decision: Decision) -> str:
    """Return the next step for a person: why errclass is unsure, if it is, and what the suggested action means."""
    actions = _ACTIONS if decision.strategy == "retry" else _ACTIONS | _WITHOUT_RETRY
    advice = actions.get(decision.suggested_action, _ACTIONS["manual_investigation"])
    if decision.abstained is None:
        return advice
    doubt = _ABSTENTIONS[decision.abstained]
    return doubt if decision.type == UNKNOWN else f"{doubt} If it is {decision.type}: {advice}"
