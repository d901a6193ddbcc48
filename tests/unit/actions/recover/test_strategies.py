"""A recovery helps, or leaves everything as it was; and it never does what it may not."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import threading
from pathlib import Path

import pytest
from support.recovering import make_classification, make_context, make_decision, make_recipe, make_strategies
from support.tree_hash import hash_tree

from errclass.actions.recover import RecoveryOptions, RecoveryPlan, load_recipes
from errclass.actions.recover.component_locks import BusyError, hold_components
from errclass.actions.recover.environment import reduce_environment
from errclass.actions.recover.journal import Journal
from errclass.actions.recover.planning import name_components

MAKE = {"run": ["mkdir", "packages"]}


def test_a_recovery_that_helps_is_a_success(work: Path, root: Path) -> None:
    """What was set aside is gone, what the steps made is there, and nothing is left of the backup."""
    recipe = make_recipe(touches={"packages": "aside"}, steps=[MAKE], check=[{"exists": "packages"}])
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert ("success", "", "mend") == (result.outcome, result.reason, result.strategy)
    assert ("set aside packages", "ran mkdir packages") == result.actions
    assert [] == list((work / "packages").iterdir())
    assert ["locks"] == [path.name for path in root.iterdir()]


@pytest.mark.parametrize(
    ("steps", "check", "reason"),
    [
        ([{"run": ["false"]}], [{"run": ["true"]}], "step_failed"),
        ([MAKE], [{"run": ["false"]}], "check_failed"),
        ([MAKE], [{"exists": "dist"}], "check_failed"),
        ([MAKE], [{"absent": "packages"}], "check_failed"),
        ([{"run": ["touch", "package-lock.json", "packages"]}, {"run": ["ln", "-sf", "x", "package-lock.json"]}],
         [{"run": ["true"]}], "lockfile_changed"),
        ([{"run": ["no-such-program"]}], [{"run": ["true"]}], "step_failed"),
        ([{"run": ["sleep", "60"], "timeout": 0.1}], [{"run": ["true"]}], "timed_out"),
        ([{"run": ["ln", "-s", "/", "packages"]}], [{"run": ["false"]}], "check_failed"),
        ([{"run": ["cp", "-r", "run.sh", "packages"]}], [{"run": ["false"]}], "check_failed"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("how", ["aside", "copy"])
def test_a_failed_recovery_leaves_the_folder_as_it_was(
    work: Path, root: Path, steps: list[object], check: list[object], reason: str, how: str
) -> None:
    """Contents, modes and links, whatever failed, and wherever a step put a link."""
    before = hash_tree(work)
    recipe = make_recipe(touches={"packages": how, "dist/cache": "aside"}, steps=steps, check=check)
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert "failed" == result.outcome
    assert how == "copy" or reason == result.reason
    assert before == hash_tree(work)
    assert ["locks"] == [path.name for path in root.iterdir()]


def test_an_optional_step_that_fails_makes_it_partial(work: Path, root: Path) -> None:
    """The check decides whether it goes on counting."""
    recipe = make_recipe(steps=[{"run": ["false"], "may_fail": True}, {"run": ["true"]}])
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert ("partial", "optional_step_failed", "false exited with 1") == (
        result.outcome,
        result.reason,
        result.details["failed_steps"],
    )


def test_exit_codes_that_a_step_names_are_fine(work: Path, root: Path) -> None:
    """Others are not."""
    fine = make_recipe(steps=[{"run": ["false"], "ok": [1]}])
    assert "success" == make_strategies(root, fine).execute_recovery(make_classification(), make_context(work)).outcome
    strict = make_recipe(steps=[{"run": ["true"], "ok": [1]}])
    assert "failed" == make_strategies(root, strict).execute_recovery(make_classification(), make_context(work)).outcome


def test_a_replaced_file_is_kept(work: Path, root: Path) -> None:
    """The user's own settings do not vanish with a success."""
    (work / "app.json").write_text("{broken")
    (work / "app.json.bak").write_text("{}")
    recipe = make_recipe(
        fits={"types": ["configuration"], "broken": ["{file}"], "files": ["{template}"]},
        touches={"{file}": "copy"},
        steps=[{"copy": "{template}", "to": "{file}"}],
        check=[{"parses": "{file}"}],
    )
    context = make_context(work, file="app.json", template="app.json.bak")
    result = make_strategies(root, recipe).execute_recovery(make_classification("configuration"), context)
    assert ("success", "{}") == (result.outcome, (work / "app.json").read_text())
    kept = [path.read_text() for path in Path(result.details["backup"], "saved").iterdir()]
    assert ["{broken"] == kept


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (RecoveryOptions(autonomy="off"), "switched_off"),
        (RecoveryOptions(autonomy="suggest"), "only_suggested"),
        (RecoveryOptions(autonomy="ask"), "nobody_agreed"),
        (RecoveryOptions(), "nobody_agreed"),
        (RecoveryOptions(autonomy="auto", by_type={"dependency": "suggest"}), "only_suggested"),
        (RecoveryOptions(autonomy="auto", by_environment={"production": "off"}), "switched_off"),
        (RecoveryOptions(autonomy="auto", allow=("other",)), "no_recipe_fits"),
        (RecoveryOptions(autonomy="suggest", by_type={"dependency": "auto"}), "only_suggested"),
    ],
)
def test_what_is_not_allowed_is_skipped(work: Path, root: Path, options: RecoveryOptions, reason: str) -> None:
    """Nothing runs, and nothing is written."""
    before = hash_tree(work)
    recipe = make_recipe(touches={"packages": "aside"})
    strategies = make_strategies(root, recipe, options=options)
    result = strategies.execute_recovery(make_classification(), make_context(work, environment="production"))
    assert ("skipped", reason) == (result.outcome, result.reason)
    assert (before, False) == (hash_tree(work), root.exists())


