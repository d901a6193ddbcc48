"""Steps that failed, went well or clean up are told apart by the marks of each CI system."""

from __future__ import annotations

import pytest

from errclass.classify.reading import read_lines
from errclass.classify.region import find_region
from errclass.classify.steps import find_steps
from errclass.core.types import Failure

NOISE = "Error: cannot open optional.cfg: No such file or directory"
CAUSE = "Error: the ledger has an unknown column"
LATE = "Error: cannot upload core.dmp: No such file or directory"
LOGS = {
    "GitHub": f"""\
2026-03-02T10:00:02Z ##[group]Run ./prepare.sh
2026-03-02T10:00:02Z ##[endgroup]
2026-03-02T10:00:03Z {NOISE}
2026-03-02T10:00:04Z ##[group]Run npm test
2026-03-02T10:00:04Z ##[endgroup]
2026-03-02T10:00:05Z {CAUSE}
2026-03-02T10:00:05Z ##[error]Process completed with exit code 1.
2026-03-02T10:00:06Z ##[group]Run ./collect.sh
2026-03-02T10:00:06Z ##[endgroup]
2026-03-02T10:00:07Z {LATE}
2026-03-02T10:00:08Z Post job cleanup.""",
    "gh run view": f"""\
build\tPrepare\t2026-03-02T10:00:03Z {NOISE}
build\tTest\t2026-03-02T10:00:05Z {CAUSE}
build\tTest\t2026-03-02T10:00:05Z ##[error]Process completed with exit code 1.
build\tCollect\t2026-03-02T10:00:07Z {LATE}
build\tPost Checkout\t2026-03-02T10:00:08Z Removing auth""",
    "GitLab": f"""\
section_start:1772445601:get_sources\r\x1b[0KGetting source
{NOISE}
section_end:1772445602:get_sources\r\x1b[0K
section_start:1772445602:step_script\r\x1b[0KExecuting "step_script"
$ ./build.sh
{CAUSE}
section_end:1772445603:step_script\r\x1b[0K
section_start:1772445603:after_script\r\x1b[0KRunning after_script
{LATE}
section_end:1772445604:after_script\r\x1b[0K
ERROR: Job failed: exit code 1""",
    "Jenkins": f"""\
[Pipeline] {{
[Pipeline] stage
[Pipeline] {{ (Prepare)
{NOISE}
[Pipeline] }}
[Pipeline] // stage
[Pipeline] stage
[Pipeline] {{ (Test)
{CAUSE}
[Pipeline] }}
[Pipeline] // stage
[Pipeline] stage
[Pipeline] {{ (Deploy)
Stage "Deploy" skipped due to earlier failure(s)
[Pipeline] }}
[Pipeline] {{ (Declarative: Post Actions)
{LATE}
[Pipeline] }}
[Pipeline] End of Pipeline
ERROR: script returned exit code 1""",
    "Azure": f"""\
##[section]Starting: Prepare
{NOISE}
##[section]Finishing: Prepare
##[section]Starting: Test
{CAUSE}
##[error]Bash exited with code '1'.
##[section]Finishing: Test
##[section]Starting: Post-job: Checkout
{LATE}
##[section]Finishing: Post-job: Checkout""",
    "Buildkite": f"""\
~~~ Preparing working directory
{NOISE}
~~~ Running commands
$ make test
{CAUSE}
^^^ +++
🚨 Error: The command exited with status 2
~~~ Running agent pre-exit hook
{LATE}""",
    "CircleCI": f"""\
====>> Checkout code
{NOISE}
====>> npm test
{CAUSE}
Exited with code exit status 1
====>> Upload
{LATE}""",
    "TeamCity": f"""\
[10:00:01] :\t [Step 1/3] {NOISE}
[10:00:02]E:\t [Step 2/3] {CAUSE}
[10:00:02]W:\t [Step 2/3] Process exited with code 1
[10:00:03] :\t [Step 3/3] {LATE}""",
    "Travis": f"""\
travis_fold:start:install
{NOISE}
travis_fold:end:install
$ npm test
{CAUSE}
The command "npm test" exited with 1.
travis_fold:start:after_failure
{LATE}
travis_fold:end:after_failure""",
    "Mozharness": f"""\
[mozharness: 2026-03-02 10:00:01.000000Z] Running clobber step.
{NOISE}
[mozharness: 2026-03-02 10:00:02.000000Z] Finished clobber step (success)
[mozharness: 2026-03-02 10:00:03.000000Z] Running build step.
{CAUSE}
[mozharness: 2026-03-02 10:00:04.000000Z] Finished build step (failed)
[mozharness: 2026-03-02 10:00:05.000000Z] Running upload step.
{LATE}
[mozharness: 2026-03-02 10:00:06.000000Z] Finished upload step (success)""",
    "BuildKit": f"""\
#5 [2/4] RUN ./prepare.sh
#5 0.412 {NOISE}
#6 [3/4] RUN ./test.sh
#6 0.500 {CAUSE}
#5 DONE 1.2s
#6 ERROR: process "/bin/sh -c ./test.sh" did not complete successfully: exit code: 1
#7 [4/4] RUN ./collect.sh
#7 0.100 {LATE}
#7 DONE 0.1s""",
}


