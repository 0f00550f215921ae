"""After connecting: whether what was connected shall deliver the digest and the reminders, asked once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import typer

from recipflow.cli.render import paragraph, say
from recipflow.foreign import name_line

if TYPE_CHECKING:
    from recipflow.connector import Proposed
    from recipflow.home import Home
    from recipflow.settings import Settings


def offer(home: Home, before: Settings, name: str, one: Proposed) -> None:
    """Ask about the digest where this account may send it and none does yet; likewise about reminders.

    With the first digest go the two questions that belong to it: quotes, and notices on the desktop, about which it is
    asked as well where drafts may be looked at for the first time. `before`: the settings without this account.
    """
    from recipflow import config

    allowed, changes = one.settings.get("allow", ()), dict[str, Any]()
    if (one.connector == "smtp" or "digest" in allowed) and not before.digest.via:
        changes |= _digest(before, name)
    drafts = bool(one.settings.get("drafts")) and not before.digest.via
    if (changes or drafts) and not (before.notices.enabled or _drafts_watched(before)):
        changes["notices.enabled"] = _notices(drafts=drafts)
    reminds = "reminders" in allowed and not before.reminders.via
    if reminds and typer.confirm(
        f"Put reminders into a calendar of their own by {name_line(name)!r}?", default=True
    ):
        changes["reminders.via"] = name
    if changes:
        config.change(home.config, changes)


def tell_of_drafts(settings: Settings, one: Proposed) -> None:
    """Drafts are looked at for notices alone: where those are off, that is said, and how they are put on."""
    if one.settings.get("drafts") and not settings.notices.enabled:
        say(
            paragraph(
                "Your drafts are looked at once notices are on: enabled = true below [notices] in config.toml"
            )
        )


def next_step(settings: Settings, name: str, found: Iterable[Proposed]) -> str:
    """What to do once these are connected, the last one under that name: by a server that only sends, nothing is read."""
    if any(one.connector != "smtp" for one in found):
        return "recipflow sync"
    if settings.digest.via == name:
        return "recipflow digest"
    return f"via = {json.dumps(name)} below [digest] in config.toml, and then: recipflow digest"


def _drafts_watched(before: Settings) -> bool:
    return any(account.settings.get("drafts") for account in before.accounts)


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
    return {"digest.via": name, "digest.detail": "quotes" if quotes else "names"}


def _notices(*, drafts: bool) -> bool:
    from recipflow import notices

    what = "an ask in a draft that is too much" if drafts else "an account that stopped"
    wanted = typer.confirm(f"Tell you on the desktop what cannot wait, like {what}?", default=False)
    if wanted and not notices.available():
        say(notices.LACKING)
        say(f"    {notices.how_to_install()}")
    return wanted
