"""Read off the lines of a log where the steps of a CI system or build tool begin and end, and how they ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

Kind = Literal["start", "open", "close", "resume", "pass", "fail", "post", "skip", "settle"]
_TIME = r"\ufeff?(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]{0,10}(?:Z|[+-]\d\d:?\d\d)?\]?(?: \d\d[OE][+ ])? ?|\[?\d\d:\d\d:\d\d(?:[.,]\d{1,6})?\]? ?)?"


class StepEvent(NamedTuple):
    """Say what one line tells of the steps."""

    line: int
    """Its index."""
    kind: Kind
    """``start`` ends what ran before, ``open`` and ``close`` nest, ``resume`` goes on with the step of that name,
    ``post`` starts a step that cleans up, ``skip`` says that the step never ran, ``settle`` says that the last step failed unless another one did."""
    name: str = ""


Scan = Callable[[Sequence[str]], Iterator[StepEvent]]

_GITHUB = re.compile(rf"{_TIME}(?:##\[group\]Run (?P<run>.{{1,200}})|(?P<post>Post job cleanup\.|Cleaning up orphan))")


def scan_github(lines: Sequence[str]) -> Iterator[StepEvent]:
    """Read the log of a GitHub Actions job as the web page offers it for download."""
    for index, line in enumerate(lines):
        if "##[error]" in line:
            yield StepEvent(index, "fail")
        elif ("##[group]Run " in line or "Post job" in line or "orphan" in line) and (found := _GITHUB.match(line)):
            yield StepEvent(index, "start" if found["run"] else "post", found["run"] or "")


_COLUMNS = re.compile(rf"(?P<job>[^\t]{{1,80}})\t(?P<step>[^\t]{{1,120}})\t{_TIME}")
_UNNAMED = "UNKNOWN STEP"
_POST_STEPS = ("Post ", "Complete job", "Complete runner")


def scan_github_columns(lines: Sequence[str]) -> Iterator[StepEvent]:
    """Read what ``gh run view --log`` prints: job, step, time and text of each line."""
    last = ""
    for index, line in enumerate(lines):
        found = _COLUMNS.match(line)
        if found is None or found["step"] == _UNNAMED:
            continue
        name = f"{found['job']}\t{found['step']}"
        if name != last:
            yield StepEvent(index, "post" if found["step"].startswith(_POST_STEPS) else "resume", name)
            last = name
        if "##[error]" in line:
            yield StepEvent(index, "fail")


_GITLAB = re.compile(r"section_(?P<what>start|end):\d{1,12}:(?P<name>[\w.\-]{1,100})")
_GITLAB_POST = frozenset((
    "after_script", "archive_cache", "archive_cache_on_failure", "cleanup_file_variables", "upload_artifacts_on_failure",
    "upload_artifacts_on_success",
))  # fmt: skip
_GITLAB_PLAIN_POST = re.compile(
    rf"{_TIME}(?:\x1b\[[\d;]{{0,12}}[mK]){{0,4}}(?:Running after[_ ]script|Uploading artifacts for failed job|Cleaning up (?:project directory|file based))"
)
_GITLAB_SCRIPT = frozenset(("step_script", "build_script"))


def scan_gitlab(lines: Sequence[str]) -> Iterator[StepEvent]:
    """Read GitLab's sections; those that a script opens itself belong to the script."""
    inside = False
    for index, line in enumerate(lines):
        for found in _GITLAB.finditer(line) if "section_" in line else ():
            name, starts = found["name"], found["what"] == "start"
            if name in _GITLAB_SCRIPT:
                inside = starts
            if starts and (not inside or name in _GITLAB_SCRIPT):
                yield StepEvent(index, "post" if name in _GITLAB_POST else "start", name)
        if "Job failed" in line:
            yield StepEvent(index, "resume")
            yield StepEvent(index, "settle")
        elif _GITLAB_PLAIN_POST.match(line):
            yield StepEvent(index, "post")


