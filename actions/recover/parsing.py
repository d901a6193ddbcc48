"""Turn the plain values of one recipe file into a ``Recipe``, refusing whatever is not exactly a recipe."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from ...core.suggesting import join_names, show_value, suggest_name
from ...core.types import Autonomy, Effect
from .confinement import find_fault_of_form
from .forbidden import find_fault_of_command, find_fault_of_path
from .placeholders import PATHS, PATTERNS, holds_placeholder, read_placeholder
from .recipe import STEP_SECONDS, Command, FileCheck, FileCopy, Fit, How, Recipe, StaleFile, Touch
from .recipe_documents import NAME, Spot
from .touched_paths import EVERYWHERE

T = TypeVar("T")

_KEYS = (
    "title", "purpose", "fits", "touches", "outside", "steps", "check", "back", "cost", "effect", "autonomy", "environ",
)  # fmt: skip
_REQUIRED = ("title", "purpose", "fits", "steps", "check", "cost", "effect")
_FIT_KEYS = ("types", "tools", "known", "files", "absent", "broken", "stale", "commands", "root")
_COMMAND_KEYS = ("run", "timeout", "ok", "may_fail")
_LONGEST_SECONDS = 3600.0
_MUST: Mapping[str, Any] = {"exists": "exist", "absent": "be_absent", "parses": "parse"}


def parse_recipe(name: str, content: Mapping[str, Any], path: Path) -> Recipe:
    """Return the recipe that a file describes; raise ConfigError naming file, key and what to do."""
    spot = Spot(path)
    _check_keys(content, _KEYS, _REQUIRED, spot)
    steps = _parse_list(content["steps"], _parse_step, spot.at("steps"), least=0)
    touches = _parse_touches(content.get("touches", {}), spot.at("touches"))
    if not steps and not touches:
        spot.at("steps").refuse("the recipe does nothing; give it a step, or a path below 'touches'")
    _check_targets(steps, touches, spot.at("steps"))
    fits = _parse_fit(content["fits"], spot.at("fits"))
    _check_marker(touches, fits, spot.at("touches"))
    return Recipe(
        name=name,
        title=_parse_text(content["title"], spot.at("title")),
        purpose=_parse_name(content["purpose"], spot.at("purpose")),
        fits=fits,
        steps=steps,
        check=_parse_list(content["check"], _parse_check, spot.at("check")),
        cost=_parse_seconds(content["cost"], spot.at("cost")),
        effect=_parse_choice(content["effect"], get_args(Effect), spot.at("effect")),
        touches=touches,
        outside=_parse_list(content.get("outside", []), _parse_text, spot.at("outside"), least=0),
        back=_parse_list(content.get("back", []), _parse_command, spot.at("back"), least=0),
        autonomy=_parse_choice(content.get("autonomy", "auto"), get_args(Autonomy), spot.at("autonomy")),
        environ=_parse_list(content.get("environ", []), _parse_text, spot.at("environ"), least=0),
        file=path,
    )


def _check_keys(content: Mapping[str, Any], known: Collection[str], required: Collection[str], spot: Spot) -> None:
    for key in content:
        if key not in known:
            spot.at(key).refuse(f"unknown key{suggest_name(str(key), known, 1)}; known here are: {join_names(known)}")
    for key in required:
        if key not in content:
            spot.refuse(f"the key {key!r} is missing; add it")


def _parse_fit(content: Any, spot: Spot) -> Fit:
    fit = _expect_mapping(content, spot)
    _check_keys(fit, _FIT_KEYS, ("types",), spot)

    def words(key: str, least: int = 0) -> tuple[str, ...]:
        return _parse_list(fit.get(key, []), _parse_text, spot.at(key), least=least)

    def paths(key: str) -> tuple[str, ...]:
        return _parse_list(fit.get(key, []), _parse_path, spot.at(key), least=0)

    stale = _expect_mapping(fit.get("stale", {}), spot.at("stale"))
    return Fit(
        types=words("types", 1),
        tools=words("tools"),
        known=_parse_flag(fit.get("known", False), spot.at("known")),
        files=paths("files"),
        absent=paths("absent"),
        broken=paths("broken"),
        stale=tuple(_parse_stale(path, seconds, spot.at("stale", path)) for path, seconds in stale.items()),
        commands=words("commands"),
        root=_parse_flag(fit.get("root", False), spot.at("root")),
    )


def _parse_stale(path: Any, seconds: Any, spot: Spot) -> StaleFile:
    return StaleFile(_parse_path(path, spot), _parse_seconds(seconds, spot))


def _parse_touches(content: Any, spot: Spot) -> tuple[Touch, ...]:
    touches = _expect_mapping(content, spot)
    return tuple(_parse_touch(path, how, spot.at(str(path))) for path, how in touches.items())


def _parse_touch(path: Any, how: Any, spot: Spot) -> Touch:
    name = _parse_path(path, spot)
    fault = find_fault_of_path(name)
    if fault:
        spot.refuse(fault)
    return Touch(name, _parse_choice(how, get_args(How), spot))


def _parse_step(content: Any, spot: Spot) -> Command | FileCopy:
    step = _expect_mapping(content, spot)
    if "copy" not in step:
        return _parse_command(step, spot)
    _check_keys(step, ("copy", "to"), ("copy", "to"), spot)
    target = _parse_path(step["to"], spot.at("to"))
    fault = find_fault_of_path(target)
    if fault:
        spot.at("to").refuse(fault)
    return FileCopy(_parse_path(step["copy"], spot.at("copy")), target)


def _check_targets(steps: tuple[Command | FileCopy, ...], touches: tuple[Touch, ...], spot: Spot) -> None:
    safe = {touch.path for touch in touches}
    for index, step in enumerate(steps):
        if isinstance(step, FileCopy) and step.target not in safe:
            spot.at(index, "to").refuse(f"{step.target} is written without a backup; name it below 'touches'")


def _check_marker(touches: tuple[Touch, ...], fits: Fit, spot: Spot) -> None:
    everywhere = next((touch.path for touch in touches if touch.path.startswith(EVERYWHERE)), None)
    if everywhere and (not fits.files or "/" in fits.files[0] or read_placeholder(fits.files[0])):
        spot.at(everywhere).refuse("name first below 'fits.files' the file that makes a folder a project")


def _parse_check(content: Any, spot: Spot) -> Command | FileCheck:
    check = _expect_mapping(content, spot)
    found = next((word for word in _MUST if word in check), None)
    if found is None:
        return _parse_command(check, spot)
    _check_keys(check, (found,), (found,), spot)
    return FileCheck(_parse_path(check[found], spot.at(found)), _MUST[found])


def _parse_command(content: Any, spot: Spot) -> Command:
    command = _expect_mapping(content, spot)
    _check_keys(command, _COMMAND_KEYS, ("run",), spot)
    argv = _parse_list(command["run"], _parse_argument, spot.at("run"))
    if read_placeholder(argv[0]):
        spot.at("run", 0).refuse("the program itself is no placeholder; name it")
    fault = find_fault_of_command(argv) or _find_fault_of_program(argv[0])
    if fault:
        spot.at("run").refuse(fault)
    return Command(
        argv=argv,
        timeout=_parse_seconds(command.get("timeout", STEP_SECONDS), spot.at("timeout")),
        ok=_parse_list(command.get("ok", [0]), _parse_exit_code, spot.at("ok")),
        may_fail=_parse_flag(command.get("may_fail", False), spot.at("may_fail")),
    )


def _find_fault_of_program(program: str) -> str | None:
    if "/" not in program:
        return None
    if not program.startswith("./"):
        return f"{program} must be a bare name, found on the PATH, or start with './' in the work folder"
    return find_fault_of_form(program[2:])


def _parse_argument(value: Any, spot: Spot) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        spot.refuse(f"{value} is read as a number; put it in quotes")
    if not isinstance(value, str) or not value or "\0" in value:
        spot.refuse("must be a text; each argument stands alone, and no shell reads it")
    _check_placeholder(value, spot)
    return value


def _parse_path(value: Any, spot: Spot) -> str:
    text = _parse_text(value, spot)
    _check_placeholder(text, spot)
    name = read_placeholder(text)
    if name is not None and name not in PATHS:
        spot.refuse(f"{{{name}}} is no path; {join_names(PATHS)} are")
    fault = None if name else find_fault_of_form(text)
    if fault:
        spot.refuse(fault)
    return text


def _check_placeholder(text: str, spot: Spot) -> None:
    name = read_placeholder(text)
    if name is None and holds_placeholder(text):
        spot.refuse("a placeholder is a whole argument; let it stand alone")
    if name is not None and name not in PATTERNS:
        spot.refuse(f"unknown placeholder{suggest_name(name, PATTERNS, 1)}; known are: {join_names(PATTERNS)}")


def _parse_list(content: Any, parse: Callable[[Any, Spot], T], spot: Spot, *, least: int = 1) -> tuple[T, ...]:
    if not isinstance(content, list) or len(content) < least:
        spot.refuse(f"must be a list{' of at least one' if least else ''}, such as [a, b]")
    return tuple(parse(item, spot.at(index)) for index, item in enumerate(content))


def _parse_text(value: Any, spot: Spot) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        spot.refuse("must be one line of text (in quotes if it holds a colon or a brace)")
    return value.strip()


def _parse_name(value: Any, spot: Spot) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        spot.refuse("must be a name of lower-case letters, digits and underscores")
    return value


def _parse_choice(value: Any, choices: Collection[Any], spot: Spot) -> Any:
    if value not in choices:
        near = suggest_name(value, choices, 1) if isinstance(value, str) else ""
        spot.refuse(f"must be one of {join_names(choices)}, not {show_value(value)}{near}")
    return value


def _parse_flag(value: Any, spot: Spot) -> bool:
    if not isinstance(value, bool):
        spot.refuse(f"must be true or false, not {show_value(value)}")
    return value


def _parse_exit_code(value: Any, spot: Spot) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 255:
        spot.refuse(f"must be an exit code from 0 to 255, not {show_value(value)}")
    return value


def _parse_seconds(value: Any, spot: Spot) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= _LONGEST_SECONDS:
        spot.refuse(f"must be seconds, above 0 and at most {_LONGEST_SECONDS:g}, not {show_value(value)}")
    return float(value)


def _expect_mapping(content: Any, spot: Spot) -> dict[str, Any]:
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        spot.refuse(f"must be a mapping of names to values, not {show_value(content)}")
    return content
