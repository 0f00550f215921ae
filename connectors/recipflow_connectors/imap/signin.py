"""`recipflow connect imap`: the server and the password are tried, and what is in the mailbox is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from imapclient import IMAPClient

from recipflow.connector import Proposed, Secrets, Talk
from recipflow.model import Message
from recipflow_connectors.admission import Protocol, address_of, let_in, server_for, settings_of
from recipflow_connectors.credentials import PASSWORD
from recipflow_connectors.discovery import SECONDS
from recipflow_connectors.imap import YEAR
from recipflow_connectors.imap.folders import Folders, folders
from recipflow_connectors.imap.letters import Letters
from recipflow_connectors.imap.listing import examine, uids
from recipflow_connectors.imap.session import PORTS, connect, hang_up, open_session, translated
from recipflow_connectors.servers import Server
from recipflow_connectors.signing import SAMPLE, Sent, before, may_see_drafts

_OFFERED = 20
"""Of folders that others use, too, no more are asked about."""


def sign_in(talk: Talk, vaults: Callable[[str], Secrets], given: Mapping[str, Any]) -> Sequence[Proposed]:
    """Walk through it. The password is kept once all is answered; nothing in the mailbox is changed."""
    address = address_of(talk, given)
    server = server_for(talk, address, given, IMAP)
    vault = f"mail:{address}"
    again = f"recipflow connect imap {address}"
    kept = vaults(vault)
    key, client = let_in(
        talk, [kept.get(PASSWORD)], address, given, lambda key: open_session(key.access(server, again))
    )
    days = given.get("since_days", YEAR)
    talk.say(f"{server.host} lets you in. Looking at what is there …")
    try:
        with translated(server):
            found = folders(client)
            seen = look(client, found, datetime.now(UTC).date() - timedelta(days=days))
    finally:
        hang_up(client)
    settings = settings_of(address, server, key, IMAP) | ({"since_days": days} if days != YEAR else {})
    if found.shared:
        settings["shared"] = _shared(talk, found, given)
    settings["drafts"] = may_see_drafts(talk, given)
    key.keep(kept)
    return [
        Proposed(
            name=address,
            connector="imap",
            vault="" if key.token_command else vault,
            settings=settings,
            seen=seen.words(),
            mine=(address, *seen.sent.aliases(address)),
            writers=seen.sent.others(),
        )
    ]


@dataclass(slots=True)
class Seen:
    """What a first look at a mailbox shows."""

    messages: int = 0
    first: date | None = None
    sent: Sent = field(default_factory=Sent)

    def words(self) -> str:
        return self.sent.words(self.messages, self.first)


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
            _sample(Letters(client, folder, there.validity), listed[-SAMPLE:], seen.sent)
    return seen


def _sample(letters: Letters, newest: Sequence[int], sent: Sent) -> None:
    for one in letters.heads(newest)[0]:
        if isinstance(one, Message):
            to = (party.address for party in (*one.to, *one.cc))
            sent.add(one.sender.address, to, one.headers.get("sender", ""))


def _shared(talk: Talk, found: Folders, given: Mapping[str, Any]) -> list[str]:
    """Those of the folders that others use, too, which the user wants read."""
    question = "Read the folder “{}”, too, which is not yours alone?"
    return [
        name
        for name in found.shared[:_OFFERED]
        if talk.confirm(question.format(name), default=before(given, "shared", name))
    ]


def _knock(server: Server) -> None:
    hang_up(connect(server, SECONDS))


IMAP = Protocol(name="imap", ports=PORTS, knock=_knock)