def test_an_environment_may_allow_more(work: Path, root: Path) -> None:
    """What is said of it stands in place of what is said in general."""
    options = RecoveryOptions(autonomy="suggest", by_environment={"development": "auto"})
    strategies = make_strategies(root, make_recipe(), options=options)
    context = make_context(work, environment="development")
    assert "success" == strategies.execute_recovery(make_classification(), context).outcome


@pytest.mark.parametrize("answer", [True, False])
def test_a_person_sees_the_plan_and_decides(work: Path, root: Path, answer: bool) -> None:
    """With the exact argument lists."""
    seen: list[RecoveryPlan] = []

    def ask(plan: RecoveryPlan) -> bool:
        seen.append(plan)
        return answer

    strategies = make_strategies(root, make_recipe(autonomy="ask"), ask=ask)
    result = strategies.execute_recovery(make_classification(), make_context(work))
    assert [(("true",),)] == [plan.steps for plan in seen]
    assert ("success" if answer else "skipped") == result.outcome


@pytest.mark.parametrize(
    ("recipe", "classification"),
    [
        (make_recipe(effect="irreversible"), make_classification()),
        (make_recipe(), make_decision(approval=True)),
    ],
)
def test_some_recoveries_always_need_a_person(work: Path, root: Path, recipe: object, classification: object) -> None:
    """However much is allowed."""
    result = make_strategies(root, recipe).execute_recovery(classification, make_context(work))  # type: ignore[arg-type]
    assert ("skipped", "nobody_agreed") == (result.outcome, result.reason)


def test_what_helped_before_comes_first(work: Path, root: Path) -> None:
    """Then what the decision asks for, then what names the type first, then the cheaper one."""
    recipes = (
        make_recipe("asked", purpose="clean_build", cost=9),
        make_recipe("cheap", cost=1, fits={"types": ["build", "dependency"]}),
        make_recipe("dear", cost=5),
        make_recipe("proven", cost=9, fits={"types": ["build", "dependency"]}),
        make_recipe("vain"),
    )
    tries = {"proven": (3, 4), "vain": (0, 6)}
    plan = make_strategies(root, *recipes).plan(make_decision(recipe="clean_build"), make_context(work), tries=tries)
    assert ("proven", "asked", "dear", "cheap", "vain") == (plan.recipe, *plan.others)


