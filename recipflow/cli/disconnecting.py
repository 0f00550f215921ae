"""`recipflow disconnect`: an account is read no more; its permission is taken back and its secrets are removed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from recipflow.cli.options import Yes, may_ask
from recipflow.cli.render import paragraph, say
from recipflow.errors import RecipflowError, UserError
from recipflow.foreign import name_line, one_line

if TYPE_CHECKING:
    from recipflow.home import Home
    from recipflow.settings import AccountTable, Settings

Account = Annotated[str, typer.Argument(metavar="NAME", help="The account, as config.toml names it.")]


def disconnect(name: Account, yes: Yes = False) -> None:
    """Read an account no more: its permission is taken back where that can be done, its secrets are removed.

    What was read from it stays, and so does all you said.
    """
    from recipflow import config
    from recipflow.home import find

    home = find(os.environ)
    settings = config.load(home.config)
    table = _named(settings, name)
    asking, ways = may_ask(yes), _ways_out(settings, table.name)
    if ways:
        say(paragraph(_lost(ways)))
    if asking and not typer.confirm(f"Disconnect {name_line(table.name)!r}?", default=True):
        return
    config.change(home.config, dict.fromkeys(ways, ""))
    if table.vault:
        _close(home, settings, table)
    config.change_account(home.config, table.name, None)
    say(
        paragraph(
            f"{name_line(table.name)} is disconnected. What was read stays: recipflow forget PERSON removes "
            f"what is known of somebody; all of it lies in {home.database}."
        )
    )


def _ways_out(settings: Settings, name: str) -> list[str]:
    """The keys of what goes out by this account."""
    ways = {"digest.via": settings.digest.via, "reminders.via": settings.reminders.via}
    return [key for key, via in ways.items() if via == name]


def _lost(ways: list[str]) -> str:
    said = {
        "digest.via": "The digest goes out by this account: no other takes its place, until you name one as digest.via.",
        "reminders.via": "Reminders are kept by this account. Those that are there stay; recipflow calendar clean removes "
        "them, as long as it is connected.",
    }
    return " ".join(said[key] for key in ways)


def _named(settings: Settings, name: str) -> AccountTable:
    for table in settings.accounts:
        if table.name == name:
            return table
    there = ", ".join(name_line(table.name) for table in settings.accounts) or "none"
    raise UserError(f"There is no account {name_line(name)!r}. Connected: {there}.")


def _close(home: Home, settings: Settings, table: AccountTable) -> None:
    """Take back the permission and remove the secrets, unless another account goes on using them."""
    from recipflow import secrets

    sharing = [one.name for one in settings.accounts if one.vault == table.vault and one is not table]
    if sharing:
        say(f"Its secrets stay: {', '.join(map(name_line, sharing))} uses them, too.")
        return
    try:
        if _revoked(home, settings, table):
            say("The permission was taken back at the provider.")
    except RecipflowError as fault:
        say(paragraph(f"The permission could not be taken back at the provider: {one_line(str(fault))}"))
    secrets.empty(table.vault, home.tokens, settings.secrets)
    say("Its secrets are removed from this computer.")


def _revoked(home: Home, settings: Settings, table: AccountTable) -> bool:
    from recipflow import secrets
    from recipflow.connector import Revoking, load

    account = load(table.connector)(table.settings, secrets.vault(table.vault, home.tokens, settings.secrets))
    if not isinstance(account, Revoking):
        return False
    account.revoke()
    return True
