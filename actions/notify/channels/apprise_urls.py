"""Everything that Apprise reaches: chats, phones, pagers, each by an address (extra ``notify``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ....core.errors import ConfigError, MissingExtraError
from ..channel import SENT, Delivered, Dispatch
from ..options import name_setting, parse_options
from ..rendering import make_page, render_plain, render_title


@dataclass(frozen=True, slots=True)
class AppriseOptions:
    """Say whom to tell, as addresses of Apprise such as ``discord://ID/TOKEN``."""

    urls: tuple[str, ...] = field(repr=False)


class AppriseChannel:
    """Send messages through Apprise, as plain text."""

    name = "apprise"
    pace = 1.0
    batches = True

    def __init__(self, options: AppriseOptions) -> None:
        try:
            from apprise import Apprise
        except ImportError as error:
            raise MissingExtraError("apprise", "notify") from error
        self._apprise = Apprise()
        for number, url in enumerate(options.urls, 1):
            if not self._apprise.add(url):
                raise ConfigError(
                    f"{name_setting(self.name, 'urls')}: number {number} is no address that Apprise knows"
                )
        if not options.urls:
            raise ConfigError(f"{name_setting(self.name, 'urls')}: at least one address is needed")

    @classmethod
    def from_settings(cls, values: Mapping[str, Any]) -> Self:
        """Return the channel of its settings."""
        return cls(parse_options(AppriseOptions, cls.name, values))

    def deliver(self, dispatch: Dispatch, timeout: float) -> Delivered:
        """Send once to all addresses; those that took it get it again when another did not.

        Apprise has timeouts of its own, which the addresses may name; what takes longer than ``timeout`` is left to
        itself by whoever calls.
        """
        from apprise import NotifyFormat

        page = make_page(dispatch)
        sent = self._apprise.notify(
            title=render_title(page), body=render_plain(page), body_format=NotifyFormat.TEXT, interpret_escapes=False
        )
        return SENT if sent else Delivered("again", "an address of Apprise did not take the message; its log says why")