def test_a_plan_changes_nothing(work: Path, root: Path) -> None:
    """It names all that would be touched, and whether that is there."""
    before = hash_tree(work)
    recipe = make_recipe(touches={"packages": "aside", "dist": "copy"}, back=[{"run": ["true", "{work}"]}])
    plan = make_strategies(root, recipe).plan(make_classification(), make_context(work))
    assert [("packages", "aside", True), ("dist", "copy", False)] == [(p.path, p.how, p.there) for p in plan.touches]
    assert (("true", str(work)),) == plan.back
    assert (before, False) == (hash_tree(work), root.exists())


def test_two_recoveries_of_one_folder_are_never_at_once(work: Path, root: Path) -> None:
    """The second is skipped and says why; one of another folder goes on."""
    recipe = make_recipe()
    beside = work.parent / "beside"
    beside.mkdir()
    with hold_components(root / "locks", name_components(recipe, make_context(work))):
        for folder in (work, work / "packages"):
            second = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(folder))
            assert ("skipped", "recovery_already_active") == (second.outcome, second.reason)
        other = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(beside))
        assert "success" == other.outcome
    assert (
        "success" == make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work)).outcome
    )


def test_one_folder_by_two_names_is_one_component(work: Path, root: Path) -> None:
    """A link to it is it."""
    (work.parent / "link").symlink_to(work)
    recipe = make_recipe()
    with hold_components(root / "locks", name_components(recipe, make_context(work))):
        result = make_strategies(root, recipe).execute_recovery(
            make_classification(), make_context(work.parent / "link")
        )
    assert "recovery_already_active" == result.reason


def test_a_recovery_within_a_recovery_is_skipped(work: Path, root: Path) -> None:
    """A step that runs errclass does not begin another one."""
    environ = {**os.environ, "ERRCLASS_RECOVERY_ID": "x"}
    result = make_strategies(root, make_recipe(), environ=environ).execute_recovery(
        make_classification(), make_context(work)
    )
    assert ("skipped", "inside_a_recovery") == (result.outcome, result.reason)


@pytest.mark.parametrize("folder", ["/", "~", "missing", "run.sh"])
def test_a_folder_that_is_no_project_is_refused(work: Path, root: Path, folder: str) -> None:
    """The root, the home folder, a file, and what is not there."""
    place = Path(folder).expanduser() if folder in {"/", "~"} else work / folder
    result = make_strategies(root, make_recipe()).execute_recovery(make_classification(), make_context(place))
    assert ("skipped", "folder_refused") == (result.outcome, result.reason)


def test_a_cancelled_recovery_is_rolled_back(work: Path, root: Path) -> None:
    """The step that runs is ended."""
    before, cancelled = hash_tree(work), threading.Event()
    recipe = make_recipe(touches={"packages": "aside"}, steps=[MAKE, {"run": ["sleep", "60"]}])
    threading.Timer(0.2, cancelled.set).start()
    result = make_strategies(root, recipe).execute_recovery(
        make_classification(), make_context(work), cancelled=cancelled
    )
    assert ("failed", "cancelled", ("packages",)) == (result.outcome, result.reason, result.restored)
    assert before == hash_tree(work)


def test_a_cancelled_task_puts_everything_back_first(work: Path, root: Path) -> None:
    """And only then passes the cancellation on."""
    os.mkfifo(work / "begun")
    before = hash_tree(work)
    tell = {"run": ["python3", "-c", "open('begun', 'w').write('x')"]}
    recipe = make_recipe(touches={"packages": "aside"}, steps=[tell, {"run": ["sleep", "60"]}])
    strategies = make_strategies(root, recipe)

    async def cancel() -> None:
        task = asyncio.ensure_future(strategies.aexecute_recovery(make_classification(), make_context(work)))
        await asyncio.to_thread((work / "begun").read_text)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert before == hash_tree(work)
    assert "cancelled" == strategies.get_history()[-1].reason


def test_awaiting_gives_the_same(work: Path, root: Path) -> None:
    """A result."""
    result = asyncio.run(
        make_strategies(root, make_recipe()).aexecute_recovery(make_classification(), make_context(work))
    )
    assert "success" == result.outcome


