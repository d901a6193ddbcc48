"""Know the lines that tools and CI systems print in every run, whether it fails or not."""

from __future__ import annotations

import re

_VERBS = frozenset(
    re.findall(
        r"\S+",
        """
    added adding analysing analyzing applying attaching audited authenticating bootstrapping building built bundling
    caching calculating checked checking cleaning cloning collected collecting commit compiled compiling complete
    completed compressing computing configured configuring considering copied copying counting created creating
    deleting deploying determining digest: documenting done downloaded downloading emitting entering enumerating
    evaluating executing extracted extracting fetched fetching finalizing finished finishing formatting found
    generated generating get hit initialised initialising initialized initializing inspecting installed installing
    instrumenting launching leaving linked linking linting listening loaded loading looking making masking merging
    migrating minifying mounting moved moving obtained obtaining optimizing packages packing parsing passed patching
    performing planning precompiling prepare prepared preparing processing progress progress: provisioning publishing
    pulled pulling pushed pushing reading rebuilding received receiving refreshing registering releasing removed
    removing rendering replacing resolved resolving restarting restored restoring retrieving running saved saving
    scanned scanning searching selecting sending serving setting setup skipping staging started starting stopping
    stored storing submitting switched switching synced syncing tagging testing transferring transformed transforming
    transpiling unpacked unpacking unzipping updated updating upgraded upgrading uploaded uploading using validating
    verified verifying visiting waiting warming watching writing wrote
    """,
    )
)
# Turborepo, Lerna and the like: package and task before each line.
_PACKAGE = re.compile(
    r"@?[\w./\-]{1,80}:(?:build|test|lint|dev|check|typecheck|type-check|compile|start|e2e|deploy|generate)[\w:\-]{0,20}: "
)
_FIRST = re.compile(r"[\s•*#>\-+=~]{0,60}([A-Za-z][A-Za-z:]{1,20})(?![\w\-=/(:]|\.\w)")
_PATTERN = re.compile(
    r"\s{0,40}(?:"
    r"$|[\W_]{1,400}$"  # separators, bars
    r"|(?:Compiling|Checking|Downloaded|Downloading|Installing|Fetching|Using|Building|Updating|Adding|Locking|Installed|Collecting) [\w.@/+\-]{1,200} (?:v?\d|\(|from |gem )"
    r"|[✓✔√✅⏳🚀📦✨⚡🔍🎉ℹ•→]️?\s|[⠁-⣿]"
    r"|[\W_]{3,200}[\w .,:()'\-]{1,80}[\W_]{3,200}$"  # ==== a title ====
    r"|(?:-+|=+)(?:\[ \w+ \])?-+$"
    r"|\[\s{0,3}\d{1,3}%\]|\[\d{1,6}/\d{1,6}\]|\d{1,3}(?:\.\d+)?%|Step \d{1,3}/\d{1,3} ?:"
    r"|\[(?:INFO|info|DEBUG|debug|TRACE|notice|NOTICE)\]|(?:INFO|DEBUG|TRACE|NOTICE|info|debug|trace|notice)\b(?=[\s:|])|\[\d\d:\d\d:\d\d\]"
    r"|level=(?:info|debug|trace)|.{0,120}\blevel=(?:info|debug|trace)\b|\{.{0,200}\"level\":\s?\"(?:info|debug|trace)\""
    r"|(?:Get|Hit|Ign):\d+ |\d{1,6} (?:upgraded|packages?|actionable|passing|modules?|tests? passed|passed|warnings?)\b|Need to get |After this operation, |The following (?:NEW|additional) packages"
    r"|\(Reading database|\s{0,4}run `\w|go: (?:downloading|finding|extracting|found) |cache (?:miss|hit)[, ]|lib[\w.+\-]{2,40}(?: lib[\w.+\-]{2,40})*$|added \d|up to date|found 0 |no changes|nothing to |\(node:\d+\) |npm (?:http|notice|info|timing|sill|verb|warn|WARN) |warning\b|WARN|yarn (?:install|run) v|\[\d/\d\] "
    r"|Requirement already |Lockfile is |Progress: |Packages: |Done in |Success|success\b|Time Elapsed |Finished |Total time|took \d|real\s|user\s|sys\s"
    r"|remote: |From \S+[:/]\S|\* (?:\[new |branch\s|tag\s)|= \[up to date\]|HEAD is now at|Your branch is |Note: |Already |index \w+\.\.|Cloned |Fast-forward"
    r"|> Task :\S+(?: (?:UP-TO-DATE|NO-SOURCE|FROM-CACHE|SKIPPED))?$|> (?=[\w@./-]+(?:@\d|$)|[a-z]\w{0,20}\s)|Download https?:"
    r"|(?:=== (?:RUN|PAUSE|CONT|NAME)|--- (?:PASS|SKIP)|PASS\b|ok\s|\?\s+\S+\s+\[no test)|test \S+ \.\.\. (?:ok|ignored)|running \d+ tests?|\S+::\S+ (?:PASSED|SKIPPED|XFAIL)|\S+\.py [.sx]+\s|\S.{0,200} > .{0,200} PASSED$"
    r"|\S+ \S.{0,120}\b(?:PASSED|UP-TO-DATE|SUCCESS)\b|\d+ (?:specs?|examples?|tests?), 0 failures"
    r"|(?:platform|rootdir|configfile|plugins|cachedir|testpaths|collected)\b|Hint: |hint: |Tip: |tip: "
    r"|#\d{1,3} (?:\[|DONE|CACHED|transferring|sha256:|extracting|resolve|exporting|naming|writing|pushing|load)|sha256:\w|---> |[0-9a-f]{12}: |\S+: (?:Pulling|Pull complete|Already exists|Downloading|Download complete|Extracting|Verifying|Waiting|Pushed|Layer already|Preparing)\b"
    r"|(?:Network|Container|Volume|Image) \S+\s+(?:Created|Creating|Started|Starting|Pulled|Pulling|Running|Built|Healthy|Waiting|Recreated)|Removing intermediate|Digest: |Status: (?:Downloaded|Image)|Sending build context"
    r"|make(?:\[\d+\])?: (?:Entering|Leaving|Nothing)|(?:CC|CXX|LD|AR|AS|GEN|HOSTCC|CCLD|RM|INSTALL|MKDIR|LINK)\s+\S+$|-- (?:\w|\[)|checking (?:for|whether|if|how|that|the|build|host|size|command)\b"
    r"|(?:/\S+/)?(?:gcc|g\+\+|clang|clang\+\+|cc|c\+\+|ld|ar|ranlib|javac|rustc|libtool:)\s+-?\S"
    r"|\S+: (?:Refreshing state|Creating|Still creating|Creation complete|Modifying|Modifications complete|Destroying|Destruction complete|Reading|Read complete)\b"
    r"|(?:PLAY|TASK|RUNNING HANDLER|PLAY RECAP) ?(?:\[|\*)|(?:ok|changed|skipping|included): (?:\[|\S)|\S+ : ok=\d"
    r"|\S+/\S+ (?:configured|unchanged|created|serverside-applied)$|Release \"|NAME\s+READY|NAMESPACE: |REVISION: |LAST DEPLOYED: "
    r"|\d+\s+\S+\s+\d+\s+\S+\s+0\s+0\s|% Total|Dload\s+Upload|--:--|\S+\s+\d+(?:\.\d+)?\s?[kM]?i?B\b"
    r"|(?:\++|\$) \S|[d\-l][rwxsStT\-]{9}|total \d+$|export \w+=|set -\w|PS [A-Z]:"
    r"|\[(?:command|taskcluster|setup|fetches|vcs|cache|mozharness)\b|TEST-(?:START|PASS|OK|INFO|KNOWN|SKIP)|\d\d:\d\d:\d\d\s+(?:INFO|DEBUG)\b|INFO -"
    r"|\w{1,12} -> /\S|\S+ -> \S+\.\w{2,4}$|\d+ Warning\(s\)|0 Error\(s\)|Build succeeded|Passed? \S"
    r"|(?:Bundle complete|Use `bundle|Package operations|Loading composer|Fetching gem|- (?:Downloading|Installing|Locking|Finding|Installed|Using|Upgrading|Removing))\b"
    r"|(?:travis_(?:fold|time)|section_(?:start|end)):|\[Pipeline\]|##\[|::(?:group|endgroup|debug|notice)|~~~ |--- :|\+\+\+ :|====>> |Post job cleanup|Complete job|Finishing: |Starting: "
    r"|(?:Build-agent version|Cache restored|Current runner version|Operating System|Runner Image|Image|Version|Task|Description|Author|Help|Included Software|Secret source|Contents|Metadata|Packages|Actions|Worker information|hostname|System information"
    r"|Server Version|Storage Driver|Backing Filesystem|Cgroup Driver|Kernel Version|Agent name|Agent machine name|Current agent version|Agent running as|Knob|repository|fetch-depth|show-progress|set-safe-directory"
    r"|Commit message|Source|with|env|Prepare|Getting|Download|Temporarily|Set|Start|pull stats|time to create|Time to upload|image is cached|Obtained|The recommended git tool)\b\s*[:=]?"
    r"|\d{1,7}:[A-Z] \d\d \w{3} \d{4} \S{1,20} [*.\-] |\[?run-task |\w{1,20} (?:started|starting|done|finished|completed)\.?$|vite v\d|transforming\.|plugins: |git version |git init|using credential|on \S+ \S+, system ID|Working directory is|(?:Ubuntu|LTS|Debian)$|\d+(?:\.\d+){1,3}$|.{0,200}\d+(?:\.\d+)?\s?(?:kB|MB|GB|KiB|MiB|GiB)/s"
    r"|\d{4}[-/]\d\d[-/]\d\d[T ]\S+\s+(?:\[\w+\] )?(?:INFO|DEBUG|TRACE)\b|in \d+(?:\.\d+)?m?s$"
    r")"
)


def is_routine(text: str) -> bool:
    """Tell whether a line without words of a failure says nothing but how far a run has come."""
    if package := _PACKAGE.match(text):
        text = text[package.end() :]
    first = _FIRST.match(text)
    if first and not first[1].isupper() and first[1].lower() in _VERBS:
        return True
    return has_routine_form(text)


def has_routine_form(text: str) -> bool:
    """Tell whether a line has the form of progress, so that a word such as ``error`` in it is but a name."""
    return _PATTERN.match(text) is not None
