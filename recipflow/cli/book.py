"""Commands on the book of contacts itself: who is one person, who is forgotten, and all of it written out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, TextIO

import typer

from recipflow.cli.options import Person, Yes
from recipflow.cli.render import counted, paragraph, say
from recipflow.cli.speaking import speaking
from recipflow.errors import UserError
from recipflow.foreign import name_line

Other = Annotated[
    str, typer.Argument(metavar="OTHER", help="The other one: likewise, or an address seen in your mail.")
]


def merge(person: Person, other: Other) -> None:
    """Two contacts are one person: one ledger from now on, as if it had been one from the start.

    The first one's main address stays the main one. What you were shown, snoozed or dismissed of either stays so.
    """
    from recipflow.explain import lookup
    from recipflow.explain.telling import Said, tell
    from recipflow.session.joining import lives_of_both
    from recipflow.store import Verb

    with speaking() as (session, moment):
        one, two = lookup.person(session, person), lookup.anybody(session, other)
        if one.id == two.id:
            raise UserError(f"{name_line(one.id)} and {name_line(other)} are one person already.")
        said = Said(Verb.MERGE, one.id, {"addresses": list(two.addresses)})
        lives = lives_of_both(session, one, two, moment)
        tell(session.store, said, moment, lives=lives, touched=(*one.addresses, *two.addresses))
        addresses = ", ".join(map(name_line, (*one.addresses, *two.addresses)))
        say(paragraph(f"{lookup.called(one)} is one person: {addresses}. Take it back: recipflow undo"))


def split(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The address that is somebody else's.")],
) -> None:
    """An address is somebody else's: it gets a ledger of its own, and the other one is as if it had never had it.

    What you were shown, snoozed or dismissed stays so with whomever it is about now.
    """
    from recipflow.explain import lookup
    from recipflow.explain.telling import Said, tell
    from recipflow.session.joining import lives_of_each
    from recipflow.store import Verb

    with speaking() as (session, moment):
        bare = address.strip().lower()
        owner = next((one for one in lookup.contacts(session) if bare in one.addresses), None)
        if owner is None:
            raise UserError(
                f"No contact has the address {name_line(address)}: recipflow contacts lists them."
            )
        if len(owner.addresses) == 1:
            raise UserError(f"{lookup.called(owner)} has no other address.")
        lives = lives_of_each(session, owner, bare, moment)
        tell(session.store, Said(Verb.SPLIT, bare), moment, lives=lives, touched=owner.addresses)
        say(paragraph(f"{name_line(bare)} is somebody of its own now. Take it back: recipflow undo"))


def forget(person: Person, yes: Yes = False) -> None:
    """Erase all about a person, and read nothing of them ever again.

    Their mails go, their name in others' mails is blotted out, your words on them go, here and in config.toml, and copies
    kept from before migrations. What stays is a salted hash of each address, so that the next sync skips them.
    This cannot be taken back.
    """
    from recipflow.explain import lookup
    from recipflow.home import find
    from recipflow.session import Session, now
    from recipflow.session.forgetting import forget as erase

    with Session.open(find(os.environ)) as session:
        contact = lookup.anybody(session, person)
        who = lookup.called(contact)
        if not yes:
            _confirm(f"Erase everything about {who} <{', '.join(contact.addresses)}>, for good?")
        erased = erase(session, contact.addresses, now())
    say(
        paragraph(
            f"Gone: {counted(erased.interactions, 'message or meeting', 'messages and meetings')}; "
            f"blotted out in {counted(erased.blotted, 'other')}."
        )
    )


def export(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Into this new file, for your eyes only.")
    ] = None,
    all_: Annotated[
        bool,
        typer.Option("--all", help="All that another computer needs to go on: recipflow import takes it in."),
    ] = False,
) -> None:
    """Write out every fact, one JSON object a line: what was observed, and what you said."""
    from recipflow import moving
    from recipflow.cli.options import print_json_lines
    from recipflow.home import find
    from recipflow.session import Session

    with Session.open(find(os.environ)) as session:
        facts = ({"table": table, **row} for table, row in session.store.export())
        rows = moving.written(session) if all_ else facts
        if out is None:
            print_json_lines(rows)
            return
        with _private_file(out) as file:
            print_json_lines(rows, file)
    say(paragraph(f"Written to {out}. It holds the words of your mail: keep it as safe as the mail itself."))


def _private_file(path: Path) -> TextIO:
    """A new file that only the user can read."""
    try:
        return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8")
    except FileExistsError:
        raise UserError(f"{path} is there already: name a new file.") from None
    except OSError as wrong:
        raise UserError(f"{path}: cannot be written: {wrong.strerror}") from wrong


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise UserError("There is no keyboard here: add --yes if you mean it.")
    if not typer.confirm(question):
        raise typer.Abort
