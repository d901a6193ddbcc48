-- Recoveries of a window by recipe and type: how they ended, and whether the operation succeeded afterwards.
SELECT recovery, type, runs, completed, failed, skipped, mean_seconds, tries, successes
FROM recoveries
ORDER BY runs DESC, recovery, type
