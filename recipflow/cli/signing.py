"""Signing in to an account, whichever it is: what it found is told, checked, and written into config.toml."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from recipflow.cli.delivering import offer
from recipflow.cli.options import may_ask, mine
from recipflow.cli.render import paragraph, say
from recipflow.cli.talking import Terminal
from recipflow.errors import UserError
from recipflow.foreign import harmless, name_line, one_line

if TYPE_CHECKING:
    from recipflow.connector import Proposed
    from recipflow.home import Home
    from recipflow.settings import Settings


def sign_in(provider: str, given: Mapping[str, Any], *, yes: bool) -> None:
    """Walk through signing in with what was given on the command line, and keep what comes of it.

    What is None was not given. With `explain` nothing is needed and nothing kept: it only tells.
    """
    from recipflow import config, secrets
    from recipflow.connector import load_sign_in
    from recipflow.home import find

    home, known = find(os.environ), {key: value for key, value in given.items() if value is not None}
    explaining = bool(known.get("explain"))
    if not home.config.exists() and not explaining:
        raise UserError("Nothing is set up here yet: recipflow init")
    settings = config.load(home.config)
    asking = not explaining and may_ask(yes)
    talk = Terminal(asking=asking, browser=not known.pop("no_browser", False))
    name = known.pop("name", None)
    found = load_sign_in(provider)(
        talk, lambda vault: secrets.vault(vault, home.tokens, settings.secrets), known
    )
    if found:
        _keep(home, settings, found, name, asking=asking)


def free_name(settings: Settings, base: str, wanted: str | None = None) -> str:
    """The name wanted, or one made of `base`, that no other account has."""
    taken = {one.name for one in settings.accounts}
    if wanted:
        if wanted in taken:
            raise UserError(f"There is an account {name_line(wanted)!r} already.")
        return wanted
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(name for name in numbered if name not in taken)


def _keep(
    home: Home, settings: Settings, found: Sequence[Proposed], wanted: str | None, *, asking: bool
) -> None:
    from recipflow import config

    for one in found:
        if one.seen:
            say(paragraph(f"{name_line(one.name)}: {harmless(one.seen)}"))
        table = {"connector": one.connector, **({"vault": one.vault} if one.vault else {}), **one.settings}
        if name := _known_as(settings, one):
            config.change_account(home.config, name, table)
            say(f"Connected already as {name_line(name)!r}: it is signed in anew.")
        else:
            name = free_name(settings, one.name, wanted if len(found) == 1 else None)
            config.append(home.config, "accounts", {"name": name} | table)
            say(f"Connected as {name_line(name)!r}.")
        settings = config.load(home.config)
        if asking:
            offer(home, settings, name, one)
    _know_me(home, config.load(home.config), found, asking=asking)
    say("Next: recipflow sync")


def _known_as(settings: Settings, one: Proposed) -> str:
    """The account this one is already: by its vault, or where it has no secrets, by its settings."""
    same = [each for each in settings.accounts if each.connector == one.connector and each.vault == one.vault]
    if not one.vault:
        same = [each for each in same if each.settings == dict(one.settings)]
    return next((each.name for each in same if each.name == one.name), same[0].name if same else "")


def _know_me(home: Home, settings: Settings, found: Iterable[Proposed], *, asking: bool) -> None:
    """Ask which of the addresses found are the user's. Unasked, only the one signed in with is taken: an alias may be
    a mailbox that several people share."""
    from recipflow import config

    known = settings.me.addresses
    fresh = [one for one in dict.fromkeys(a.lower() for each in found for a in each.mine) if one not in known]
    first = [each.mine[0].lower() for each in found if each.mine]
    if asking and fresh:
        say("Mail of yours is sent from these addresses. Leave out what others write from, too:")
        said = typer.prompt("Your addresses", " ".join((*known, *fresh)))
        config.change(home.config, {"me.addresses": [*mine(said.replace(",", " ").split())]})
        return
    taken = [one for one in fresh if one in first]
    if taken:
        config.change(home.config, {"me.addresses": [*known, *taken]})
        say(f"Yours: {', '.join(map(one_line, taken))}")
    if left := [one for one in fresh if one not in taken]:
        say(
            paragraph(
                f"Perhaps yours, too: {', '.join(map(one_line, left))}. If so: recipflow init --me {one_line(left[0])}"
            )
        )
