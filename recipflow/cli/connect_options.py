"""The options of `recipflow connect`, each by the name under which a sign-in is given it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Address = Annotated[
    str | None, typer.Argument(metavar="[ADDRESS]", help="The address of the mailbox; asked for if missing.")
]
Host = Annotated[str | None, typer.Option("--host", help="The server. Default: found by the address.")]
Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Its port.")]
User = Annotated[str | None, typer.Option("--user", help="The name to sign in with. Default: the address.")]
Security = Annotated[
    Literal["tls", "starttls", "plain"] | None,
    typer.Option("--security", help="How it is encrypted; plain only on this computer, or if you insist."),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        help="Its first line is the password; - for standard input. Or set RECIPFLOW_PASSWORD.",
    ),
]
TokenCommand = Annotated[
    str | None,
    typer.Option(
        "--token-command",
        metavar="COMMAND",
        help="A program that prints an OAuth token, instead of a password.",
    ),
]
SinceDays = Annotated[
    int | None,
    typer.Option("--since-days", min=1, max=36_500, help="How far back to read at first. Default: a year."),
]
Drafts = Annotated[
    bool | None,
    typer.Option(
        "--drafts/--no-drafts", help="Whether drafts may be looked at, for a word before an ask goes out."
    ),
]
Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="WHAT",
        help="What it may write: digest (mail to yourself) or reminders (events). Default: nothing.",
    ),
]
Explain = Annotated[bool, typer.Option("--explain", help="Tell step by step what to prepare; do nothing.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Show the address of the page; open nothing.")]

Client = Annotated[
    Path | None,
    typer.Option("--client", metavar="FILE", help="The JSON of your own Desktop client, from Google."),
]

ClientId = Annotated[
    str | None, typer.Option("--client-id", metavar="ID", help="Your own application, from Entra.")
]
Tenant = Annotated[
    str | None, typer.Option("--tenant", help="Your organisation's, if it insists on its own.")
]
DeviceCode = Annotated[bool, typer.Option("--device-code", help="Sign in with a code, on any other device.")]
SharedMailbox = Annotated[
    list[str] | None,
    typer.Option("--mailbox", metavar="ADDRESS", help="A shared mailbox that is to be read, too."),
]
LoginUrl = Annotated[
    str | None, typer.Option("--login-url", metavar="URL", help="Where to sign in, in a national cloud.")
]
GraphUrl = Annotated[
    str | None, typer.Option("--graph-url", metavar="URL", help="Where Microsoft Graph is, likewise.")
]

CalendarServer = Annotated[
    str | None,
    typer.Argument(metavar="[URL|ADDRESS]", help="The server, or an address by which it is found."),
]
CalendarPlace = Annotated[
    str | None,
    typer.Argument(metavar="[URL|FILE]", help="Its address. A secret one is better typed when asked."),
]
