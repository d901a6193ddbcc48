"""What tools and CI systems print while nothing is wrong: the noise in which a failure has to be found."""

from __future__ import annotations

HEALTHY: dict[str, str] = {
    "github": """\
2026-03-02T10:00:01.1234567Z Current runner version: '2.319.1'
2026-03-02T10:00:01.1234567Z ##[group]Operating System
2026-03-02T10:00:01.1234567Z Ubuntu
2026-03-02T10:00:01.1234567Z 24.04.1
2026-03-02T10:00:01.1234567Z LTS
2026-03-02T10:00:01.1234567Z ##[endgroup]
2026-03-02T10:00:01.1234567Z ##[group]Runner Image
2026-03-02T10:00:01.1234567Z Image: ubuntu-24.04
2026-03-02T10:00:01.1234567Z Version: 20260223.1.0
2026-03-02T10:00:01.1234567Z ##[endgroup]
2026-03-02T10:00:01.1234567Z ##[group]GITHUB_TOKEN Permissions
2026-03-02T10:00:01.1234567Z Contents: read
2026-03-02T10:00:01.1234567Z ##[endgroup]
2026-03-02T10:00:01.1234567Z Secret source: Dependabot
2026-03-02T10:00:01.1234567Z Fetched the reusable workflow in 1 s
2026-03-02T10:00:01.1234567Z Prepare all required actions
2026-03-02T10:00:02.0234567Z Download action repository 'actions/checkout@v4' (SHA:11bd71901bbe5b1630ceea73d27597364c9af683)
2026-03-02T10:00:02.2234567Z Complete job name: build (20)
2026-03-02T10:00:02.3234567Z ##[group]Run actions/checkout@v4
2026-03-02T10:00:02.3234567Z with:
2026-03-02T10:00:02.3234567Z   fetch-depth: 1
2026-03-02T10:00:02.3234567Z   set-safe-directory: true
2026-03-02T10:00:02.3234567Z ##[endgroup]
2026-03-02T10:00:02.4234567Z Syncing repository: acme/shop
2026-03-02T10:00:02.5234567Z [command]/usr/bin/git version
2026-03-02T10:00:02.5234567Z git version 2.46.1
2026-03-02T10:00:02.5234567Z Adding repository directory to the temporary git global config as a safe directory
2026-03-02T10:00:02.5234567Z Deleting the contents of '/home/runner/work/shop/shop'
2026-03-02T10:00:02.5234567Z ##[group]Initializing the repository
2026-03-02T10:00:02.5234567Z Initialized empty Git repository in /home/runner/work/shop/shop/.git/
2026-03-02T10:00:02.5234567Z ##[endgroup]
2026-03-02T10:00:03.5234567Z remote: Enumerating objects: 1290, done.
2026-03-02T10:00:03.5234567Z remote: Counting objects: 100% (1290/1290), done.
2026-03-02T10:00:03.5234567Z From https://github.com/acme/shop
2026-03-02T10:00:03.5234567Z  * [new ref]         9f1c2d3e4b5a -> origin/main
2026-03-02T10:00:03.6234567Z HEAD is now at 9f1c2d3 Merge pull request #412 from acme/cart
2026-03-02T10:00:03.7234567Z Cache restored successfully
2026-03-02T10:00:03.7234567Z Cache restored from key: Linux-node-20-0b9e
2026-03-02T10:00:03.8234567Z Received 201326592 of 251658240 (80.0%), 95.8 MBs/sec
2026-03-02T10:00:03.9234567Z Found in cache @ /opt/hostedtoolcache/node/20.17.0/x64""",
    "gitlab": """\
Running with gitlab-runner 17.3.1 (66269445)
  on green-3.saas-linux-small-amd64.runners-manager.gitlab.com/default JLgUopmM, system ID: s_a201ab37b78a
section_start:1772445601:prepare_executor
Preparing the "docker+machine" executor
Using Docker executor with image node:20 ...
Pulling docker image node:20 ...
Using docker image sha256:4b23f1 for node:20 with digest node@sha256:a4d1de ...
section_end:1772445612:prepare_executor
section_start:1772445612:prepare_script
Preparing environment
Running on runner-jlguopmm-project-1-concurrent-0 via runner-jlguopmm-s-l-s-amd64...
section_end:1772445613:prepare_script
section_start:1772445613:get_sources
Getting source from Git repository
Fetching changes with git depth set to 20...
Initialized empty Git repository in /builds/acme/shop/.git/
Created fresh repository.
Checking out 9f1c2d3e as detached HEAD (ref is main)...
Skipping Git submodules setup
section_end:1772445614:get_sources
section_start:1772445614:restore_cache
Restoring cache
Checking cache for default-protected...
Downloading cache from https://storage.googleapis.com/gitlab-runner-cache/project/1/default
Successfully extracted cache
section_end:1772445616:restore_cache""",
    "jenkins": """\
Started by GitHub push by mara
Obtained Jenkinsfile from 9f1c2d3e4b5a60718293a4b5c6d7e8f901234567
[Pipeline] Start of Pipeline
[Pipeline] node
Running on agent-7 in /var/lib/jenkins/workspace/shop_main
[Pipeline] {
[Pipeline] stage
[Pipeline] { (Checkout)
[Pipeline] checkout
The recommended git tool is: git
using credential github-app
Cloning the remote Git repository
 > git init /var/lib/jenkins/workspace/shop_main # timeout=10
Fetching upstream changes from https://github.com/acme/shop.git
 > git --version # timeout=10
 > git fetch --tags --force --progress -- https://github.com/acme/shop.git +refs/heads/*:refs/remotes/origin/* # timeout=10
Checking out Revision 9f1c2d3e4b5a60718293a4b5c6d7e8f901234567 (main)
Commit message: "Retry the upload when the server answers late"
[Pipeline] }
[Pipeline] // stage
[Pipeline] withEnv
[Pipeline] {""",
    "azure": """\
##[section]Starting: Initialize job
Agent name: 'Hosted Agent'
Agent machine name: 'fv-az1101-44'
Current agent version: '3.243.1'
Agent running as: 'vsts'
Prepare build directory.
Set build variables.
Download all required tasks.
Downloading task: NodeTool (0.245.1)
Checking job knob settings.
   Knob: DockerActionRetries = true Source: $(VSTSAGENT_DOCKER_ACTION_RETRIES)
Finished checking job knob settings.
Start tracking orphan processes.
##[section]Finishing: Initialize job
##[section]Starting: Use Node 20.x
==============================================================================
Task         : Node.js tool installer
Description  : Finds or downloads and caches the specified version spec of Node.js and adds it to the PATH
Version      : 0.245.1
Author       : Microsoft Corporation
Help         : https://docs.microsoft.com/azure/devops/pipelines/tasks/tool/node-js
==============================================================================
Found tool in cache: node 20.17.0 x64
##[section]Finishing: Use Node 20.x""",
    "buildkite": """\
~~~ Preparing working directory
$ cd /var/lib/buildkite-agent/builds/agent-1/acme/shop
$ git clean -ffdxq
$ git fetch -v --prune -- origin main
From github.com:acme/shop
 * branch            main       -> FETCH_HEAD
 = [up to date]      main       -> origin/main
# Fetched commit 9f1c2d3
$ git checkout -f 9f1c2d3e
~~~ Running agent environment hook
$ /etc/buildkite-agent/hooks/environment
~~~ Running commands
$ ./ci/build.sh""",
    "circleci": """\
====>> Spin up environment
Build-agent version 1.0.242345-a1b2c3d4 (2026-02-27T12:00:00+0000)
System information:
 Server Version: 24.0.9
 Storage Driver: overlay2
  Backing Filesystem: xfs
 Cgroup Driver: cgroupfs
 Kernel Version: 6.5.0-1018-aws
Starting container cimg/node:20.17
  image is cached as cimg/node:20.17, but refreshing...
20.17: Pulling from cimg/node
Digest: sha256:1b2c3d4e5f60718293a4b5c6d7e8f9011b2c3d4e5f60718293a4b5c6d7e8f901
Status: Downloaded newer image for cimg/node:20.17
  pull stats: download 512.3MiB in 4.12s (124.3MiB/s)
  time to create container: 34ms
Time to upload agent and config: 412.3ms
====>> Checkout code
Using SSH Config Dir '/home/circleci/.ssh'
Cloning git repository""",
    "travis": """\
travis_fold:start:worker_info
Worker information
hostname: 7d1a@1.worker-com-tyh9j.gce-production-2
travis_fold:end:worker_info
travis_fold:start:git.checkout
$ git clone --depth=50 --branch=main https://github.com/acme/shop.git acme/shop
travis_fold:end:git.checkout
Setting environment variables from .travis.yml
$ export NODE_ENV=test""",
    "npm": """\
npm http fetch GET 200 https://registry.npmjs.org/left-pad 71ms (cache revalidated)
npm warn deprecated inflight@1.0.6: This module is not supported, and leaks memory. Do not use it.
npm warn deprecated glob@7.2.3: Glob versions prior to v9 are no longer supported

added 1432 packages, and audited 1433 packages in 38s

246 packages are looking for funding
  run `npm fund` for details

found 0 vulnerabilities

> shop@1.4.0 prebuild
> rimraf dist

> shop@1.4.0 build
> tsc -p tsconfig.json && vite build""",
    "yarn": """\
yarn install v1.22.22
[1/4] Resolving packages...
[2/4] Fetching packages...
[3/4] Linking dependencies...
[4/4] Building fresh packages...
warning " > react-timeouts@2.0.1" has unmet peer dependency "react@^16.0.0".
success Saved lockfile.
Done in 31.20s.
$ eslint --ext .ts src""",
    "pnpm": """\
Lockfile is up to date, resolution step is skipped
Progress: resolved 1, reused 0, downloaded 0, added 0
Packages: +812
++++++++++++++++++++++++++++++++++++++++++++++++++++
Progress: resolved 812, reused 809, downloaded 3, added 812, done
dependencies:
+ express 4.19.2
+ retry-error 3.0.1
Done in 12.4s""",
    "vite": """\
vite v5.4.2 building for production...
transforming...
✓ 2143 modules transformed.
rendering chunks...
computing gzip size...
dist/index.html                      0.46 kB │ gzip:  0.30 kB
dist/assets/error-page-B2c4.css      8.12 kB │ gzip:  2.01 kB
dist/assets/index-D0f1a2b3.js      412.88 kB │ gzip: 133.42 kB
✓ built in 6.21s""",
    "pip": """\
Collecting requests==2.32.3 (from -r requirements.txt (line 4))
  Downloading requests-2.32.3-py3-none-any.whl.metadata (4.6 kB)
Requirement already satisfied: exceptiongroup>=1.0 in /opt/hostedtoolcache/Python/3.12.5/x64/lib/python3.12/site-packages (1.2.2)
  Using cached urllib3-2.2.2-py3-none-any.whl (121 kB)
     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 64.9/64.9 kB 4.1 MB/s eta 0:00:00
Building wheels for collected packages: shop
  Building wheel for shop (pyproject.toml): started
  Building wheel for shop (pyproject.toml): finished with status 'done'
  Created wheel for shop: filename=shop-1.0-py3-none-any.whl size=12345 sha256=0b1c
  Stored in directory: /home/runner/.cache/pip/wheels/12/ab
Installing collected packages: urllib3, idna, certifi, requests
Successfully installed certifi-2024.7.4 idna-3.8 requests-2.32.3 urllib3-2.2.2
[notice] A new release of pip is available: 24.0 -> 24.2
[notice] To update, run: pip install --upgrade pip""",
    "uv": """\
Using CPython 3.12.5 interpreter at: /usr/bin/python3.12
Creating virtual environment at: .venv
Resolved 84 packages in 412ms
Prepared 84 packages in 1.02s
Installed 84 packages in 96ms
 + certifi==2024.7.4
 + retrying==1.3.4
Audited 84 packages in 2ms""",
    "apt": """\
Get:1 http://azure.archive.ubuntu.com/ubuntu noble InRelease [256 kB]
Hit:2 https://packages.microsoft.com/ubuntu/24.04/prod noble InRelease
Fetched 12.3 MB in 2s (6123 kB/s)
Reading package lists...
Building dependency tree...
Reading state information...
The following NEW packages will be installed:
  libgpg-error-dev libssl-dev
0 upgraded, 2 newly installed, 0 to remove and 31 not upgraded.
Need to get 3,412 kB of archives.
After this operation, 13.4 MB of additional disk space will be used.
Selecting previously unselected package libssl-dev:amd64.
(Reading database ... 219876 files and directories currently installed.)
Preparing to unpack .../libssl-dev_3.0.13-0ubuntu3.4_amd64.deb ...
Unpacking libssl-dev:amd64 (3.0.13-0ubuntu3.4) ...
Setting up libssl-dev:amd64 (3.0.13-0ubuntu3.4) ...
Processing triggers for man-db (2.12.0-4build2) ...""",
    "maven": """\
[INFO] Scanning for projects...
[INFO] ------------------------------------------------------------------------
[INFO] Building shop 1.4.0-SNAPSHOT                                     [3/9]
[INFO] --------------------------------[ jar ]---------------------------------
Downloading from central: https://repo.maven.apache.org/maven2/com/google/guava/failureaccess/1.0.2/failureaccess-1.0.2.jar
Downloaded from central: https://repo.maven.apache.org/maven2/com/google/guava/failureaccess/1.0.2/failureaccess-1.0.2.jar (4.7 kB at 118 kB/s)
Progress (1): 12/31 kB
[INFO] --- compiler:3.13.0:compile (default-compile) @ shop ---
[INFO] Compiling 214 source files with javac [debug release 17] to target/classes
[WARNING] /builds/shop/src/main/java/com/acme/Retry.java:[41,20] timeout(long) in com.acme.Retry has been deprecated
[INFO] Running com.acme.ConnectionTimeoutTest
[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.412 s -- in com.acme.ConnectionTimeoutTest
[INFO] shop-core .......................................... SUCCESS [  4.211 s]""",
    "gradle": """\
Starting a Gradle Daemon (subsequent builds will be faster)
> Task :buildSrc:compileKotlin UP-TO-DATE
> Task :core:compileJava
Note: Some input files use or override a deprecated API.
Note: Recompile with -Xlint:deprecation for details.
> Task :core:processResources NO-SOURCE
> Task :core:test FROM-CACHE
Download https://repo.maven.apache.org/maven2/org/slf4j/slf4j-api/2.0.16/slf4j-api-2.0.16.jar
com.acme.RetryTest > failsAfterTimeout() PASSED
12 actionable tasks: 4 executed, 8 from cache""",
    "cargo": """\
    Updating crates.io index
 Downloading crates ...
  Downloaded thiserror v1.0.63
   Compiling thiserror v1.0.63
    Checking anyhow v1.0.86
    Finished `dev` profile [unoptimized + debuginfo] target(s) in 41.20s
     Running unittests src/lib.rs (target/debug/deps/shop-0b1c2d3e4f5a6b7c)

running 2 tests
test parser::rejects_invalid_input ... ok
test net::connection_refused_is_retried ... ok

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s""",
    "go": """\
go: downloading github.com/pkg/errors v0.9.1
=== RUN   TestDialTimeout
--- PASS: TestDialTimeout (0.10s)
=== PAUSE TestRefused
=== CONT  TestRefused
PASS
ok  	github.com/acme/shop/net	0.412s
ok  	github.com/acme/shop/errors	(cached)
?   	github.com/acme/shop/cmd	[no test files]""",
    "pytest": """\
============================= test session starts ==============================
platform linux -- Python 3.12.5, pytest-8.3.2, pluggy-1.5.0
rootdir: /home/runner/work/shop/shop
configfile: pyproject.toml
plugins: cov-5.0.0, timeout-2.3.1
collected 412 items

tests/test_net.py::test_connection_refused PASSED                        [ 12%]
tests/test_net.py::test_http_503_is_retried PASSED                       [ 13%]
tests/test_cart.py ..............................                        [ 24%]
tests/test_db.py ....s....                                               [ 31%]""",
    "jest": """\
PASS src/net/timeout.test.ts (5.21 s)
PASS src/cart.test.ts
  cart
    ✓ rejects an invalid coupon (3 ms)
    ✓ throws on ECONNREFUSED (12 ms)
  console.log
    retry 1 of 3""",
    "mocha": """\
$ mocha --exit

  cart
    ✔ adds up
    ✔ fails on a missing item (41ms)
  12 passing (2s)""",
    "docker": """\
#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 1.21kB done
#1 DONE 0.0s
#2 [internal] load metadata for docker.io/library/node:20
#2 DONE 0.8s
#5 [2/6] WORKDIR /app
#5 CACHED
#6 [3/6] RUN apt-get update
#6 0.412 Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]
#6 sha256:0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e 29.15MB / 29.15MB 0.4s done
#6 DONE 4.1s
Step 3/9 : RUN npm ci
 ---> Running in 4f2d1e0c9b8a
 ---> 0b1c2d3e4f5a
Removing intermediate container 4f2d1e0c9b8a
latest: Pulling from library/redis
a1b2c3d4e5f6: Pulling fs layer
a1b2c3d4e5f6: Verifying Checksum
a1b2c3d4e5f6: Download complete
a1b2c3d4e5f6: Pull complete
 Network shop_default  Created
 Container shop-redis-1  Started
redis-1  | 1:C 02 Mar 2026 10:00:01.000 * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo
redis-1  | 1:M 02 Mar 2026 10:00:01.002 * Ready to accept connections tcp""",
    "make": """\
make[1]: Entering directory '/builds/shop/src'
gcc -O2 -Wall -Wno-error=unused -c -o error.o error.c
  CC      net/timeout.o
  LD      built-in.o
[ 12%] Building CXX object src/CMakeFiles/shop.dir/exception.cpp.o
[100%] Linking CXX executable shop
[100%] Built target shop
[41/312] Building CXX object lib/Support/CMakeFiles/Support.dir/Error.cpp.o
-- The C compiler identification is GNU 13.2.0
-- Looking for strerror_r - found
-- Performing Test HAVE_NO_ERRNO - Success
-- Configuring done (1.2s)
checking for gcc... gcc
checking whether the C compiler works... yes
checking for strerror... yes
make[1]: Leaving directory '/builds/shop/src'""",
    "terraform": """\
Initializing the backend...
Initializing provider plugins...
- Finding hashicorp/aws versions matching "~> 5.0"...
- Installing hashicorp/aws v5.64.0...
- Installed hashicorp/aws v5.64.0 (signed by HashiCorp)
Terraform has been successfully initialized!
aws_s3_bucket.logs: Refreshing state... [id=acme-logs]
aws_iam_role.ci: Creating...
aws_iam_role.ci: Still creating... [10s elapsed]
aws_iam_role.ci: Creation complete after 12s [id=ci]""",
    "ansible": """\
PLAY [web] *********************************************************************

TASK [Gathering Facts] *********************************************************
ok: [web1]
changed: [web2]
skipping: [web3]
TASK [retry : fail early] ******************************************************""",
    "kubernetes": """\
deployment.apps/shop configured
service/shop unchanged
Waiting for deployment "shop" rollout to finish: 1 of 3 updated replicas are available...
Release "shop" has been upgraded. Happy Helming!""",
    "git": """\
Cloning into 'shop'...
remote: Compressing objects: 100% (812/812), done.
Receiving objects: 100% (1290/1290), 2.01 MiB | 12.00 MiB/s, done.
Resolving deltas: 100% (401/401), done.
Note: switching to '9f1c2d3'.
Switched to a new branch 'release'
Your branch is up to date with 'origin/main'.""",
    "curl": """\
  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
100  124k  100  124k    0     0   812k      0 --:--:-- --:--:-- --:--:--  812k
2026-03-02 10:00:01 (12.1 MB/s) - 'tool.tar.gz' saved [124812/124812]""",
    "shell": """\
+ set -euo pipefail
+ mkdir -p build
++ date +%s
+ echo 'build started'
build started
drwxr-xr-x 2 root root 4096 Mar  2 10:00 errors
total 48
-rw-r--r-- 1 root root  812 Mar  2 10:00 failure.txt""",
    "logger": """\
2026-03-02 10:00:01,123 INFO  [main] com.acme.Server - Started Server in 2.1 seconds
2026-03-02 10:00:01,124 DEBUG [pool-1] com.acme.Pool - connection acquired, timeout=30000
time="2026-03-02T10:00:01Z" level=info msg="listening on :8080"
{"level":"info","ts":1772445601.1,"msg":"request served","status":200,"retry":3,"timeout":30}
INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)
[10:00:01] Starting 'build'...
[10:00:03] Finished 'build' after 2.1 s""",
    "turbo": """\
• Packages in scope: @acme/cart, @acme/web
• Running build in 2 packages
@acme/cart:build: cache miss, executing 0b1c2d3e4f5a6b7c
@acme/cart:build: > tsc -p .
@acme/web:build: ✓ Compiled successfully
@acme/web:build: Collecting page data ...""",
    "taskcluster": """\
[taskcluster 2026-03-02 10:00:01.123Z] Task ID: Zb1c2d3e4f5a6b7c8d9e0f
[taskcluster 2026-03-02 10:00:01.123Z] === Task Starting ===
[setup 2026-03-02T10:00:01.123Z] run-task started in /
[fetches 2026-03-02T10:00:02.123Z] Downloading https://firefox-ci-tc.services.mozilla.com/api/queue/v1/task/x/artifacts/public/build/target.tar.xz
[mozharness: 2026-03-02 10:00:03.123Z] Running clobber step.
[mozharness: 2026-03-02 10:00:04.123Z] Finished clobber step (success)
10:00:05     INFO -  TEST-START | dom/base/test/test_timeout.html
10:00:06     INFO -  TEST-PASS | dom/base/test/test_timeout.html | Should throw
10:00:06     INFO -  TEST-OK | dom/base/test/test_timeout.html | took 412ms""",
    "dotnet": """\
  Determining projects to restore...
  Restored /builds/shop/src/Shop/Shop.csproj (in 1.21 sec).
  Shop -> /builds/shop/src/Shop/bin/Release/net8.0/Shop.dll
Build succeeded.
    0 Warning(s)
    0 Error(s)
Time Elapsed 00:00:12.41
  Passed Shop.Tests.RetryTests.FailsAfterTimeout [12 ms]""",
    "ruby": """\
Fetching gem metadata from https://rubygems.org/.......
Using rake 13.2.1
Installing error_highlight 0.6.0
Bundle complete! 31 Gemfile dependencies, 102 gems now installed.
Use `bundle info [gemname]` to see where a bundled gem is installed.""",
    "composer": """\
Loading composer repositories with package information
Installing dependencies from lock file (including require-dev)
Package operations: 84 installs, 0 updates, 0 removals
  - Downloading symfony/error-handler (v7.1.3)
  - Installing symfony/error-handler (v7.1.3): Extracting archive
Generating optimized autoload files""",
}
BLOCKS: tuple[tuple[str, ...], ...] = tuple(tuple(text.split("\n")) for text in HEALTHY.values())
