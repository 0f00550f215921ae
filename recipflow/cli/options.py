"""Options that several commands share, and the one place where instants are read and JSON is printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Annotated, TextIO

import typer

from recipflow.errors import UserError

Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        readable=False,  # what may not be read is set aside like all that cannot
        help="mbox files, Maildirs, folders of .eml, Thunderbird profiles, .ics",
    ),
]


@contextmanager
def named_as_given() -> Iterator[None]:
    """Paths that stand on the command line: what is wrong with one names it, and no key of config.toml."""
    try:
        yield
    except UserError as wrong:
        said = (one.removeprefix("files.paths: ") for one in wrong.problems)
        raise UserError([one.replace("files.thunderbird: ", "--thunderbird: ") for one in said]) from wrong


Ics = Annotated[
    list[Path] | None,
    typer.Option("--ics", metavar="FILE", readable=False, help="A calendar; may be given again."),
]
Me = Annotated[
    list[str] | None, typer.Option("--me", metavar="ADDR", help="An address of yours; may be given again.")
]
People = Annotated[
    Path | None, typer.Option("--people", metavar="FILE", help="JSON with what you say of your contacts.")
]
At = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="ISO", help="Stand at this instant and see nothing later: 2026-10-29T09:00+01:00."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="For scripts: JSON instead of sentences.")]
AsHtml = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write the page to this file, too.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")]
Person = Annotated[
    str, typer.Argument(metavar="PERSON", help="A name, an address, or a part of one that is unique.")
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="A piece of advice, as the digest names it.")]

# Between them every time zone, and every reckoning in days, finds its date.
_FIRST_YEAR, _LAST_YEAR = 1900, 9900


def may_ask(yes: bool) -> bool:
    """Whether to ask; a UserError where there is nobody to ask and --yes was not given."""
    if not yes and not sys.stdin.isatty():
        raise UserError("There is no keyboard here: add --yes to take what is given and guessed.")
    return not yes


def mine(addresses: Iterable[str] | None) -> tuple[str, ...]:
    """The user's addresses as the core knows addresses: lower case, nothing around, each once."""
    bare = dict.fromkeys(address for one in addresses or () if (address := one.strip().lower()))
    if wrong := next((one for one in bare if not all(one.partition("@"))), None):
        raise typer.BadParameter(f"{wrong!r} is no address like you@example.org.", param_hint="--me")
    return tuple(bare)


def asked_for_addresses(question: str, known: Iterable[str]) -> list[str]:
    """The user's addresses as they are typed, with spaces or commas between; asked for again when one is none."""

    def read(said: str) -> list[str]:
        return [*mine(said.replace(",", " ").split())]

    def checked(said: str) -> str:
        read(said)
        return said

    return read(typer.prompt(question, " ".join(known), value_proc=checked))


def instant(text: str | None, zone: tzinfo | None = None) -> datetime:
    """The instant `text` names, in UTC; now for None.

    Without an offset it is read in `zone`, the user's own; without that, as this computer's local time.
    """
    if text is None:
        return datetime.now(UTC)
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no date or time like 2026-10-29 or 2026-10-29T09:00.", param_hint="--at"
        ) from None
    if parsed.tzinfo is None and zone is not None:
        parsed = parsed.replace(tzinfo=zone)
    if not _FIRST_YEAR <= parsed.year <= _LAST_YEAR:
        raise typer.BadParameter(f"{text!r} is beyond the calendar.", param_hint="--at")
    return parsed.astimezone(UTC)


def print_json(value: object) -> None:
    """One JSON document, indented."""
    sys.stdout.write(json.dumps(value, default=_plain, indent=2) + "\n")


def print_json_lines(values: Iterable[object], to: TextIO | None = None) -> None:
    """One JSON object a line, written as they come, to standard output or an open file."""
    out = to or sys.stdout
    for value in values:
        out.write(json.dumps(value, default=_plain) + "\n")


def _plain(value: object) -> object:
    """Dates as ISO text, sets in order. All is ASCII in the end: no console or pipe can spoil it."""
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
