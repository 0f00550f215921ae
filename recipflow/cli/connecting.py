"""`recipflow connect`: the accounts that mail and calendars are read from, each checked before it is named."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from recipflow.cli.connect_files import Name, files
from recipflow.cli.connect_options import (
    Address,
    Allow,
    CalendarPlace,
    CalendarServer,
    Client,
    ClientId,
    DeviceCode,
    Drafts,
    Explain,
    GraphUrl,
    Host,
    LoginUrl,
    NoBrowser,
    PasswordFile,
    Port,
    Security,
    SharedMailbox,
    SinceDays,
    Tenant,
    TokenCommand,
    User,
)
from recipflow.cli.options import Yes
from recipflow.cli.render import paragraph, say
from recipflow.cli.signing import must_be_set_up, sign_in
from recipflow.home import find

connect = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


@connect.callback()
def _connect(context: typer.Context) -> None:
    """Name the accounts your mail and calendars are read from. They are only ever read.

    Without a command it offers the ways there are, the easiest first.
    """
    if context.invoked_subcommand:
        return
    if not sys.stdin.isatty():
        say(context.get_help())
        return
    must_be_set_up(find(os.environ))
    _offer()


def _offer() -> None:
    say("Where are your mail and your calendars?")
    for number, (words, _) in enumerate(_WAYS, 1):
        say(paragraph(f"{number}  {words}"))
    choice = 0
    while not 1 <= choice <= len(_WAYS):
        choice = typer.prompt(f"Your choice (1 to {len(_WAYS)})", 1, type=int)
    _WAYS[choice - 1][1]()


def _ask_for_files() -> None:
    said = typer.prompt("A file or folder (empty: your Thunderbird mail)", "", show_default=False).strip()
    files([Path(said)] if said else None, thunderbird=not said)


connect.command("files", epilog="Example: recipflow connect files ~/Mail calendar.ics --yes")(files)


@connect.command("imap", epilog="Example: recipflow connect imap ann@example.org")
def imap(
    address: Address = None,
    host: Host = None,
    port: Port = None,
    user: User = None,
    security: Security = None,
    password_file: PasswordFile = None,
    token_command: TokenCommand = None,
    since_days: SinceDays = None,
    drafts: Drafts = None,
    name: Name = None,
    yes: Yes = False,
) -> None:
    """A mailbox by IMAP, with a password or an app password. Nothing in it is changed, not even what is unread.

    The server is found by the address, and tried. Gmail, iCloud, Yahoo and Fastmail want an app password.
    """
    _sign_in("imap", locals())


@connect.command("smtp", epilog="Example: recipflow connect smtp ann@example.org")
def smtp(
    address: Address = None,
    host: Host = None,
    port: Port = None,
    user: User = None,
    security: Security = None,
    password_file: PasswordFile = None,
    token_command: TokenCommand = None,
    name: Name = None,
    yes: Yes = False,
) -> None:
    """A server for the digest to go out by: from you to you, and to nobody else."""
    _sign_in("smtp", locals())


@connect.command("gmail", epilog="Example: recipflow connect gmail --explain")
def gmail(
    address: Address = None,
    client: Client = None,
    explain: Explain = False,
    no_browser: NoBrowser = False,
    since_days: SinceDays = None,
    drafts: Drafts = None,
    allow: Allow = None,
    name: Name = None,
    yes: Yes = False,
) -> None:
    """Gmail and Google Calendar, by Google's own sign-in."""
    _sign_in("gmail", locals())


@connect.command("outlook", epilog="Example: recipflow connect outlook ann@example.org")
def outlook(
    address: Address = None,
    client_id: ClientId = None,
    tenant: Tenant = None,
    device_code: DeviceCode = False,
    mailbox: SharedMailbox = None,
    login_url: LoginUrl = None,
    graph_url: GraphUrl = None,
    explain: Explain = False,
    no_browser: NoBrowser = False,
    since_days: SinceDays = None,
    drafts: Drafts = None,
    allow: Allow = None,
    name: Name = None,
    yes: Yes = False,
) -> None:
    """Outlook, Hotmail or Microsoft 365: mail and calendar, by Microsoft's own sign-in."""
    _sign_in("outlook", locals())


@connect.command("caldav", epilog="Example: recipflow connect caldav ann@example.org")
def caldav(
    place: CalendarServer = None,
    user: User = None,
    password_file: PasswordFile = None,
    allow: Allow = None,
    name: Name = None,
    yes: Yes = False,
) -> None:
    """A calendar by CalDAV, with a password or an app password."""
    _sign_in("caldav", locals())


@connect.command("ics", epilog="Example: recipflow connect ics")
def ics(
    place: CalendarPlace = None,
    name: Name = None,
    yes: Yes = False,
) -> None:
    """A calendar by its published or secret address in iCal format, or a file that another program keeps up to date."""
    _sign_in("ics", locals())


_WAYS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("Mail on this computer: Thunderbird, mbox, Maildir, .eml, .ics. Nothing to sign in to.", _ask_for_files),
    ("A mailbox with a password or app password: Gmail, iCloud, Fastmail, Yahoo, your own server.", imap),
    ("A calendar that has an address (ICS). Nothing to sign in to.", ics),
    ("A calendar with a password or app password (CalDAV).", caldav),
    ("Outlook, Hotmail or Microsoft 365: mail and calendar, signing in at Microsoft.", outlook),
    ("Gmail and Google Calendar, signing in at Google; takes a quarter of an hour to prepare.", gmail),
)
"""What is offered, the easiest first, with what does it."""


def _sign_in(provider: str, given: dict[str, object]) -> None:
    """By the sign-in of that name, with the options as they are called; a password comes as `password`."""
    from recipflow.cli.talking import password

    yes = bool(given.pop("yes"))
    if "password_file" in given:
        file = given.pop("password_file")
        given["password"] = password(file if isinstance(file, Path) else None)
    sign_in(provider, given, yes=yes)
