"""`recipflow connect imap`: the server and the password are tried, and what is in the mailbox is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from imapclient import IMAPClient

from recipflow.connector import Proposed, Secrets, Talk
from recipflow.model import Message
from recipflow_connectors.admission import Protocol, address_of, let_in, server_for, settings_of
from recipflow_connectors.discovery import SECONDS
from recipflow_connectors.imap import YEAR
from recipflow_connectors.imap.folders import Folders, folders
from recipflow_connectors.imap.letters import Letters
from recipflow_connectors.imap.listing import examine, uids
from recipflow_connectors.imap.session import PORTS, connect, hang_up, open_session, translated
from recipflow_connectors.servers import Server

SAMPLE = 1_000
"""The newest sent mails, which tell the user's addresses and people."""
_ALIAS_SHARE = 0.02
"""Of sent mail: below it, a sender in Sent is a slip."""


def sign_in(talk: Talk, vaults: Callable[[str], Secrets], given: Mapping[str, Any]) -> Sequence[Proposed]:
    """Walk through it. The password is kept once it was good; nothing in the mailbox is changed."""
    address = address_of(talk, given)
    server = server_for(talk, address, given, IMAP)
    vault = f"mail:{address}"
    again = f"recipflow connect imap {address}"
    key, client = let_in(
        talk, vaults(vault), address, given, lambda key: open_session(key.access(server, again))
    )
    days = given.get("since_days", YEAR)
    talk.say(f"{server.host} lets you in. Looking at what is there …")
    try:
        with translated(server):
            found = folders(client)
            seen = look(client, found, datetime.now(UTC).date() - timedelta(days=days))
    finally:
        hang_up(client)
    _tell_of_shared(talk, found)
    settings = settings_of(address, server, key, IMAP) | ({"since_days": days} if days != YEAR else {})
    if _may_see_drafts(talk, given):
        settings["drafts"] = True
    return [
        Proposed(
            name=address,
            connector="imap",
            vault="" if key.token_command else vault,
            settings=settings,
            seen=seen.words(),
            mine=(address, *seen.aliases(address)),
        )
    ]


@dataclass(slots=True)
class Seen:
    """What a first look at a mailbox shows."""

    messages: int = 0
    first: date | None = None
    senders: Counter[str] = field(default_factory=Counter)  #: of sent mail
    people: set[str] = field(default_factory=set)  #: to whom mail was sent

    def words(self) -> str:
        """ "4,812 messages since 2025-11, 212 people"."""
        said = f"{self.messages:,} message{'' if self.messages == 1 else 's'}"
        if self.first:
            said += f" since {self.first:%Y-%m}"
        people = len(self.people)
        return f"{said}, {people:,} {'person' if people == 1 else 'people'} you wrote to" if people else said

    def aliases(self, address: str) -> Iterator[str]:
        """Other addresses that mail was sent from."""
        total = self.senders.total()
        return (
            one for one, many in self.senders.most_common() if one != address and many >= _ALIAS_SHARE * total
        )


def look(client: IMAPClient, found: Folders, since: date) -> Seen:
    """Count what a first sync would read, and look at the newest sent mail."""
    seen = Seen()
    for folder in found.read:
        there = examine(client, folder.name)
        listed = uids(client, there.count, since=since)
        if listed and not (
            found.gmail and folder.label == "sent"
        ):  # with Gmail all of it lies in All Mail, too
            seen.messages += len(listed)
            first = client.fetch([listed[0]], ["INTERNALDATE"])[listed[0]].get(b"INTERNALDATE")
            seen.first = min(filter(None, (seen.first, first and first.date())), default=None)
        if folder.label == "sent":
            _sample(Letters(client, folder, there.validity), listed[-SAMPLE:], seen)
    seen.people -= seen.senders.keys()
    return seen


def _sample(letters: Letters, newest: Sequence[int], seen: Seen) -> None:
    for one in letters.heads(newest)[0]:
        if isinstance(one, Message):
            seen.senders[one.sender.address] += 1
            seen.people.update(party.address for party in (*one.to, *one.cc) if "@" in party.address)


def _knock(server: Server) -> None:
    hang_up(connect(server, SECONDS))


def _tell_of_shared(talk: Talk, found: Folders) -> None:
    if found.shared:
        talk.say(
            f"Left out, for others use them, too: {', '.join(found.shared)}. To read one of them all the same, name all "
            'folders that are to be read in config.toml, as folders = ["INBOX", "Sent", …]'
        )


def _may_see_drafts(talk: Talk, given: Mapping[str, Any]) -> bool:
    if "drafts" in given:
        return bool(given["drafts"])
    question = "May your drafts be looked at, for a word before an ask goes out? They are never stored."
    return talk.confirm(question, default=False)


IMAP = Protocol(name="imap", ports=PORTS, knock=_knock)
