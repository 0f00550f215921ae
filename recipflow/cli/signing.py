"""Signing in to an account, whichever it is: what it found is told, checked, and written into config.toml."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from recipflow.cli.delivering import next_step, offer, tell_of_drafts
from recipflow.cli.options import asked_for_addresses, may_ask
from recipflow.cli.render import counted, paragraph, say
from recipflow.cli.talking import Terminal
from recipflow.errors import RecipflowError, UserError
from recipflow.foreign import harmless, name_line, one_line

if TYPE_CHECKING:
    from recipflow.connector import Proposed
    from recipflow.home import Home
    from recipflow.secrets.provisional import Provisional
    from recipflow.settings import Settings


def sign_in(provider: str, given: Mapping[str, Any], *, yes: bool) -> None:
    """Walk through signing in with what was given on the command line, and keep what comes of it.

    What is None was not given. With `explain` nothing is needed and nothing kept: it only tells.
    """
    from recipflow import config, secrets
    from recipflow.connector import load_sign_in
    from recipflow.home import find
    from recipflow.secrets.provisional import Provisional

    home, known = find(os.environ), {key: value for key, value in given.items() if value is not None}
    explaining = bool(known.get("explain"))
    if not explaining:
        must_be_set_up(home)
    settings = config.load(home.config)
    known |= _as_before(settings, provider, known, given.keys())
    asking = not explaining and may_ask(yes)
    talk = Terminal(asking=asking, browser=not known.pop("no_browser", False))
    name = known.pop("name", None)
    vaults = Provisional(lambda vault: secrets.vault(vault, home.tokens, settings.secrets))
    found = load_sign_in(provider)(talk, vaults, known)
    if found:
        with _all_or_nothing(home, vaults):
            _keep(home, settings, found, f"recipflow connect {provider}", name, asking=asking)


@contextmanager
def _all_or_nothing(home: Home, vaults: Provisional) -> Iterator[None]:
    """Where it does not come to its end, nothing is connected, and what was connected before is as it was."""
    from recipflow.files import write_whole

    before = home.config.read_bytes()
    try:
        yield
    except BaseException as stopped:
        stopped.add_note("Nothing was connected.")
        for undo in (partial(write_whole, home.config, before), vaults.put_back):
            try:
                undo()
            except (RecipflowError, OSError) as fault:
                stopped.add_note(str(fault))
        raise


def must_be_set_up(home: Home) -> None:
    """A UserError where there is no config.toml an account could be written into."""
    if not home.config.exists():
        raise UserError("Nothing is set up here yet: recipflow init")


def _as_before(
    settings: Settings, provider: str, given: Mapping[str, Any], options: Collection[str]
) -> dict[str, Any]:
    """What signing in anew keeps of the accounts of that address: what they may write, and what was answered.

    `before` is what stands in their tables, for what is asked anew; `known` what stands in the one of this provider's.
    """
    address = str(given.get("address") or "").lower()
    same = [one.settings for one in settings.accounts if address and one.settings.get("address") == address]
    before = {key: value for table in same for key, value in table.items()}
    kept: dict[str, Any] = {"before": before} if before else {}
    if mine := [
        one.settings for one in settings.accounts if one.connector == provider and one.settings in same
    ]:
        kept["known"] = mine[0]
    if "allow" in options:
        written = [what for table in same for what in table.get("allow", ())]
        kept["allow"] = [*dict.fromkeys([*given.get("allow", ()), *written])]
    if "mailbox" in options:
        shared = [table["mailbox"] for table in same if "mailbox" in table]
        kept["mailbox"] = [*dict.fromkeys([*given.get("mailbox", ()), *shared])]
    if "drafts" in options and "drafts" in before and "drafts" not in given:
        kept["drafts"] = before["drafts"]
    return kept


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
    home: Home,
    settings: Settings,
    found: Sequence[Proposed],
    command: str,
    wanted: str | None,
    *,
    asking: bool,
) -> None:
    from recipflow import config

    for one in found:
        if one.seen:
            say(paragraph(f"{name_line(one.name)}: {harmless(one.seen)}"))
        name = _enter(home, settings, one, command, wanted if len(found) == 1 else None)
        before, settings = settings, config.load(home.config)
        if asking:
            offer(home, before, name, one)
            settings = config.load(home.config)
        tell_of_drafts(settings, one)
    _know_me(home, config.load(home.config), found, asking=asking)
    _know_assistants(home, config.load(home.config), found, asking=asking)
    say(paragraph(f"Next: {next_step(settings, name, found)}"))


def _enter(home: Home, settings: Settings, one: Proposed, command: str, wanted: str | None) -> str:
    """Put an account into config.toml, or anew where it stands there; says its name."""
    from recipflow import config

    table = {"connector": one.connector, **({"vault": one.vault} if one.vault else {}), **one.settings}
    if known := _known_as(settings, one):
        _tell_of_lost_leave(settings, known, one, command)
        config.change_account(home.config, known, table)
        _go_on(home, known)
        anew = ": it is signed in anew" if one.vault else ""
        say(f"Connected already as {name_line(known)!r}{anew}.")
        return known
    name = free_name(settings, one.name, wanted)
    config.append(home.config, "accounts", {"name": name} | table)
    say(f"Connected as {name_line(name)!r}.")
    return name


def _go_on(home: Home, name: str) -> None:
    """What was in the way of an account that is signed in anew is over: it is not left alone any longer."""
    from recipflow.store import Store

    with Store(home.database) as store, store.transaction():
        for account in store.accounts.all():
            if account.name == name:
                store.accounts.clear_trouble(account.id)


def _tell_of_lost_leave(settings: Settings, name: str, one: Proposed, command: str) -> None:
    """What was allowed before, and was not asked for this time."""
    before = next(each.settings for each in settings.accounts if each.name == name).get("allow", ())
    address = one.settings.get("address")
    if lost := [what for what in before if what not in one.settings.get("allow", before)]:
        again = " ".join(f"--allow {what}" for what in lost)
        say(
            paragraph(
                f"So far it had leave to write, too ({', '.join(lost)}): not this time. To have that again: "
                f"{command} {address} {again}"
            )
        )


def _known_as(settings: Settings, one: Proposed) -> str:
    """The account this one is already: by its vault or its address, or where it has neither, by its settings."""
    address, vault = one.settings.get("address"), one.vault
    same = [
        each
        for each in settings.accounts
        if each.connector == one.connector
        and each.settings.get("mailbox") == one.settings.get("mailbox")
        and (
            (vault and each.vault == vault)
            or (address and each.settings.get("address") == address)
            or (not (vault or each.vault) and each.settings == dict(one.settings))
        )
    ]
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
        said = asked_for_addresses("Your addresses", (*known, *fresh))
        config.change(home.config, {"me.addresses": said})
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


def _know_assistants(home: Home, settings: Settings, found: Iterable[Proposed], *, asking: bool) -> None:
    """Ask whether what others send in the user's name is the user's. Unasked it is not, and they are named."""
    from recipflow import config
    from recipflow.people.addresses import looks_automatic

    mine, said = settings.me.addresses, settings.me.assistants
    writers = Counter[str]()
    for writer in (one for each in found for one in each.writers):
        if (
            writer.name_of in mine
            and writer.address not in (*mine, *said)
            and not looks_automatic(writer.address)
        ):
            writers[writer.address] += writer.messages
    answers: dict[str, bool] = {}
    for one, messages in writers.most_common():
        told = f"{one_line(one)} sent {counted(messages, 'mail')} in your name"
        if asking:
            answers[one] = typer.confirm(
                f"{told}, as an assistant does. Does that count as yours?", default=False
            )
        else:
            say(paragraph(f"{told}: that does not count as yours. If it should: assistants in config.toml"))
    if answers:
        config.change(home.config, {"me.assistants": {**said, **answers}})
