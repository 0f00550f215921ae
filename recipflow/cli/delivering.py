"""After connecting: whether what was connected shall deliver the digest and the reminders, asked once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from recipflow.cli.render import paragraph, say
from recipflow.foreign import name_line

if TYPE_CHECKING:
    from recipflow.connector import Proposed
    from recipflow.home import Home
    from recipflow.settings import Settings


def offer(home: Home, settings: Settings, name: str, one: Proposed) -> None:
    """Ask about the digest where this account may send it and none does yet; likewise about reminders.

    With the first digest go the two questions that belong to it: quotes, and notices on the desktop.
    """
    from recipflow import config

    allowed = one.settings.get("allow", ())
    changes: dict[str, Any] = {}
    if (one.connector == "smtp" or "digest" in allowed) and not settings.digest.via:
        changes |= _digest(settings, name)
    reminds = "reminders" in allowed and not settings.reminders.via
    if reminds and typer.confirm(
        f"Put reminders into a calendar of their own by {name_line(name)!r}?", default=True
    ):
        changes["reminders.via"] = name
    if changes:
        config.change(home.config, changes)


def _digest(settings: Settings, name: str) -> dict[str, Any]:
    hour = settings.digest.hour
    if not typer.confirm(
        f"Mail yourself a digest each morning at {hour}:00, by {name_line(name)!r}?", default=True
    ):
        return {}
    say(
        paragraph(
            "It can quote the sentence each thing stands on. Where an employer runs your mailbox, others may read it."
        )
    )
    quotes = typer.confirm("Quote other people's sentences in it?", default=False)
    told = typer.confirm(
        "Tell you on the desktop what cannot wait, like an account that stopped?", default=False
    )
    return {
        "digest.via": name,
        "digest.detail": "quotes" if quotes else "names",
        "notices.enabled": told,
    }
