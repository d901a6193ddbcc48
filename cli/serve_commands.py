"""``errclass serve``: the HTTP service and its keys."""

from __future__ import annotations

import logging
import sys

import click

from ..core.escaping import escape_terminal
from .options import format_option, read_settings
from .output import print_json, print_table

_SCOPES = ("classify", "handle", "label", "metrics", "read", "record")


@click.group(name="serve", invoke_without_command=True)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; others than this machine's own need a key.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8377, show_default=True, help="0: any that is free.")
@click.option("--quiet", is_flag=True, help="Log faults only, not every request; logging.debug counts over it.")
@click.pass_context
def serve_group(context: click.Context, host: str, port: int, quiet: bool) -> None:
    """Answer over HTTP: classify, decide, handle, outcomes, labels, reports, alerts, metrics, health.

    At / is a dashboard for people.

    Ends in order on SIGTERM. Without any key it only answers questions, and only to this machine.

    \b
    Examples:
      errclass serve
      errclass serve keys create ci --scope classify --scope record
      errclass serve --host 0.0.0.0 --port 8377
    """
    if context.invoked_subcommand is not None:
        return
    from ..serve.listening import run_server

    settings = read_settings()
    level = logging.WARNING if quiet else logging.INFO
    _log_to_standard_error(logging.DEBUG if settings.logging.debug else level)
    run_server(settings, host, port, tell=lambda address: click.echo(f"errclass: serving on {address}", err=True))


@serve_group.command(name="grafana")
def grafana_command() -> None:
    """Print a dashboard for Grafana that shows the metrics of the service; import it there as a file.

    \b
    Example:
      errclass serve grafana > errclass.json
    """
    from ..serve.grafana_file import read_dashboard

    click.echo(read_dashboard(), nl=False)


@serve_group.group(name="keys")
def keys_group() -> None:
    """Make, list and revoke keys for the service.

    \b
    Example:
      errclass serve keys list
    """


@keys_group.command(name="create")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(_SCOPES), help="What it may be used for."
)
def create_command(name: str, scopes: tuple[str, ...]) -> None:
    """Make the key NAME and print it; it cannot be shown again.

    \b
    Example:
      errclass serve keys create ci --scope classify --scope record
    """
    from ..serve.key_ring import KeyRing

    key, text = KeyRing(read_settings().home).create_key(name, scopes)
    click.echo(f"errclass: key {key.id}; keep it, it is shown only once", err=True)
    click.echo(text)


@keys_group.command(name="list")
@format_option
def list_command(form: str) -> None:
    """List the keys, without what they are.

    \b
    Example:
      errclass serve keys list --format json
    """
    from ..serve.key_ring import KeyRing

    columns = ("id", "name", "scopes", "created", "revoked")
    rows = [{name: getattr(key, name) for name in columns} for key in KeyRing(read_settings().home).list_keys()]
    if form == "json":
        print_json({"keys": rows})
    else:
        print_table("", columns, ([_plain(row[name]) for name in columns] for row in rows))


@keys_group.command(name="revoke")
@click.argument("key")
def revoke_command(key: str) -> None:
    """Revoke KEY, a name or an id; a running service refuses it from now on.

    \b
    Example:
      errclass serve keys revoke ci
    """
    from ..serve.key_ring import KeyRing

    revoked = KeyRing(read_settings().home).revoke_key(key)
    click.echo(escape_terminal(f"revoked: {revoked.name} ({revoked.id})"))


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "strftime") else value


def _log_to_standard_error(level: int) -> None:
    """Write the service's events to standard error, a line each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("errclass")
    log.addHandler(handler)
    log.setLevel(level)
