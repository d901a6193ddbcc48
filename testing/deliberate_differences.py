"""Scenarios of other libraries that ours are not to follow, each with its reason."""

from __future__ import annotations

DELIBERATE_DIFFERENCES = {
    "polly-07": "a deliberate difference: our window is exact, not cut into tenths that are forgotten as a whole",
    "polly-14": "a deliberate difference: a result that began in an earlier state counts for nothing",
    "r4j-16": "a deliberate difference: a result that began in an earlier state counts for nothing",
}
