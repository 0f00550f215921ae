"""Connecting an account of Microsoft: who it is, what it holds, and which accounts come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from recipflow.connector import MemorySecrets, Proposed, Secrets, Talk, Writer
from recipflow.errors import AuthNeeded, RecipflowError, UserError
from recipflow_connectors.microsoft import calendars, guide, settings
from recipflow_connectors.microsoft.failures import CONNECT
from recipflow_connectors.microsoft.flows import signed_in
from recipflow_connectors.microsoft.folders import SENT, Folders
from recipflow_connectors.microsoft.graph import BASE, Graph, listed
from recipflow_connectors.microsoft.messages import party
from recipflow_connectors.microsoft.position import text
from recipflow_connectors.microsoft.tokens import (
    CACHE,
    LOGIN,
    READ_CALENDARS,
    READ_MAIL,
    READ_SHARED_MAIL,
    SEND_MAIL,
    WRITE_CALENDARS,
)
from recipflow_connectors.signing import SAMPLE, Sent, allowed, may_see_drafts
from recipflow_connectors.signing import calendars as counted

ALLOW = {"digest": SEND_MAIL, "reminders": WRITE_CALENDARS}


def sign_in(talk: Talk, vault: Callable[[str], Secrets], given: Mapping[str, Any]) -> Sequence[Proposed]:
    """A mail and a calendar account with one vault. With `explain` it only tells what to prepare.

    Given may be: client_id, tenant, address, device_code, allow (of "digest" and "reminders"), drafts, since_days,
    mailbox (shared ones), login_url, graph_url. Raises UserError, AuthNeeded or TryLater.
    """
    allow, shared = allowed(given, ALLOW), _shared(given)
    scopes = [READ_MAIL, *[READ_SHARED_MAIL][: len(shared)], READ_CALENDARS, *(ALLOW[one] for one in allow)]
    if given.get("explain"):
        client, tenant = str(given.get("client_id") or ""), str(given.get("tenant") or "")
        talk.say(f"{guide.STEPS}\n{guide.for_administrator(client, tenant, scopes)}")
        return ()
    common = _common(talk, given)
    cache, answer = signed_in(talk, common, given, scopes)
    address = str((answer.get("id_token_claims") or {}).get("preferred_username") or "").lower()
    if not address:
        raise AuthNeeded("Microsoft does not say whose account this is", command=CONNECT)
    talk.say(f"Signed in as {address}.")
    name = f"microsoft:{address}"
    secrets = MemorySecrets(**{CACHE: cache})
    seen = _look(settings.checked({**common, "address": address}, "outlook"), secrets)
    _is_meant(talk, given, address, seen)
    common["address"] = address
    others = [_look_at_shared(talk, name, common, secrets, one) for one in shared]
    drafts = may_see_drafts(talk, given)
    vault(name).put(CACHE, secrets.get(CACHE) or cache)
    return [*_proposed(name, common, seen, allow, drafts=drafts), *others]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    mail: str
    calendar: str
    mine: tuple[str, ...]
    writers: tuple[Writer, ...]


def _is_meant(talk: Talk, given: Mapping[str, Any], address: str, seen: _Seen) -> None:
    """One mailbox has several addresses at Microsoft, so another one may be the same; the user knows."""
    wanted = str(given.get("address") or address).lower()
    question = f"You signed in as {address}, not as {wanted}. Connect {address} all the same?"
    if wanted not in (address, *seen.mine) and not talk.confirm(question, default=False):
        raise UserError("Nothing was connected. Choose the right account on Microsoft's page.")


def _common(talk: Talk, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings both accounts share."""
    client = given.get("client_id")
    if not client:
        talk.say(f"Outlook needs an application of your own at Microsoft: {CONNECT} --explain")
        client = talk.ask("Application (client) ID")
    common: dict[str, Any] = {"client_id": str(client).strip()}
    for key in ("tenant", "since_days", "login_url", "graph_url"):
        if given.get(key):
            common[key] = given[key]
    settings.checked(common, "outlook")
    return common


