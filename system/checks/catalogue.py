"""All checks, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..settings import Settings
from .breakers_check import check_breakers
from .channels_check import check_channels
from .check import Check
from .clock_check import check_clock
from .codegen_check import check_codegen
from .extras_check import check_extras
from .file_system_check import check_file_system
from .home_check import check_home
from .locks_check import check_locks
from .model_check import check_model
from .programs_check import check_programs
from .queue_check import check_queue
from .recoveries_check import check_recoveries
from .rules_check import check_rules
from .settings_check import check_settings
from .space_check import check_space
from .store_check import check_store
from .switches_check import check_switches
from .versions_check import check_versions


@dataclass(frozen=True, slots=True)
class Wish:
    """Say what is to be looked at, and how."""

    settings: Settings
    faults: tuple[str, ...] = ()
    """Why the settings could not be read; then they are the usual ones."""
    send: bool = False
    """Whether a test message is sent through each channel, and the agent asked whether it takes the key."""


@dataclass(frozen=True, slots=True)
class CheckKind:
    """Describe one check; its name is the first word of what it finds."""

    name: str
    group: str
    looks_at: str
    help: str
    """What to do where it finds something."""
    run: Callable[[Wish], Check | tuple[Check, ...]]


CATALOGUE = (
    CheckKind(
        "versions",
        "installation",
        "versions of errclass, Python, SQLite and the libraries; that none of those is missing",
        "install errclass again, in an environment of its own",
        lambda wish: check_versions(),
    ),
    CheckKind(
        "extras",
        "installation",
        "which extras are installed, and what each is for; never a fault",
        "`pip install 'errclass[NAME]'` adds one",
        lambda wish: check_extras(),
    ),
    CheckKind(
        "programs",
        "installation",
        "which programs of recovery recipes are found; broken recipes of your own",
        "mend the recipe that is named; a missing program only means that its recipes fit nowhere",
        lambda wish: check_programs(wish.settings),
    ),
    CheckKind(
        "settings",
        "settings",
        "that `config.toml` and the environment can be read; what a file of the working tree asked for in vain",
        "correct the key that is named; `errclass config show` tells every setting and where it comes from; "
        "`errclass config trust DIR` lets a working tree set anything",
        lambda wish: check_settings(wish.settings, wish.faults),
    ),
    CheckKind(
        "home",
        "settings",
        "that the home is a folder of yours that can be written and that only you may read; that `trust.json` is whole",
        "`chmod` and `chown` as said, or another `ERRCLASS_HOME`; a damaged `trust.json` is removed and made anew",
        lambda wish: check_home(wish.settings),
    ),
    CheckKind(
        "switches",
        "settings",
        "the kill switch, components that are switched off, and how far errclass goes by itself",
        "`ERRCLASS_ACT=on`, or the key `decision.kill_switch`, once what stopped it is over",
        lambda wish: check_switches(wish.settings),
    ),
    CheckKind(
        "model",
        "decisions",
        "that the model in use loads, is trusted, fits this version's types and library; its version and age",
        "`errclass models promote shipped` returns to the model that came with errclass; `errclass models drift` tells "
        "whether to train again",
        lambda wish: check_model(wish.settings),
    ),
    CheckKind(
        "rules",
        "decisions",
        "that the rules are whole; their revision and number; which engine decides, and why durable-rules does not "
        "where it is installed: on Python 3.13, above 250 rules, above 128 facts",
        "mend the file that is named, then `errclass rules check`; until then nothing is done automatically",
        lambda wish: check_rules(wish.settings),
    ),
    CheckKind(
        "store",
        "store",
        "that the store can be made, or takes a write that is read back and removed; damage, schema, size; that only "
        "you may read it; that a PostgreSQL server answers within 5 s",
        "make the place writable, free space, or name another in `ERRCLASS_STORE`; a damaged file is moved away, what "
        "waits in the inbox is kept",
        lambda wish: check_store(wish.settings),
    ),
    CheckKind(
        "queue",
        "store",
        "events that wait to be merged, and of those the oldest; notifications that wait or were given up; escalations "
        "that are open or overdue",
        "`errclass outcomes merge`, `errclass notifications send-due` and `resend`, `errclass escalations ack`",
        lambda wish: check_queue(wish.settings),
    ),
    CheckKind(
        "breakers",
        "store",
        "shared circuit breakers that refuse calls, and budgets of retries that are used up",
        "mend what the operation calls; both recover by themselves",
        lambda wish: check_breakers(wish.settings),
    ),
    CheckKind(
        "locks",
        "store",
        "who holds the history, the home and work folders (Linux only); no fault, for locks end with their process",
        "wait, or end the process that is named",
        lambda wish: check_locks(wish.settings),
    ),
    CheckKind(
        "recoveries",
        "actions",
        "recoveries and resets that were killed in the middle, or could not be put back whole",
        "the next recovery puts back what was interrupted; what could not be is in the folder that is named",
        lambda wish: check_recoveries(wish.settings),
    ),
    CheckKind(
        "channels",
        "actions",
        "that each channel of the settings can be made; with `--send-test` that a message is really sent and taken",
        "correct its options (docs/notifications.md), its key, or the network",
        lambda wish: check_channels(wish.settings, send=wish.send),
    ),
    CheckKind(
        "codegen",
        "actions",
        "that key and organisation of the agent are set; with `--send-test` that it takes them, which costs nothing",
        "correct `CODEGEN_API_KEY`, `CODEGEN_ORG_ID` or `CODEGEN_API_URL` (docs/codegen.md)",
        lambda wish: check_codegen(wish.settings, connect=wish.send),
    ),
    CheckKind(
        "file_system",
        "machine",
        "that home and store lie on no network file system (Linux only)",
        "a local folder, or a store in PostgreSQL, which many machines may share",
        lambda wish: check_file_system(wish.settings),
    ),
    CheckKind(
        "space",
        "machine",
        "free space and free inodes under home, store and temporary files: a warning below 1 GB, a problem below 50 MB "
        "or 1,000 inodes",
        "free some; `errclass outcomes prune` and `vacuum` make a store smaller",
        lambda wish: check_space(wish.settings),
    ),
    CheckKind(
        "clock",
        "machine",
        "that the clock is not behind the newest outcome, the newest file or this version of errclass, and was not "
        "moved while this looked; the time zone",
        "set the clock, by NTP or by hand",
        lambda wish: check_clock(wish.settings),
    ),
)
