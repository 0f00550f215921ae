"""One pass over a mailbox: what is new in each folder, then what a first pass has still to go down to."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from recipflow.connector import Page, SetAside
from recipflow.errors import TryLater
from recipflow.model import Message
from recipflow_connectors.imap.folders import Folder, Folders
from recipflow_connectors.imap.letters import Letters
from recipflow_connectors.imap.listing import Status, examine, status, uids
from recipflow_connectors.imap.position import MOST_ASIDE, Place, Position
from recipflow_connectors.imap.session import refusal

PAGE = 400
"""Heads to a page."""


@dataclass(slots=True)
class Job:
    """What is to be read in one folder."""

    folder: Folder
    place: Place
    seen: Status
    fresh: deque[int] = field(default_factory=deque)  #: ascending: all below the last one read is known then
    older: deque[int] = field(default_factory=deque)  #: descending: the newest first
    mended: bool = False  #: flags changed, so that what was left out may be mail by now

    @property
    def left(self) -> int:
        return len(self.fresh) + len(self.older)


class Pass:
    """Looks at every folder when it is made; then gives page after page, over any connection."""

    def __init__(
        self,
        client: IMAPClient,
        position: Position | None,
        found: Folders,
        *,
        now: datetime,
        days: int,
        anew: bool,
    ) -> None:
        """`position` None starts from nothing; `anew` if there was a cursor, and it was not understood."""
        self.position = position or Position(days)
        self._gmail = found.gmail
        self._floor = now.date() - timedelta(days=days)
        self._again = [self._floor] if anew else []  #: days from which folders are read again
        self._aside: list[SetAside] = []
        self._opened: list[str] = []  #: folders that the server may have kept closed before
        self._widen(days)
        client.noop()  # STATUS of the folder that is open may be as old as the last command (RFC 9051, 6.3.11)
        names = {folder.name for folder in found.read}
        self.position.places = {name: one for name, one in self.position.places.items() if name in names}
        jobs = [job for folder in found.read if (job := self._looked(client, folder))]
        self._jobs = deque(sorted(jobs, key=lambda job: not job.fresh))
        self._done, self._total = 0, sum(job.left for job in jobs)

    def page(self, client: IMAPClient) -> Page:
        """Some hundred heads more, from as many folders as it takes."""
        messages: list[Message] = []
        while self._jobs and len(messages) < PAGE:
            job = self._jobs[0]
            try:
                self._read(client, job, messages)
            except IMAPClientError as fault:
                self._refused(job.folder, fault)
                self._jobs.popleft()
                continue
            if not job.left:
                self._close(self._jobs.popleft())
        since, self._again = min(self._again, default=None), []
        aside, self._aside = tuple(self._aside), []
        opened, self._opened = tuple(self._opened), []
        return Page(
            interactions=tuple(messages),
            cursor=self.position.dump(),
            more=bool(self._jobs),
            reset=since is not None,
            since=datetime.combine(since, time(), UTC) if since else None,
            set_aside=aside,
            reread=opened,
            done=self._done,
            total=self._total,
        )

    def upto(self, folder: str) -> int | None:
        """The UID below which all of a folder is known; None of one that is not read."""
        place = self.position.places.get(folder)
        return place.next if place else None

    def _widen(self, days: int) -> None:
        """Go down again where the user wants to see further back than was gone."""
        if days > self.position.days:
            self.position.days = days
            for place in self.position.places.values():
                place.low, place.since = place.next, self._floor.isoformat()

    def _looked(self, client: IMAPClient, folder: Folder) -> Job | None:
        """What there is to do in a folder; None when nothing is."""
        try:
            job = self._job(client, folder)
        except IMAPClientError as fault:
            self._refused(folder, fault)
            return None
        self._opened.append(folder.name)
        if job.left or job.mended:
            return job
        self._close(job)
        return None

    def _job(self, client: IMAPClient, folder: Folder) -> Job:
        """Without opening the folder, if it says of itself that nothing in it is new."""
        seen, known = status(client, folder.name), self.position.places.get(folder.name)
        if known and known.low is None and known.validity == seen.validity and known.next == seen.next:
            changed = not seen.modseq or seen.modseq > known.modseq
            return Job(folder, known, seen, mended=changed and bool(known.aside))
        seen = examine(client, folder.name)
        place = self._place(folder, seen)
        job = Job(folder, place, seen, mended=bool(place.aside))
        if place.low is not None:
            since = date.fromisoformat(place.since)
            there = uids(client, seen.count, since=since)
            job.older.extend(uid for uid in reversed(there) if uid < place.low)
        if seen.next > place.next:
            job.fresh.extend(uid for uid in uids(client, seen.count, start=place.next) if uid < seen.next)
        return job

    def _place(self, folder: Folder, seen: Status) -> Place:
        """How far the folder was read; nothing yet when it is new.

        When its UIDs are new, it is read again as far back as before: mail that was moved or imported meanwhile may
        be of any age, and of what is known by its head alone the body must be found again.
        """
        known = self.position.places.get(folder.name)
        if known and known.validity == seen.validity:
            return known
        since = date.fromisoformat(known.since) if known else self._floor
        if known:
            self._again.append(since)
        made = Place(seen.validity, seen.next, seen.next, since.isoformat())
        self.position.places[folder.name] = made
        return made

    def _read(self, client: IMAPClient, job: Job, found: list[Message]) -> None:
        """Heads of a folder into `found`, its place moving along with them: what comes next may be refused."""
        place = job.place
        if examine(client, job.folder.name).validity != place.validity:
            raise TryLater(f"The folder {job.folder.name} was made anew while it was read.", after=0)
        letters = Letters(client, job.folder, place.validity, gmail=self._gmail)
        if job.mended:
            found += self._mended(letters, job)
        if fresh := _taken(job.fresh, PAGE - len(found)):
            found += self._heads(letters, place, fresh)
            place.next = fresh[-1] + 1
        if older := _taken(job.older, PAGE - len(found)):
            found += self._heads(letters, place, older)
            place.low = older[-1]
        self._done += len(fresh) + len(older)

    def _mended(self, letters: Letters, job: Job) -> list[Message]:
        """What was left out by a flag, and the flag is gone."""
        still = letters.left_out(job.place.aside)
        freed = self._heads(letters, job.place, [uid for uid in job.place.aside if uid not in still])
        job.mended = False
        return freed

    def _heads(self, letters: Letters, place: Place, wanted: Sequence[int]) -> list[Message]:
        made, left_out = letters.heads(wanted)
        flagged = {uid for uid, reason in left_out.items() if reason != "sent"}
        place.aside = sorted({*place.aside}.difference(wanted) | flagged)[-MOST_ASIDE:]
        self._aside += [one for one in made if isinstance(one, SetAside)]
        return [one for one in made if isinstance(one, Message)]

    def _close(self, job: Job) -> None:
        """Nothing in this folder is missing now."""
        place = job.place
        place.next, place.low = max(place.next, job.seen.next), None
        place.modseq = job.seen.modseq

    def _refused(self, folder: Folder, fault: IMAPClientError) -> None:
        """One folder that the server will not open does not stop the others."""
        told = refusal(fault)
        if told is None:
            raise fault
        self._aside.append(SetAside(folder.name, f"the server does not open this folder: {told}"))


def _taken(waiting: deque[int], room: int) -> list[int]:
    """As many as there is room for, from the left."""
    return [waiting.popleft() for _ in range(min(room, len(waiting)))]
