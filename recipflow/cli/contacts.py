"""`recipflow contacts`: who there is, and somebody new whom no mail shows yet."""

from __future__ import annotations

from typing import Annotated

import typer

from recipflow.cli import people
from recipflow.cli.options import AsJson
from recipflow.cli.render import paragraph, say
from recipflow.cli.speaking import speaking
from recipflow.errors import UserError
from recipflow.foreign import name_line

contacts = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


@contacts.callback()
def _list(context: typer.Context, as_json: AsJson = False) -> None:
    """List the people you wrote to, met or named, the one last heard first.

    Addresses that may be one person's are suggested at the end, with what speaks for it; nothing is merged by itself.
    """
    if context.invoked_subcommand is None:
        people.contacts(as_json)


@contacts.command("add", epilog='Example: recipflow contacts add ada@example.org --name "Ada Lang"')
def add(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Somebody you have not written to yet.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="What to call them.")] = "",
) -> None:
    """Name somebody whom no mail shows yet: to plan with, to log with."""
    from recipflow.explain import lookup
    from recipflow.explain.telling import Said, tell
    from recipflow.store import Verb

    bare = address.strip().removeprefix("mailto:").lower()
    local, _, domain = bare.rpartition("@")
    if not local or not domain or any(c.isspace() or c in "<>,;" for c in bare):
        raise typer.BadParameter(
            f"{name_line(address)} is no address like ada@example.org.", param_hint="ADDRESS"
        )
    with speaking() as (session, moment):
        if bare in session.me:
            raise UserError("That is you.")
        lookup.keepable(session.context.contact(bare, (bare,), name))
        payload = {"added": True} | ({"name": name.strip()} if name.strip() else {})
        tell(session.store, Said(Verb.CONTACT, bare, payload), moment, touched=(bare,))
        who = name_line(name) or name_line(bare)
        say(paragraph(f"{who} is among your contacts. Take it back: recipflow undo"))