def _look(known: settings.Settings, secrets: Secrets) -> _Seen:
    """What the account holds, each permission tried by it."""
    pace, since = known.pace(), _since(known)
    mail = known.graph(secrets, [READ_MAIL], pace)
    reading = known.graph(secrets, [READ_CALENDARS], pace)
    found = calendars.own(reading)
    owner = [
        str(one["owner"].get("address") or "") for one in found[:1] if isinstance(one.get("owner"), dict)
    ]
    sent = _sent(mail)
    mine = [*owner, known.address, *sent.aliases(known.address)]
    return _Seen(
        mail=sent.words(_messages(mail, since), since.date()),
        calendar=counted(len(found)),
        mine=tuple(dict.fromkeys(one.lower() for one in mine if "@" in one)),
        writers=sent.others(),
    )


def _shared(given: Mapping[str, Any]) -> list[str]:
    """The shared mailboxes that are to be read, too; a UserError for what is no address."""
    named = [str(one).strip().lower() for one in given.get("mailbox") or ()]
    if wrong := [one for one in named if "@" not in one]:
        raise UserError(f"--mailbox {wrong[0]}: give the address of a shared mailbox.")
    return list(dict.fromkeys(named))


def _look_at_shared(
    talk: Talk, vault: str, common: Mapping[str, Any], secrets: Secrets, mailbox: str
) -> Proposed:
    """An account for a mailbox that others use, too. Only the user knows whether what it sends is theirs alone."""
    table = {**_plain(common), "mailbox": mailbox}
    known = settings.checked({**common, "mailbox": mailbox}, "outlook_mail")
    graph, since = known.graph(secrets, [known.reading], known.pace()), _since(known)
    sent = _sent(graph)
    question = f"Do you alone send mail from {mailbox}? Then what goes out from it counts as yours."
    mine = (known.address, *([mailbox] if talk.confirm(question, default=False) else []))
    seen, writers = sent.words(_messages(graph, since), since.date()), sent.others()
    return Proposed(
        name=mailbox,
        connector="outlook_mail",
        vault=vault,
        settings=table,
        seen=seen,
        mine=mine,
        writers=writers,
    )


def _since(known: settings.Settings) -> datetime:
    return datetime.now(UTC) - timedelta(days=known.since_days)


def _messages(graph: Graph, since: datetime) -> int:
    received = f"receivedDateTime ge {text(since)}"
    urls = [
        graph.url("me", "mailFolders", one.id, "messages", filter=received, count="true", top=1, select="id")
        for one in Folders(graph).read()
    ]
    counts = [one.get("@odata.count") for one in graph.batch(urls) if not isinstance(one, RecipflowError)]
    return sum(count for count in counts if isinstance(count, int))


def _sent(graph: Graph) -> Sent:
    """The newest sent mail: in one request, of heads alone."""
    select = "from,sender,toRecipients,ccRecipients"
    answer = graph.get(graph.url("me", "mailFolders", SENT, "messages", select=select, top=SAMPLE))
    sent = Sent()
    for one in listed(answer):
        sender, writer = party(one.get("from")), party(one.get("sender"))
        to = [party(each) for name in ("toRecipients", "ccRecipients") for each in one.get(name) or ()]
        if sender:
            sent.add(sender.address, (each.address for each in to if each), writer.address if writer else "")
    return sent


def _plain(common: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in common.items() if value not in (BASE, LOGIN)}


def _proposed(
    name: str, common: Mapping[str, Any], seen: _Seen, allow: Sequence[str], *, drafts: bool
) -> list[Proposed]:
    plain = _plain(common)
    mail, calendar = ({"allow": [one] if one in allow else []} for one in ALLOW)
    return [
        Proposed(
            name="outlook",
            connector="outlook_mail",
            vault=name,
            settings={**plain, "drafts": drafts, **mail},
            seen=seen.mail,
            mine=seen.mine,
            writers=seen.writers,
        ),
        Proposed(
            name="outlook-calendar",
            connector="outlook_calendar",
            vault=name,
            settings={**plain, **calendar},
            seen=seen.calendar,
        ),
    ]
