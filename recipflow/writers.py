"""Whose a mail is that goes out in the user's name, and that somebody else sent: its Sender is not its From.

RFC 5322, 3.6.2: an assistant, whom a provider lets write for another, is the Sender. Whether what they write counts as the
user's own is for the user to say; until then it counts as theirs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from email.utils import quote
from typing import TYPE_CHECKING

from recipflow.addressed import first_addressed
from recipflow.model import Message, Party
from recipflow.people.addresses import looks_automatic

if TYPE_CHECKING:  # slow to load, and what is stored already was told apart before
    from recipflow.machines import Machines

WRITTEN_AS = "from"
"""Among the headers that are kept: in whose name it was sent, where another sent it."""


def authored(
    message: Message, machines: Machines, me: frozenset[str], assistants: Collection[str] = ()
) -> Message:
    """The message with whom it counts for as its sender; what is in the user's name keeps that, whoever it counts for.

    `assistants` are those whose mail in the user's name counts as the user's. Lists and other machines name themselves
    as Sender, too: what passes through them stays the user's.
    """
    if "sender" not in message.headers:
        return message
    named = _as_written(message)
    writer = _party(named.headers["sender"])
    if (
        named.sender.address not in me
        or writer.address in me
        or looks_automatic(writer.address)
        or machines.rule(named, frozenset())
    ):
        return named
    counts = named.sender if writer.address in assistants else writer
    return replace(named, sender=counts, headers={**named.headers, WRITTEN_AS: _text(named.sender)})


def writer_of(message: Message) -> str:
    """The address of whoever sent this in the user's name; "" where nobody did."""
    return _party(message.headers["sender"]).address if WRITTEN_AS in message.headers else ""


def _as_written(message: Message) -> Message:
    """With its From as its sender."""
    kept = dict(message.headers)
    told = kept.pop(WRITTEN_AS, "")
    return replace(message, sender=_party(told), headers=kept) if told else message


def _party(text: str) -> Party:
    name, address = first_addressed(text)
    return Party(address.lower(), name)


def _text(one: Party) -> str:
    return f'"{quote(one.name)}" <{one.address}>' if one.name else one.address
