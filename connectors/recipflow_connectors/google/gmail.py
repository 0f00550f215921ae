"""The connector `gmail`: the user's mailbox at Google, read only; the digest is sent to the user where that is granted.

A first pull begins with the conversations the user is part of. A head costs as much quota as a whole message does, so
whole messages are asked for; of what Gmail itself takes for newsletters, networks and lists, heads. Attachments are
known by name, type and size: Gmail hands their bytes out only to those who ask for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from recipflow.connector import Page, Secrets, SetAside
from recipflow.model import Message
from recipflow_connectors.google import auth, mail_place
from recipflow_connectors.google.box import Box, Change, Expired, Found, Listed
from recipflow_connectors.google.conversations import Conversations
from recipflow_connectors.google.lanes import LANES, Lanes
from recipflow_connectors.google.letters import Letters
from recipflow_connectors.google.mail_place import Place
from recipflow_connectors.google.messages import BULK, Json, left_out
from recipflow_connectors.google.pace import Pace
from recipflow_connectors.google.settings import MailSettings
from recipflow_connectors.google.wire import Api

#: What one page of a first pull looks at: some ten seconds' worth at that pace.
PAGE = 50
MOST_IN_A_PAGE = 400


def connect(
    settings: Mapping[str, Any], secrets: Secrets, *, pace: Pace | None = None, lanes: int = LANES
) -> Gmail:
    """The connector for one mailbox: what it offers beyond reading is what `drafts` and `allow = ["digest"]` say.

    `address`, `url`, `since_days`, `units_per_minute` and `units_per_message` have defaults. `lanes` is how many
    requests may be under way at once. Raises UserError with every problem.
    """
    given = MailSettings.of(settings)
    sends = "digest" in given.allow
    api = Api(
        "gmail",
        "v1",
        url=given.url,
        secrets=secrets,
        scopes=[auth.READ_MAIL] + [auth.SEND_MAIL] * sends,
        command=auth.command(given.address, given.allow),
        pace=pace or Pace(given.units_per_minute),
    )
    kind = _KINDS[given.drafts, sends]
    box = Box(api, message_units=given.units_per_message)
    return kind(
        api,
        box,
        timedelta(days=given.since_days),
        Lanes(lanes),
        quota=f"{given.units_per_minute:,} units a minute",
    )


class Gmail:
    """Pulls one mailbox; never writes to it."""

    def __init__(self, api: Api, box: Box, span: timedelta, lanes: Lanes, *, quota: str = "") -> None:
        self._api, self._box, self._span, self._lanes, self.quota = api, box, span, lanes, quota
        self._conversations: Conversations | None = None
        self._kept: tuple[tuple[str, ...], dict[str, list[Found]]] = ((), {})
        self._fetched: dict[tuple[str, bool], Found | None] = {}

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        """The page after `cursor`. Without one, or when Gmail has forgotten where it was, mail is read by date."""
        place = mail_place.load(cursor) if cursor is not None else None
        if place is None:
            return self._begin(now - self._span, now, reset=cursor is not None)
        if place.stage:
            return self._read(place, now)
        try:
            return self._follow(place, now)
        except Expired:
            return self._begin(place.rescan_since(), now, reset=True)

    def fetch(self, refs: Sequence[str]) -> Iterator[Message | SetAside]:
        """The whole messages; those that are gone are left out."""
        return iter(self._each(dict.fromkeys(refs, False)))

    def present(self, since: datetime, *, now: datetime) -> Iterable[str]:  # noqa: ARG002  (the contract's)
        """The ids of all that was sent or received since then."""
        return (one.id for one in self._box.all_listed(mail_place.there_is(int(since.timestamp()))))

    def revoke(self) -> None:
        """Give back what was granted, the calendars with it."""
        self._api.revoke()

    def _begin(self, since: datetime, now: datetime, *, reset: bool) -> Page:
        # What changes from here on is found among the changes: nothing lies between.
        history = str(self._box.profile()["historyId"])
        page = self._read(mail_place.begin(history, since, now), now)
        return replace(page, reset=reset, since=since) if reset else page

    def _follow(self, place: Place, now: datetime) -> Page:
        changes, history, more = self._box.changes(place.history)
        found = self._each({told["id"]: _is_bulk(told) for told in _wanted(changes)})
        return _page(
            found, replace(place, history=history) if more else place.following(history, now), more=more
        )

    def _each(self, heads_only: Mapping[str, bool]) -> list[Found]:
        """The messages of these ids, of some the head. Asked again after a failure, it goes on from there."""

        def one(wanted: tuple[str, bool]) -> Found | None:
            if wanted not in self._fetched:
                self._fetched[wanted] = self._box.message(wanted[0], head_only=wanted[1])
            return self._fetched[wanted]

        found = list(self._lanes.map(one, list(heads_only.items())))
        self._fetched.clear()
        return [one for one in found if one]

    def _read(self, place: Place, now: datetime) -> Page:
        """A page of the messages there are, from the newest on."""
        try:
            listed, token = self._box.listed(mail_place.sought(place.stage, place.since), place.token, PAGE)
        except Expired:
            return self._read(replace(place, token="", last=""), now)
        conversations = self._known(place)
        kept = self._keeping(place)
        rest = _after(listed, place.last)

        def keep(one: Listed) -> None:
            kept[one.id] = self._listed(one, place, conversations)

        for _ in self._lanes.map(keep, [one for one in rest if one.id not in kept]):
            pass
        found: list[Found] = []
        after = place.next_page(token)
        for number, one in enumerate(rest, start=1):
            found += kept[one.id]
            if len(found) >= MOST_IN_A_PAGE and number < len(rest):
                after = replace(place, last=one.id)
                break
        if after.stage:
            after = replace(after, done=place.done + len(found))
        return _page(found, after, more=True, total=max(conversations.messages, after.done))

    def _known(self, place: Place) -> Conversations:
        if self._conversations is None or self._conversations.began != (place.history, place.since):
            self._conversations = Conversations(self._box, place)
        self._conversations.refresh()
        return self._conversations

    def _keeping(self, place: Place) -> dict[str, list[Found]]:
        """What was already read of this page of the list, should it have broken off, or be delivered in parts."""
        page = (place.history, place.stage, place.token)
        if self._kept[0] != page:
            self._kept = (page, {})
        return self._kept[1]

    def _listed(self, one: Listed, place: Place, conversations: Conversations) -> list[Found]:
        lead = conversations.lead(one.thread)
        if lead == one.id:
            return self._box.thread(one.thread, place.since)
        if lead is not None:
            return []  # it came with its thread
        found = self._box.message(one.id, head_only=place.stage == mail_place.BULK)
        return [found] if found else []


class GmailWithDrafts(Gmail):
    """A mailbox whose owner lets drafts be looked at."""

    def drafts(self, known: Mapping[str, str]) -> Mapping[str, tuple[str, Message | None]]:
        """All drafts, each with the id of the message it is now; the message where that is not the `known` one."""
        return {
            ref: (version, None if known.get(ref) == version else self._box.draft(ref))
            for ref, version in self._box.drafts()
        }


class SendingGmail(Letters, Gmail):
    """A mailbox that also delivers letters to its owner."""


class SendingGmailWithDrafts(Letters, GmailWithDrafts):
    """Both."""


_KINDS = {
    (False, False): Gmail,
    (True, False): GmailWithDrafts,
    (False, True): SendingGmail,
    (True, True): SendingGmailWithDrafts,
}


def _wanted(changes: Iterable[Change]) -> Iterator[Json]:
    """The messages that came, or came back, once each."""
    told = {one["id"]: one for change in changes for one in change.restored}
    told |= {one["id"]: one for change in changes for one in change.added if not left_out(one)}
    return iter(told.values())


def _is_bulk(told: Json) -> bool:
    return not BULK.isdisjoint(told.get("labelIds", ()))


def _after(listed: Sequence[Listed], last: str) -> Sequence[Listed]:
    """What of a page is still to be delivered; all of it, when what was last is no longer there."""
    ids = [one.id for one in listed]
    return listed[ids.index(last) + 1 :] if last in ids else listed


def _page(items: Sequence[Found], after: Place, *, more: bool, total: int | None = None) -> Page:
    return Page(
        interactions=tuple(one for one in items if not isinstance(one, SetAside)),
        set_aside=tuple(one for one in items if isinstance(one, SetAside)),
        cursor=after.dump(),
        more=more,
        done=after.done,
        total=total,
    )
