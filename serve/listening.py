"""The server: a socket, uvicorn on it, and an orderly end."""

from __future__ import annotations

import errno
import ipaddress
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager

from ..core.errors import MissingExtraError, UsageError
from ..system.settings import Settings
from .callers import CallerDesk
from .gate import Gate
from .hosts import HostList
from .key_ring import KeyRing
from .service import Service
from .thread_pools import ThreadPools, leave_looks

try:
    import uvicorn
except ImportError as error:
    raise MissingExtraError("uvicorn", "serve") from error

_log = logging.getLogger("errclass")
DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8377
_MAX_HEAD_BYTES = 32 << 10
_BACKLOG = 512
_LAST_SECONDS = 5.0
"""In which the last is merged, beside the time that messages have."""


class _Server(uvicorn.Server):
    """A server for which to be told to stop is no failure."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def run_server(settings: Settings, host: str, port: int, *, tell: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are answered first.

    What does not end in time, such as a write to a store that is locked, is cut off, and the process ends with 1.
    ``port`` 0 takes any that is free, and ``tell`` is handed the address. Raises UsageError for an address that cannot
    be had, and for one that others reach while there is no key.
    """
    with closing(_open_socket(host, port)) as listener:
        ring, local = KeyRing(settings.home), _is_local(listener)
        if not local and not any(key.revoked is None for key in ring.list_keys()):
            raise UsageError(
                f"{host} can be reached by others, and there is no key; make one with: "
                "errclass serve keys create NAME --scope SCOPE"
            )
        desk, hosts = CallerDesk(ring, keyless=local), HostList((host, *settings.serve.hosts))
        with ExitStack() as stack:
            server = _make_server(settings, stack.enter_context(open_gate(settings, desk, hosts)))
            tell(_name_address(listener))
            server.run(sockets=[listener])
            with _ending_within(settings.serve.stop_timeout + _LAST_SECONDS):
                stack.close()
    leave_looks(_LAST_SECONDS)


@contextmanager
def _ending_within(seconds: float) -> Iterator[None]:
    """End the process where the block does not: threads that wait for a store cannot be ended."""
    timer = threading.Timer(seconds, _cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut_off() -> None:
    _log.error("errclass.cut_off: the store or a message took too long; all that was acknowledged is stored")
    os._exit(1)


@contextmanager
def open_gate(settings: Settings, desk: CallerDesk, hosts: HostList) -> Iterator[Gate]:
    """Hold the whole service, as an ASGI application; raise MissingExtraError where FastAPI is not installed."""
    try:
        from .api.application import make_application
        from .dashboard.application import open_dashboard
    except ImportError as error:
        raise MissingExtraError("fastapi", "serve") from error
    from .metrics import ServiceMetrics

    pools, metrics = ThreadPools.of_size(settings.serve.threads), ServiceMetrics()
    with Service(settings, metrics.meter) as service:
        metrics.watch(settings, service.get_parts)
        try:
            dashboard = open_dashboard(service, pools, desk)
            inner = make_application(service, pools, metrics)
            yield Gate(inner, desk, hosts, settings.serve, dashboard, meter=metrics.meter)
        finally:
            pools.stop()
            metrics.stop()


def _make_server(settings: Settings, gate: Gate) -> _Server:
    from .patient_protocol import PatientProtocol

    limits = settings.serve
    patient = type(
        "PatientServerProtocol", (PatientProtocol,), {"seconds": limits.read_timeout, "most": limits.connections}
    )
    config = uvicorn.Config(
        gate,
        http=patient,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="error",
        server_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=max(1, round(limits.stop_timeout)),
        h11_max_incomplete_event_size=_MAX_HEAD_BYTES,
    )
    return _Server(config)


def _open_socket(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError) as error:
        raise UsageError(f"--host {host}: this is no address of this machine ({error})") from error
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Of the connections that it accepts too: a client that keeps its connection would wait 40 ms for each answer.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise UsageError(_explain(error, host, port)) from error
    return listener


def _explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"--port {port}: another program listens there; choose another one, or 0 for any that is free"
    if error.errno == errno.EACCES:
        return f"--port {port}: only root may listen there; choose one from 1024 on"
    return f"--host {host}: cannot listen there ({error.strerror}); choose an address of this machine"


def _is_local(listener: socket.socket) -> bool:
    return ipaddress.ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback


def _name_address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
