-- Recount the tests that have new results: flaky is what passed and failed on the same commit of the same repository.
INSERT INTO test_summaries
SELECT
    test,
    sum(passes), sum(failures),
    sum(CASE WHEN passes > 0 AND failures > 0 AND commit_id IS NOT NULL THEN 1 ELSE 0 END),
    max(last_failed_at),
    max(CASE WHEN passes > 0 AND failures > 0 AND commit_id IS NOT NULL THEN last_failed_at END)
FROM (
    SELECT
        test, repository, commit_id,
        sum(CASE WHEN passed THEN 1 ELSE 0 END) AS passes,
        sum(CASE WHEN passed THEN 0 ELSE 1 END) AS failures,
        max(CASE WHEN passed THEN NULL ELSE occurred_at END) AS last_failed_at
    FROM test_results
    WHERE test IN (SELECT test FROM fresh_test_results)
    GROUP BY test, repository, commit_id
) AS commits
GROUP BY test
ON CONFLICT (test) DO UPDATE SET
    passes = excluded.passes,
    failures = excluded.failures,
    flaky_commits = excluded.flaky_commits,
    last_failed_at = excluded.last_failed_at,
    last_flaky_at = excluded.last_flaky_at