_JENKINS = re.compile(
    rf"{_TIME}(?:\[Pipeline\] (?:(?P<open>\{{)(?: \((?P<name>[^\n]{{1,200}})\))?|(?P<close>\}})|(?P<end>End of Pipeline))"
    r"|Stage \"[^\n]{1,200}\" (?P<skipped>skipped due to)|Failed in branch (?P<branch>[^\n]{1,200}))"
)


def scan_jenkins(lines: Sequence[str]) -> Iterator[StepEvent]:
    """Read the stages of a Jenkins pipeline."""
    for index, line in enumerate(lines):
        found = _JENKINS.match(line)
        if found is None:
            continue
        if found["open"]:
            yield StepEvent(index, "open", found["name"] or "")
            if found["name"] == "Declarative: Post Actions":
                yield StepEvent(index, "post")
        elif found["close"]:
            yield StepEvent(index, "close")
        elif found["branch"]:
            yield StepEvent(index, "fail", f"Branch: {found['branch'].strip()}")
        else:
            if found["skipped"]:
                yield StepEvent(index, "skip")
            yield StepEvent(index, "settle")


_AZURE = re.compile(rf"{_TIME}##\[section\](?P<what>Starting|Finishing): (?P<name>.{{0,200}})")


def scan_azure(lines: Sequence[str]) -> Iterator[StepEvent]:
    """Read the sections of an Azure pipeline: one that finished without an error went well."""
    failed = False
    for index, line in enumerate(lines):
        if "##[error]" in line or "##vso[task.logissue type=error" in line:
            failed = True
            yield StepEvent(index, "fail")
        elif found := _AZURE.match(line):
            if found["what"] == "Finishing" and not failed:
                yield StepEvent(index, "pass")
            post = found["what"] == "Starting" and found["name"].startswith(("Post-job", "Finalize"))
            yield StepEvent(index, "post" if post else "start", found["name"])
            failed = False


_BUILDKITE = re.compile(
    rf"(?:\x1b_bk;t=\d{{1,20}}\x07)?{_TIME}(?:(?P<failed>\^\^\^ \+\+\+|🚨 Error)|(?:~~~|--- (?!FAIL|PASS|SKIP|a/|/)|\+\+\+ (?!b/|/)) ?(?P<name>\S.{{0,200}}))"
)
_BUILDKITE_POST = re.compile(r"Running .{0,80}(?:post-command|pre-exit|post-artifact) hook|Uploading artifacts")


def scan_buildkite(lines: Sequence[str]) -> Iterator[StepEvent]:
    """Read Buildkite's groups."""
    for index, line in enumerate(lines):
        found = _BUILDKITE.match(line)
        if found is None:
            continue
        if found["failed"]:
            yield StepEvent(index, "fail")
        else:
            yield StepEvent(index, "post" if _BUILDKITE_POST.match(found["name"]) else "start", found["name"])


_CIRCLECI = re.compile(
    r"====>> (?P<name>.{1,200})|(?P<failed>Exited with code |CircleCI received exit code |Step failed)"
)


def scan_circleci(lines: Sequence[str]) -> Iterator[StepEvent]:
    """Read the steps that CircleCI's own runner names."""
    for index, line in enumerate(lines):
        if found := _CIRCLECI.search(line):
            yield StepEvent(index, "fail" if found["failed"] else "start", found["name"] or "")


_TEAMCITY = re.compile(
    r"##teamcity\[(?:(?P<open>blockOpened)|(?P<close>blockClosed)|(?P<problem>buildProblem|testFailed|message [^\n]{0,2000}status='(?:ERROR|FAILURE)'))"
    r"|^\[\d\d:\d\d:\d\d\]\w?\s?:?\s{0,8}\[(?P<step>Step \d{1,3}/\d{1,3})\](?P<failed>.{0,200}(?:Process exited with code [1-9]|Step [^\n]{1,120} failed))?"
)


