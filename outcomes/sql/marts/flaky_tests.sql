-- One row per test that passed and failed on the same commit of the same repository.
WITH commits AS (
    SELECT
        test, repository, commit_id,
        count(*) FILTER (WHERE passed) AS passes,
        count(*) FILTER (WHERE NOT passed) AS failures,
        max(occurred_at) FILTER (WHERE NOT passed) AS last_failed_at
    FROM test_results
    GROUP BY test, repository, commit_id
)

SELECT
    test,
    CAST(sum(passes + failures) AS BIGINT) AS runs,
    CAST(sum(passes) AS BIGINT) AS passes,
    CAST(sum(failures) AS BIGINT) AS failures,
    count(*) FILTER (WHERE passes > 0 AND failures > 0 AND commit_id IS NOT NULL) AS flaky_commits,
    count(*) FILTER (WHERE commit_id IS NOT NULL) AS commits,
    max(last_failed_at) AS last_failed_at,
    max(last_failed_at) FILTER (WHERE passes > 0 AND failures > 0 AND commit_id IS NOT NULL) AS last_flaky_at,
    sum(failures) / sum(passes + failures) AS failure_rate
FROM commits
GROUP BY test
HAVING flaky_commits > 0
