"""Settings of the service."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ServeSettings(BaseModel):
    """What the service takes from whom; see ``docs/service.md``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hosts: tuple[str, ...] = ()
    """Names that requests may call the service by, beside localhost and addresses."""
    body_bytes: int = Field(default=2 << 20, ge=1024, le=64 << 20)
    """Longest body of a request, in bytes."""
    depth: int = Field(default=16, ge=4, le=100)
    """Most levels of its JSON."""
    rate: float = Field(default=50.0, gt=0, le=1_000_000)
    """Requests a second that one key, or one address without a key, may send over time."""
    burst: int = Field(default=200, ge=1, le=1_000_000)
    """Requests that it may send at once."""
    concurrent: int = Field(default=64, ge=1, le=10_000)
    """Requests that are answered at a time."""
    connections: int = Field(default=512, ge=1, le=100_000)
    """Connections that are open at a time; further ones are closed at once."""
    threads: int = Field(default=4, ge=1, le=64)
    """Threads that classify; as many use the store, and as many handle."""
    read_timeout: float = Field(default=10.0, gt=0, le=600)
    """Seconds for a request's head to come, and as many for its body."""
    request_timeout: float = Field(default=30.0, gt=0, le=3600)
    """Seconds for an answer."""
    stop_timeout: float = Field(default=10.0, gt=0, le=600)
    """Seconds that requests and messages have to end once the service is told to stop."""