def scan_teamcity(lines: Sequence[str]) -> Iterator[StepEvent]:
    """Read TeamCity's service messages and the step that it names on each line of a build log."""
    last = ""
    for index, line in enumerate(lines):
        found = _TEAMCITY.search(line)
        if found is None:
            continue
        if found["step"] and found["step"] != last:
            last = found["step"]
            yield StepEvent(index, "resume", last)
        if found["problem"] or found["failed"]:
            yield StepEvent(index, "fail")
        elif found["open"] or found["close"]:
            yield StepEvent(index, "open" if found["open"] else "close")


_TRAVIS = re.compile(
    r"travis_fold:(?P<what>start|end):(?P<name>[\w.\-]{1,100})|^The command \".{0,2000}\" (?:failed and )?exited with (?P<code>\d{1,3})"
)


def scan_travis(lines: Sequence[str]) -> Iterator[StepEvent]:
    """Read Travis' folds; the script itself stands outside of them."""
    folded = -10
    for index, line in enumerate(lines):
        for found in _TRAVIS.finditer(line) if "travis_fold" in line or "exited with" in line else ():
            if found["code"]:
                if found["code"] != "0":
                    yield StepEvent(index, "settle" if index - folded <= 1 else "fail")
            elif found["what"] == "start":
                yield StepEvent(
                    index, "post" if found["name"].startswith(("after_", "cache.2")) else "open", found["name"]
                )
            else:
                folded = index
                yield StepEvent(index, "close")


_MOZHARNESS = re.compile(
    r"\[mozharness: [^\]]{1,40}\] (?:Running (?P<name>[\w\-]{1,60}) step|Finished [\w\-]{1,60} step \((?P<end>\w{1,20})\))"
)


def scan_mozharness(lines: Sequence[str]) -> Iterator[StepEvent]:
    """Read the steps of a Mozharness script, as Taskcluster's logs show them."""
    for index, line in enumerate(lines):
        if "[mozharness:" in line and (found := _MOZHARNESS.search(line)):
            if found["name"]:
                yield StepEvent(index, "start", found["name"])
            else:
                yield StepEvent(index, "pass" if found["end"] == "success" else "fail")


_BUILDKIT = re.compile(rf"{_TIME}#(?P<name>\d{{1,4}}) (?:(?P<passed>DONE \d|CACHED)|(?P<failed>ERROR|CANCELED))?")


def scan_buildkit(lines: Sequence[str]) -> Iterator[StepEvent]:
    """Read the numbered steps of a BuildKit build, which run side by side."""
    last = ""
    for index, line in enumerate(lines):
        found = _BUILDKIT.match(line)
        if found is None:
            if last:
                yield StepEvent(index, "resume")
                last = ""
            continue
        if found["name"] != last:
            last = found["name"]
            yield StepEvent(index, "resume", last)
        if found["passed"] or found["failed"]:
            yield StepEvent(index, "pass" if found["passed"] else "fail")


SCANS: tuple[tuple[tuple[str, ...], Scan], ...] = (
    (("##[group]Run ", "Post job cleanup."), scan_github),
    (("\t20", "\t\ufeff20"), scan_github_columns),
    (
        (
            "section_start:",
            "Running after_script",
            "Uploading artifacts for failed job",
            "Cleaning up project directory",
        ),
        scan_gitlab,
    ),
    (("[Pipeline] {",), scan_jenkins),
    (("##[section]",), scan_azure),
    (("~~~ Running", "~~~ Preparing", "^^^ +++"), scan_buildkite),
    (("====>> ",), scan_circleci),
    (("##teamcity[", "[Step 1/"), scan_teamcity),
    (("travis_fold:",), scan_travis),
    (("[mozharness: ",), scan_mozharness),
    ((" DONE ", " CACHED", " ERROR: "), scan_buildkit),
)
"""What must stand somewhere in a log for a system's marks to be looked for."""
