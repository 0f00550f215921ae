"""Signing in to Google: from the user's own client to a mailbox and calendars that were looked at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from recipflow.connector import MemorySecrets, Proposed, Secrets, Talk
from recipflow.errors import AuthNeeded, TryLater, UserError
from recipflow.model import Message
from recipflow_connectors.given import unsafe
from recipflow_connectors.google import auth, mail_place
from recipflow_connectors.google.auth import Grant
from recipflow_connectors.google.box import Box
from recipflow_connectors.google.consent import granted
from recipflow_connectors.google.explained import EXPLANATION
from recipflow_connectors.google.lanes import LANES, Lanes
from recipflow_connectors.google.reminders import DESCRIPTION
from recipflow_connectors.google.settings import CalendarSettings, MailSettings
from recipflow_connectors.google.wire import Api
from recipflow_connectors.signing import Sent, allowed, before, calendars, may_see_drafts

_ALLOWED = {"digest": auth.SEND_MAIL, "reminders": auth.OWN_CALENDAR}
#: Calendars of holidays, birthdays and the like, which are nobody's meetings.
_NO_PERSONS = "@group.v.calendar.google.com"
_OFFERED = 20
#: Of sent mail: a sixth of a minute's quota, and the first sync wants the rest.
_SAMPLE = 50
#: What of a client's JSON names a server that is talked to.
_SERVERS = (*auth.ADDRESSES, "gmail_url", "calendar_url")

Vaults = Callable[[str], Secrets]


def sign_in(talk: Talk, vaults: Vaults, given: Mapping[str, Any]) -> Sequence[Proposed]:
    """Walk through it: mailbox and calendars as two accounts that share a vault.

    `client` is the JSON of the user's own Desktop client (without one, that of an earlier sign-in with `address`);
    `allow` names what may be written; with `explain` it only tells what to prepare.
    """
    if given.get("explain"):
        talk.say(EXPLANATION)
        return ()
    allow = allowed(given, _ALLOWED)
    client = _client(talk, vaults, given)
    grant = granted(talk, client, [auth.READ_MAIL, auth.READ_CALENDARS, *(_ALLOWED[one] for one in allow)])
    if not {auth.READ_MAIL, auth.READ_CALENDARS} & set(grant.scopes):
        told = "Google was allowed nothing that could be read: tick the boxes at sign-in."
        raise AuthNeeded(told, command="recipflow connect gmail")
    found = list(_seen(talk, client, grant, {**given, "allow": allow}))
    if not found:
        raise AuthNeeded(
            "There is nothing that could be connected.", command="recipflow connect gmail --explain"
        )
    grant.store(vaults(found[0].vault))
    return found


def _client(talk: Talk, vaults: Vaults, given: Mapping[str, Any]) -> dict[str, str]:
    """The user's client, as Google's JSON has it below "installed"."""
    path = given.get("client")
    if path is None and given.get("address"):
        try:
            return dict(auth.load(vaults(_vault(str(given["address"])))).client)
        except AuthNeeded:
            pass
    if path is None:
        talk.say(
            "You need a client of your own at Google; recipflow connect gmail --explain tells how to make one."
        )
        path = talk.ask("The JSON file of your Desktop client")
    return _read(Path(path).expanduser())


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise UserError(f"{path}: cannot be opened: {fault.strerror or fault}.") from fault
    except ValueError as fault:
        raise UserError(f"{path}: this is not the JSON file that Google lets you download.") from fault
    if isinstance(found, dict) and "web" in found:
        raise UserError(f"{path}: this is a client for web sites. Make one of the type “Desktop app”.")
    client = found.get("installed") if isinstance(found, dict) else None
    if not isinstance(client, dict) or not {"client_id", "client_secret"} <= client.keys():
        raise UserError(f"{path}: this is not the JSON of a Desktop client: “installed” is missing.")
    found = {**auth.ADDRESSES, **{key: one for key, one in client.items() if isinstance(one, str)}}
    if problems := unsafe(found, str(path), *_SERVERS):
        raise UserError(problems)
    return found


def _seen(
    talk: Talk, client: Mapping[str, str], grant: Grant, given: Mapping[str, Any]
) -> Iterator[Proposed]:
    """What the account holds, asked with the new grant."""
    secrets = MemorySecrets()
    grant.store(secrets)
    refused = [one for one in given["allow"] if _ALLOWED[one] not in grant.scopes]
    for one in refused:
        talk.say(f"You did not allow Google to let recipflow {auth.MEANING[_ALLOWED[one]]}: it goes without.")
    given = {**given, "allow": [one for one in given["allow"] if one not in refused]}
    address = ""
    if auth.READ_MAIL in grant.scopes:
        mail = _mail(talk, client, secrets, given)
        address = mail.mine[0]
        yield mail
    else:
        talk.say("You did not tick the box for mail: only the calendars are connected.")
    if auth.READ_CALENDARS in grant.scopes:
        yield from _calendars(talk, client, secrets, given, address)
    else:
        talk.say("You did not tick the box for calendars: only the mailbox is connected.")


def _is_the_one(given: Mapping[str, Any], address: str) -> None:
    wanted = str(given.get("address") or address).lower()
    if wanted != address:
        raise UserError(
            f"You signed in as {address}, not as {wanted}. Choose the right account on Google's page."
        )


def _mail(talk: Talk, client: Mapping[str, str], secrets: Secrets, given: Mapping[str, Any]) -> Proposed:
    url = client.get("gmail_url", "")
    api = _api("gmail", "v1", url or MailSettings().url, secrets)
    box = Box(api)
    addresses = box.addresses()
    _is_the_one(given, addresses[0])
    days = int(given.get("since_days") or MailSettings().since_days)
    since = datetime.now(UTC) - timedelta(days=days)
    count = sum(1 for _ in box.all_listed(mail_place.there_is(int(since.timestamp()))))
    sent = _sent(box, int(since.timestamp()))
    return Proposed(
        name=addresses[0],
        connector="gmail",
        vault=_vault(addresses[0]),
        settings={
            "address": addresses[0],
            **({"since_days": days} if given.get("since_days") else {}),
            "drafts": may_see_drafts(talk, given),
            "allow": [one for one in given["allow"] if one == "digest"],
            **({"url": url} if url else {}),
        },
        seen=Sent().words(count, since.date()),
        mine=addresses,
        writers=sent.others(),
    )


def _sent(box: Box, since: int) -> Sent:
    """The newest sent mail, few of it: a head costs as much of the quota as a whole message."""
    newest, _ = box.listed(mail_place.was_sent(since), "", _SAMPLE)
    sent = Sent()
    with suppress(TryLater):  # it is no reason not to connect, and doctor names those who write all the same
        for one in Lanes(LANES).map(lambda each: box.message(each.id, head_only=True), newest):
            if isinstance(one, Message):
                to = (party.address for party in (*one.to, *one.cc))
                sent.add(one.sender.address, to, one.headers.get("sender", ""))
    return sent


def _calendars(
    talk: Talk, client: Mapping[str, str], secrets: Secrets, given: Mapping[str, Any], address: str
) -> Iterator[Proposed]:
    url = client.get("calendar_url", "")
    api = _api("calendar", "v3", url or CalendarSettings().url, secrets)
    try:
        listed = api.ask(api.methods("calendarList").list(maxResults=250)).get("items", [])
    except AuthNeeded as refused:  # its interface is not switched on, which need not keep the mailbox waiting
        talk.say(f"The calendars are left out: {refused}")
        return
    ids = list(_chosen(talk, listed, given))
    own = next((str(one["id"]).lower() for one in listed if one.get("primary")), "")
    if own and not address:
        _is_the_one(given, own)
    address = address or own or str(given.get("address") or "")
    yield Proposed(
        name=f"{address}-calendar",
        connector="google_calendar",
        vault=_vault(address),
        settings={
            "address": address,
            "calendars": ids,
            "allow": [one for one in given["allow"] if one == "reminders"],
            **({"url": url} if url else {}),
        },
        seen=calendars(len(ids), len(listed)),
        mine=(address,),
    )


def _chosen(talk: Talk, listed: Iterable[Mapping[str, Any]], given: Mapping[str, Any]) -> Iterator[str]:
    """The user's own calendar, and of the others those the user wants."""
    yield "primary"
    others = [
        one
        for one in listed
        if not one.get("primary")
        and not str(one["id"]).endswith(_NO_PERSONS)
        and one.get("description") != DESCRIPTION
    ]
    for one in others[:_OFFERED]:
        name, ref = str(one.get("summaryOverride") or one.get("summary") or one["id"]), str(one["id"])
        if talk.confirm(f"Read the calendar “{name}”, too?", default=before(given, "calendars", ref)):
            yield ref


def _api(name: str, version: str, url: str, secrets: Secrets) -> Api:
    return Api(name, version, url=url, secrets=secrets, scopes=(), command="recipflow connect gmail")


def _vault(address: str) -> str:
    return f"google:{address.lower()}"