@pytest.mark.parametrize(("step", "goes_back"), [("true", True), ("false", False), ("no-such-program", False)])
def test_the_way_back_is_run_where_no_backup_can_be(work: Path, root: Path, step: str, goes_back: bool) -> None:
    """Only once a step ran to a good end: else there is nothing to take back."""
    recipe = make_recipe(steps=[{"run": [step]}], check=[{"run": ["false"]}], back=[{"run": ["touch", "went-back"]}])
    make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert goes_back == (work / "went-back").exists()


def test_a_way_back_that_fails_is_not_run_again(work: Path, root: Path) -> None:
    """Neither by the next recovery nor at the next start, wherever that is."""
    (work / "back.py").write_text("open('calls', 'a').write('x'); raise SystemExit(1)")
    recipe = make_recipe(check=[{"run": ["false"]}], back=[{"run": ["python3", "back.py"]}])
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert ("failed", "roll_back_failed") == (result.outcome, result.reason)
    other = make_strategies(root, make_recipe())
    assert "success" == other.execute_recovery(make_classification(), make_context(work / "packages")).outcome
    assert ((), "x") == (other.roll_back_interrupted(), (work / "calls").read_text())


def test_a_restart_of_pods_has_no_way_back() -> None:
    """It deploys nothing, so that undoing would take back what somebody else deployed."""
    (recipe,) = (one for one in load_recipes() if one.name == "kubernetes_restart")
    assert () == recipe.back


def test_statistics_are_those_of_what_ran(work: Path, root: Path) -> None:
    """Skipped ones count, but not for the rate."""
    strategies = make_strategies(
        root, make_recipe("a"), make_recipe("b", fits={"types": ["build"]}, check=[{"run": ["false"]}])
    )
    for kind in ("dependency", "build", "network"):
        strategies.execute_recovery(make_classification(kind), make_context(work))
    found = strategies.get_statistics()
    assert (3, 0) == (found.total_recoveries, found.active_recoveries)
    assert {"a": 1, "b": 1} == found.by_strategy
    assert {"success": 1, "failed": 1, "skipped": 1} == found.by_result
    assert 0.5 == found.success_rate
    assert ["success", "failed", "skipped"] == [result.outcome for result in strategies.get_history()]
    assert ["skipped"] == [result.outcome for result in strategies.get_history(1)]
    strategies.reset()
    assert (0, None, ()) == (
        strategies.get_statistics().total_recoveries,
        strategies.get_statistics().success_rate,
        strategies.get_history(),
    )


def test_secrets_in_output_are_masked(work: Path, root: Path) -> None:
    """Before anybody sees the result."""
    (work / "fail.py").write_text("import sys; print('password=hunter2hunter2'); sys.exit(1)")
    recipe = make_recipe(steps=[{"run": ["python3", "fail.py"]}])
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert ("step_failed", False) == (result.reason, "hunter2" in str(result.to_dict()))


def test_a_step_sees_no_secret_of_ours(work: Path, root: Path) -> None:
    """Nor of the job's, unless its recipe names it."""
    environ = {
        **os.environ,
        "ERRCLASS_STORE": "postgres://u:p@h/d",
        "AWS_SECRET_ACCESS_KEY": "k",
        "DEPLOY_KEY": "d",
        "GOOGLE_APPLICATION_CREDENTIALS": "g",
        "UV_PUBLISH_TOKEN": "u",
    }
    recipe = make_recipe(
        steps=[{"run": ["python3", "-c", "import json, os; json.dump(dict(os.environ), open('seen', 'w'))"]}],
        environ=["DEPLOY_KEY"],
    )
    make_strategies(root, recipe, environ=environ).execute_recovery(make_classification(), make_context(work))
    seen = json.loads((work / "seen").read_text())
    assert set() == {"GOOGLE_APPLICATION_CREDENTIALS", "UV_PUBLISH_TOKEN"} & set(seen)
    assert (False, False, "d") == ("ERRCLASS_STORE" in seen, "AWS_SECRET_ACCESS_KEY" in seen, seen["DEPLOY_KEY"])


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("GRADLE_PUBLISH_KEY", False), ("GRADLE_PUBLISH_SECRET", False), ("MAVEN_GPG_PASSPHRASE", False),
        ("CARGO_REGISTRIES_OURS_TOKEN", False), ("CARGO_REGISTRY_TOKEN", False), ("POETRY_PYPI_TOKEN_OURS", False),
        ("UV_PUBLISH_PASSWORD", False), ("GRADLE_USER_HOME", True), ("MAVEN_OPTS", True), ("CARGO_HOME", True),
        ("CARGO_REGISTRIES_OURS_INDEX", True), ("POETRY_HTTP_BASIC_OURS_PASSWORD", True), ("NPM_TOKEN", True),
    ],
)  # fmt: skip
def test_what_publishes_is_not_passed_on(name: str, seen: bool) -> None:
    """What only reads is; a recipe may ask for more."""
    assert seen == (name in reduce_environment({name: "x"}, "0"))
    assert name in reduce_environment({name: "x"}, "0", [name])


