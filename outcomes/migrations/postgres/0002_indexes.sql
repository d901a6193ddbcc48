CREATE INDEX failures_by_fingerprint ON failures (fingerprint, occurred_at);
CREATE INDEX failures_by_time ON failures (occurred_at, id);
CREATE INDEX failures_by_operation_id ON failures (operation_id, attempt) WHERE operation_id IS NOT NULL;
CREATE INDEX decisions_by_failure ON decisions (failure_id);
CREATE INDEX resolutions_by_failure ON resolutions (failure_id);
CREATE INDEX labels_by_failure ON labels (failure_id);
CREATE INDEX attempts_by_failure ON attempts (failure_id) WHERE failure_id IS NOT NULL;
CREATE INDEX attempts_by_operation_id ON attempts (operation_id, number) WHERE operation_id IS NOT NULL;
CREATE INDEX test_results_by_test ON test_results (test);
