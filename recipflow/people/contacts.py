"""Who is a person, what a person is called, and which contact a name on the command line means."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from recipflow.model import Contact, Meeting, Message, PartStat
from recipflow.people.addresses import clean_name, looks_automatic, name_from_address

#: A message of the user's to more people than this does not make persons of them.
CROWD = 10
#: A meeting with more people than this besides the user does not either.
TABLE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How often the user and an address had to do with each other. Sums of it are evidence again, in any order."""

    wrote: int = 0  #: messages of the user's to it
    answered: int = 0  #: of those, answers
    met: int = 0  #: meetings with at most four others, attended

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            wrote=self.wrote + other.wrote, answered=self.answered + other.answered, met=self.met + other.met
        )


def evidence_in(message: Message, me: frozenset[str]) -> Iterator[tuple[str, Evidence]]:
    """Of a message that the user sent by hand: those it shows to be persons."""
    if message.sender.address not in me or _is_automatic(message):
        return
    reached = {party.address for party in (*message.to, *message.cc, *message.bcc)} - me
    if len(reached) > CROWD:
        return
    found = Evidence(wrote=1, answered=1 if message.in_reply_to else 0)
    for address in sorted(reached):
        if not looks_automatic(address):
            yield address, found


def evidence_at(meeting: Meeting, me: frozenset[str]) -> Iterator[tuple[str, Evidence]]:
    """Of a meeting that took place with the user: those it shows to be persons."""
    others = {guest.address for guest in meeting.attendees if guest.partstat is not PartStat.DECLINED} - me
    asked = {guest.address for guest in meeting.attendees} - me
    if meeting.organizer and meeting.organizer.address not in me:
        others.add(meeting.organizer.address)
        asked.add(meeting.organizer.address)
    if meeting.cancelled or len(asked) > TABLE or not _attends(meeting, me):
        return
    for address in sorted(others):
        if not looks_automatic(address):
            yield address, Evidence(met=1)


def display_name(seen: Mapping[str, int], address: str) -> str:
    """What to call the owner of an address: the most frequent sensible spelling, else what the address suggests."""
    spelled: Counter[str] = Counter()
    for name, count in seen.items():
        if cleaned := clean_name(name):
            spelled[cleaned] += count
    return min(
        spelled, key=lambda name: _awkwardness(name, spelled[name]), default=name_from_address(address)
    )


def find(query: str, contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """The contacts a PERSON argument may mean: those of the first of address, whole name, whole words, part that
    finds any. Accents and case do not matter.
    """
    wanted = folded(query.strip().removeprefix("mailto:"))
    ranked: dict[int, list[Contact]] = {}
    for contact in contacts:
        rank = _rank(wanted, contact) if wanted else None
        if rank is not None:
            ranked.setdefault(rank, []).append(contact)
    return tuple(sorted(ranked[min(ranked)], key=lambda contact: contact.id)) if ranked else ()


def folded(text: str) -> str:
    """Without case and accents, white space collapsed."""
    text = text.casefold()
    if not text.isascii():
        letters = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(text.split())


def _rank(wanted: str, contact: Contact) -> int | None:
    name = folded(contact.name)
    if wanted in contact.addresses:
        return 0
    if wanted == name:
        return 1
    if set(wanted.split()) <= set(name.split()):
        return 2
    if wanted in name or any(wanted in address for address in contact.addresses):
        return 3
    return None


def _awkwardness(name: str, count: int) -> tuple[bool, int, int, str]:
    """Least for a name of two to four words that is seen most; ties go to the longer, then to the alphabet."""
    words = len(name.split())
    return not 2 <= words <= 4, -count, -len(name), name


def _is_automatic(message: Message) -> bool:
    return message.headers.get("auto-submitted", "no").lower() not in {"no", ""} or "drafts" in message.labels


def _attends(meeting: Meeting, me: frozenset[str]) -> bool:
    if meeting.organizer and meeting.organizer.address in me:
        return True
    return any(
        guest.address in me and guest.partstat in {PartStat.ACCEPTED, PartStat.TENTATIVE}
        for guest in meeting.attendees
    )