@pytest.mark.parametrize("name", ["docker_prune_builder", "go_clean_build", "pip_purge_cache", "apt_update"])
def test_what_reaches_beyond_the_folder_asks_and_needs_the_tool(work: Path, root: Path, name: str) -> None:
    """Others on the machine use these caches as well."""
    (recipe,) = (one for one in load_recipes() if one.name == name)
    assert ("ask", True) == (recipe.autonomy, recipe.fits.known)
    classification = make_classification(recipe.fits.types[0])
    plan = make_strategies(root, recipe).plan(classification, make_context(work))
    assert ["tool_unknown"] == [one.reason for one in plan.ruled_out]
    known = make_strategies(root, recipe).plan(classification, make_context(work, tool=recipe.fits.tools[0]))
    assert "tool_unknown" not in [one.reason for one in known.ruled_out]


@pytest.mark.parametrize(
    ("held", "wanted", "busy"),
    [
        ("/a/b", "/a", True), ("/a", "/a/b", True), ("/a", "/a/b/c", True), ("/a/b", "/a/b", True), ("/a", "/", True),
        ("/a/b", "/a/c", False), ("/a/b", "/a/bc", False), ("web", "/a", False), ("web", "web", True), ("prod/web", "prod", False),
    ],
)  # fmt: skip
def test_a_folder_and_what_lies_in_it_are_never_at_once(root: Path, held: str, wanted: str, busy: bool) -> None:
    """Neighbours are."""
    with hold_components(root, (held,)):
        found = contextlib.nullcontext() if not busy else pytest.raises(BusyError, match="is at work already")
        with found, hold_components(root, (wanted,)):
            pass


def test_what_a_step_leaves_running_is_ended(work: Path, root: Path) -> None:
    """Also where it left the process group."""
    (work / "spawn.py").write_text(
        "import subprocess, sys\n"
        "child = subprocess.Popen(['sleep', '600'], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "open('pid', 'w').write(str(child.pid))\n"
    )
    recipe = make_recipe(steps=[{"run": ["python3", "spawn.py"]}])
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert "success" == result.outcome
    stat = Path("/proc", (work / "pid").read_text(), "stat")
    assert not stat.exists() or ") Z " in stat.read_text()


def test_output_is_bounded(work: Path, root: Path) -> None:
    """However much a step prints, head and tail are kept."""
    (work / "loud.py").write_text("print('first'); print('x' * 5_000_000); print('last'); raise SystemExit(1)")
    recipe = make_recipe(steps=[{"run": ["python3", "loud.py"]}])
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    output = result.details["output"]
    assert (True, True) == (len(output) < 5000, output.endswith("last\n"))