def ends_of(log: str) -> dict[str, str | None]:
    lines = log.split("\n")
    steps = find_steps(log, lines)
    return {
        text: steps.end_of(index) for index, line in enumerate(lines) for text in (NOISE, CAUSE, LATE) if text in line
    }


@pytest.mark.parametrize("system", LOGS)
def test_a_failed_step_is_told_from_the_others(system: str) -> None:
    """The step marked as failed counts; what went well before it or cleaned up after it does not."""
    ends = ends_of(LOGS[system])
    assert "failed" == ends[CAUSE]
    assert "failed" not in (ends[NOISE], ends[LATE])


@pytest.mark.parametrize("system", LOGS)
def test_the_cause_in_the_failed_step_ranks_first(system: str) -> None:
    """Lines of other steps rank behind, whether they stand earlier or later."""
    log = LOGS[system]
    located = find_region(read_lines(Failure(text=log)))
    assert CAUSE in log.split("\n")[located.region.cause_lines[0] - 1]
    assert NOISE not in "\n".join(located.lines[index].text for index in located.focus)


@pytest.mark.parametrize(
    "log",
    [
        f"{NOISE}\n{CAUSE}",
        f"--- a/total.c\n+++ b/total.c\n{CAUSE}",
        f"--- FAIL: TestTotal (0.00s)\n{CAUSE}",
        f"# 1 issue found\n{CAUSE}",
        f"name\tkind\tsize\n{CAUSE}",
    ],
)
def test_a_log_without_steps_says_nothing_of_them(log: str) -> None:
    """Diffs, tables and comments are no marks."""
    lines = log.split("\n")
    steps = find_steps(log, lines)
    assert {None} == {steps.end_of(index) for index in range(len(lines))}


def test_steps_that_all_went_on_say_nothing() -> None:
    """Without a mark of failure no step is known to have gone well."""
    log = f"##[group]Run ./a.sh\n{NOISE}\n##[group]Run ./b.sh\n{CAUSE}"
    assert {NOISE: None, CAUSE: None} == ends_of(log)


def test_the_last_section_fails_when_no_script_ran() -> None:
    """A GitLab job that dies while it fetches has no script."""
    log = f"section_start:1:prepare_executor\nfine\nsection_start:2:get_sources\n{CAUSE}\nERROR: Job failed: exit status 1"
    assert {CAUSE: "failed"} == ends_of(log)


def test_a_failed_branch_is_named() -> None:
    """Parallel stages of Jenkins are told apart by name."""
    log = f"[Pipeline] {{ (Branch: a)\n{CAUSE}\n[Pipeline] }}\n[Pipeline] {{ (Branch: b)\n{NOISE}\n[Pipeline] }}\nFailed in branch a"
    assert {CAUSE: "failed", NOISE: "passed"} == ends_of(log)
