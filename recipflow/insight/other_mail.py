"""The mail that bears on one open item, other than what its own thread holds, and what it makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from recipflow.derive.entries import COPIED
from recipflow.insight.around import Known
from recipflow.insight.bearing import failed, first_name, marks, once, reached, speaks_of
from recipflow.insight.lying import marked
from recipflow.insight.opened import Opened
from recipflow.ledger.likeness import telling_words
from recipflow.ledger.relationship import DAY, OpenItem, OpenKind, OpenState
from recipflow.model import CROWD, Flag, Message, Party
from recipflow.people.same import kindred, same_person
from recipflow.providers import domain_of
from recipflow.store import Passed
from recipflow.threads.subjects import Marker, marker, subject_key

LONG_TEXT = 12
"""Telling words of a letter from which on it is known by them. Ours."""
RETOLD = 0.6
"""The share of them that its text has when it was sent on. Ours."""
SENT_ON = timedelta(days=2)
"""For so long it is looked for. Ours."""
AT_ONCE = timedelta(minutes=5)
"""What is sent together arrives in any order. Ours."""
BOUNCED = timedelta(days=5)
"""A mail server gives a message up after so long at most (RFC 5321, 4.5.4.1)."""


class Other:
    """The mail after an open item that bears on it, other than what its own thread holds."""

    def __init__(
        self, opened: Opened, one: Known, item: OpenItem, letter: Message, passed: Sequence[Passed]
    ) -> None:
        """`passed` is what passed between the two since the letter."""
        self._opened, self._passed = opened, passed
        self._store, self._me, self._houses = opened.store, opened.context.me, opened.context.houses
        self._item, self._letter, self._now = item, letter, opened.now
        self._since = max(letter.at, datetime.fromtimestamp(item.last * DAY, letter.at.tzinfo))
        self._them = frozenset(one.contact.addresses)
        self._called = [Party(address, one.contact.name) for address in one.contact.addresses]

    @property
    def keys(self) -> Iterator[int]:
        """The rows of the mail that will be looked at in any case."""
        kind = self._item.kind
        if kind is not OpenKind.THEIR_ASK:
            yield from self._mine_to_them_keys
        if kind is OpenKind.MY_ASK:
            yield from self._theirs_keys
        if kind in (OpenKind.MY_ASK, OpenKind.THEIR_ASK):
            yield from self._under_keys

    @property
    def leaves(self) -> OpenItem | None:
        """The item as it is then: as it was, heard, doubtful, or none."""
        left = self._left()
        return left and marked(self._me, left, self._letter, self._now, self._opened.lately)

    def _left(self) -> OpenItem | None:
        item = self._item
        if item.kind is OpenKind.MY_ASK:
            if self._bounced():
                return None
            dealt = self._heard() or self._told(anew=True)
            return replace(item, state=OpenState.HEARD) if dealt else item
        if item.kind is OpenKind.THEIR_ASK:
            if any(self._to_another_address(mail) for mail in self._mine) or self._sent_on():
                return None
            passed = self._passed_on() or self._taken_elsewhere()
            return replace(item, flags=item.flags | {Flag.ELSEWHERE}) if passed else item
        return replace(item, state=OpenState.HEARD) if self._told() else item

    def _heard(self) -> bool:
        """Whether they, or who may speak for them, wrote to the user since."""
        return (
            any(self._to_me(mail) for mail in self._theirs)
            or any(self._speaks_for_them(mail) for mail in self._others)
            or any(self._to_another_address(mail) for mail in self._mine)
            or any(self._reaches_me(mail) for mail in self._from_another_address())
        )

    def _passed_on(self) -> bool:
        """Whether the user took it to somebody at work, and not to them."""
        for mail in self._mine:
            whom = reached(mail)
            if not whom & self._them and any(domain_of(one) in self._houses for one in whom - self._me):
                return True
        return False

    def _taken_elsewhere(self) -> bool:
        """Whether they went on to ask others, or somebody else wrote to them about it."""
        asked = [mail for mail in self._since_letter if mail.sender.address in self._them]
        if asked and self._me.isdisjoint(party.address for party in asked[-1].to):
            return True
        each = Flag.EACH in self._item.flags
        return not each and any(reached(mail) & self._them for mail in self._others)

    def _told(self, *, anew: bool = False) -> bool:
        """Whether the user wrote to them, if only in copy, about the same: in words, by what is attached, or to whom.

        `anew`: under another subject, as what takes the place of the letter would.
        """
        letter, quote = self._letter, self._item.quote
        about = telling_words(f"{quote} {subject_key(letter.subject)}")
        named = frozenset() if anew else marks(f"{quote} {letter.subject}")
        key = subject_key(letter.subject)
        return any(
            speaks_of(mail, about, named, letter) or (not anew and self._to_whom_it_names(mail))
            for mail in self._mine_to_them()
            if not (anew and (subject_key(mail.subject) == key or mail.at < self._since))
        )

    def _to_whom_it_names(self, mail: Message) -> bool:
        """A mail to somebody whom the promise names, that they read in copy."""
        copied = any(party.address in self._them for party in (*mail.cc, *mail.bcc))
        said = {word.strip(".,;:!?()'\"") for word in self._item.quote.split()}
        return copied and any(first_name(party) in said for party in mail.to)

    def _sent_on(self) -> bool:
        """Whether the user sent the letter's own words on, to whomever."""
        words = telling_words(self._letter.text)
        if len(words) < LONG_TEXT:
            return False
        until = min(self._since + SENT_ON, self._now)
        written = self._store.interactions.written(self._since, until)
        mine = self._opened.mails(key for key, sender in written if sender.address in self._me)
        return any(len(words & telling_words(mail.text)) >= RETOLD * len(words) for mail in mine)

    def _speaks_for_them(self, mail: Message) -> bool:
        """An answer by somebody whom the letter reached as well, or of the same house, or by themselves."""
        sender = mail.sender
        if not self._reaches_me(mail):
            return False
        marked = marker(mail.subject) is not Marker.NONE
        if any(same_person(sender, one) for one in self._called):
            return True
        if Flag.EACH in self._item.flags:
            return False
        if sender.address in reached(self._letter):
            return True
        kin = any(kindred(sender.address, one.address) for one in self._called)
        return kin and (marked or domain_of(sender.address) not in self._houses)

    def _to_another_address(self, mail: Message) -> bool:
        """A reply of the user's under the same subject to what is plainly theirs, and not the address of the ledger."""
        others = [party for party in mail.to if party.address not in self._them | self._me]
        answers = marker(mail.subject) is Marker.REPLY
        return answers and any(same_person(party, one) for party in others for one in self._called)

    def _from_another_address(self) -> Iterator[Message]:
        """Of somebody whom the user has named as another contact, only their answer under its subject is theirs."""
        for sender in self._opened.lately.same(self._called, self._since):
            if sender.address not in self._them | self._me | self._opened.context.by_address.keys():
                keys = self._store.interactions.written_by(sender, self._since, self._now)
                yield from self._opened.mails(keys)

    def _bounced(self) -> bool:
        """Whether it came back: then it was never received."""
        if any(mail.at > self._letter.at for mail in self._mine if reached(mail) & self._them):
            return False  # it was sent again
        until = min(self._letter.at + BOUNCED, self._now)
        reports = self._opened.lately.came_back(self._letter.at, until)
        return any(failed(mail, self._letter, self._them) for mail in reports)

    @cached_property
    def _under_subject(self) -> list[Message]:
        """What persons wrote since it was said last, under the same subject."""
        return [mail for mail in self._since_letter if mail.at > self._since]

    @cached_property
    def _since_letter(self) -> list[Message]:
        """The same since the letter itself, however often it was repeated."""
        return once(self._opened.mails(self._under_keys, persons=True), self._letter.at)

    @cached_property
    def _mine(self) -> list[Message]:
        return [mail for mail in self._under_subject if mail.sender.address in self._me]

    @cached_property
    def _others(self) -> list[Message]:
        known = self._me | self._them
        return [mail for mail in self._under_subject if mail.sender.address not in known]

    @cached_property
    def _theirs(self) -> list[Message]:
        return once(self._opened.mails(self._theirs_keys, persons=True), self._since)

    def _mine_to_them(self) -> Iterator[Message]:
        sent = once(self._opened.mails(self._mine_to_them_keys), self._since - AT_ONCE)
        yield from (mail for mail in sent if mail.id != self._letter.id)

    @cached_property
    def _under_keys(self) -> list[int]:
        key = subject_key(self._letter.subject)
        return self._store.links.under(key, self._letter.at - COPIED, self._now) if key else []

    @property
    def _theirs_keys(self) -> list[int]:
        first = self._since - COPIED
        return [one.key for one in self._passed if one.role == "from" and one.at > first]

    @property
    def _mine_to_them_keys(self) -> list[int]:
        first = self._since - COPIED
        return [one.key for one in self._passed if one.sender in self._me and one.at >= first]

    def _to_me(self, mail: Message) -> bool:
        """Meant for the user, and not for a crowd."""
        return len(mail.to) <= CROWD and any(party.address in self._me for party in mail.to)

    def _reaches_me(self, mail: Message) -> bool:
        return not self._me.isdisjoint(reached(mail))