def test_a_disk_that_is_full_at_the_end_is_a_way_back(work: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A success that cannot be written down is none."""
    before = hash_tree(work)

    def fail(journal: object, how: str, kept: object = ()) -> None:
        if how == "committed":
            raise OSError(28, "No space left on device")
        real(journal, how, kept)  # type: ignore[arg-type]

    real = Journal.note_end
    monkeypatch.setattr(Journal, "note_end", fail)
    recipe = make_recipe(touches={"packages": "aside"}, steps=[MAKE])
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert ("failed", "backup_failed", before) == (result.outcome, result.reason, hash_tree(work))


def test_a_draft_that_a_kill_left_is_no_obstacle(work: Path, root: Path) -> None:
    """It has a name of our own, and is gone afterwards, however the next recovery ends."""
    (work / ".env.example").write_text("A=1")
    for check in ("true", "false"):
        (work / "..env.errclass").write_text("half")
        recipe = make_recipe(
            touches={".env": "copy"}, steps=[{"copy": ".env.example", "to": ".env"}], check=[{"run": [check]}]
        )
        result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
        assert ("success" if check == "true" else "failed") == result.outcome
        assert ("A=1", False) == ((work / ".env").read_text(), (work / "..env.errclass").exists())


def test_what_fits_no_longer_after_the_question_is_left(work: Path, root: Path) -> None:
    """A person takes their time, and meanwhile somebody else may need what the plan would take away."""
    lock = work / "lock"
    lock.touch()
    os.utime(lock, (1, 1))

    def ask(plan: RecoveryPlan) -> bool:
        lock.write_text("of a process that began just now")
        return True

    recipe = make_recipe(fits={"types": ["dependency"], "stale": {"lock": 600}}, touches={"lock": "aside"}, steps=[])
    strategies = make_strategies(root, recipe, options=RecoveryOptions(autonomy="ask"), ask=ask)
    result = strategies.execute_recovery(make_classification(), make_context(work))
    assert ("skipped", "fits_no_longer", True) == (result.outcome, result.reason, lock.exists())
    assert "stale after" in result.details["fault"]


def test_projects_below_are_set_safe_as_well(work: Path, root: Path) -> None:
    """What was there is back after a failure, and what was not is gone; links and packages are not entered."""
    for folder in ("packages/a", "packages/b", "vendored/node_modules/c"):
        (work / folder).mkdir(parents=True)
        (work / folder / "package.json").write_text("{}")
    (work / "packages" / "a" / "node_modules").mkdir()
    (work / "packages" / "a" / "node_modules" / "mine.js").write_text("1")
    (work / "linked").symlink_to("packages/a")
    steps = [
        {"run": ["mkdir", "node_modules", "packages/a/node_modules", "packages/b/node_modules"]},
        {"run": ["false"]},
    ]
    fits = {"types": ["dependency"], "files": ["package.json"]}
    (work / "package.json").write_text("{}")
    before = hash_tree(work)
    strategies = make_strategies(root, make_recipe(fits=fits, touches={"**/node_modules": "aside"}, steps=steps))
    plan = strategies.plan(make_classification(), make_context(work))
    assert [("node_modules", False), ("packages/a/node_modules", True), ("packages/b/node_modules", False)] == [
        (one.path, one.there) for one in plan.touches
    ]
    result = strategies.execute_recovery(make_classification(), make_context(work))
    assert ("failed", "step_failed", before) == (result.outcome, result.reason, hash_tree(work))


def test_too_many_projects_rule_a_recipe_out(work: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is touched."""
    monkeypatch.setattr("errclass.actions.recover.touched_paths._MOST", 1)
    for folder in (work, work / "packages"):
        (folder / "package.json").write_text("{}")
    fits = {"types": ["dependency"], "files": ["package.json"]}
    recipe = make_recipe(fits=fits, touches={"**/node_modules": "aside"})
    plan = make_strategies(root, recipe).plan(make_classification(), make_context(work))
    assert ["too_many_projects"] == [one.reason for one in plan.ruled_out]


def test_folders_that_a_tool_made_are_no_backup(work: Path, root: Path) -> None:
    """Only files that were replaced are the user's own."""
    recipe = make_recipe(touches={"packages": "copy"})
    result = make_strategies(root, recipe).execute_recovery(make_classification(), make_context(work))
    assert ("success", False) == (result.outcome, "backup" in result.details)


def test_go_builds_without_writing_a_program() -> None:
    """A folder with one main package would get one."""
    (recipe,) = (one for one in load_recipes() if one.name == "go_clean_build")
    assert [("go", "clean", "-cache"), ("go", "build", "-o", "/dev/null", "./...")] == [
        command.argv for command in recipe.commands
    ]
