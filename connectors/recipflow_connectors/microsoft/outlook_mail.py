"""The connector `outlook_mail`: a mailbox of Outlook, Hotmail or Microsoft 365, read through Microsoft Graph.

It reads with Mail.Read, which can change nothing, not even what is unread. Sending the digest is another permission,
Mail.Send, asked for when it is switched on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from recipflow.connector import Letter, Page, Secrets, SetAside
from recipflow.errors import AuthNeeded, CannotLook, RecipflowError, TryLater
from recipflow.model import Message
from recipflow_connectors.microsoft import letters, messages, settings
from recipflow_connectors.microsoft.failures import WITHDRAW, Gone
from recipflow_connectors.microsoft.folders import DRAFTS, Folders
from recipflow_connectors.microsoft.graph import BATCH, Graph, Json, listed
from recipflow_connectors.microsoft.lists import listing
from recipflow_connectors.microsoft.position import Position, Span, load, text
from recipflow_connectors.microsoft.pulling import Pull
from recipflow_connectors.microsoft.tokens import SEND_MAIL

DIGEST = "digest"
#: Clocks differ by less.
SKEW = timedelta(minutes=10)


def connect(given: Mapping[str, Any], secrets: Secrets) -> OutlookMail:
    """The mailbox of `address`, with `client_id` and what `recipflow connect outlook` put into the vault.

    `tenant` (default "common"), `login_url`, `graph_url`: where to sign in and read, for national clouds.
    `since_days`: how far back at first (default 365). `drafts`: whether drafts may be looked at. `allow = ["digest"]`:
    that the digest may be sent from here, to the user alone. `mailbox`: the address of a shared mailbox, which is read
    instead, by Mail.Read.Shared.
    `requests_per_10_minutes`: what Microsoft allows (default 10,000). Raises UserError with every problem.
    """
    known = settings.checked(given, "outlook_mail", may=DIGEST)
    pace = known.pace()
    plain, sending = (WithDrafts, SendingWithDrafts) if known.drafts else (OutlookMail, Sending)
    return (sending if DIGEST in known.allow else plain)(
        known.graph(secrets, [known.reading], pace),
        known.graph(secrets, [SEND_MAIL], pace, allow=DIGEST),
        address=known.address,
        since_days=known.since_days,
        quota=f"{known.requests_per_10_minutes:,} requests in ten minutes",
    )


class OutlookMail:
    """Pulls and fetches one mailbox. Without further leave it offers nothing else."""

    def __init__(
        self,
        reading: Graph,
        sending: Graph,
        *,
        address: str = "",
        since_days: int = settings.YEAR,
        quota: str = "",
    ) -> None:
        self._graph, self._sending = reading, sending
        self._folders = Folders(reading)
        self._address, self.quota = address, quota
        self._span = timedelta(days=since_days)
        self._late: TryLater | None = None

    def pull(self, cursor: str | None, *, now: datetime) -> Page:
        """The page after `cursor`; one that is not ours starts from nothing, with `reset`."""
        late, self._late = self._late, None
        if late:
            raise late
        position = load(cursor) if cursor is not None else None
        reset = cursor is not None and position is None
        if position is None:
            position = Position(since=text(now - self._span))
        pull = Pull(self._graph, self._folders, position, now=now, reset=reset)
        page = pull.page()
        self._late = pull.late
        return page

    def fetch(self, refs: Sequence[str]) -> Iterator[Message | SetAside]:
        """The whole messages, twenty a request. What cannot be had now is tried when all others were given."""
        late: list[RecipflowError] = []
        for start in range(0, len(refs), BATCH):
            urls = [self.message(ref) for ref in refs[start : start + BATCH]]
            for answer in self._graph.batch(urls):
                if isinstance(answer, Gone):
                    continue
                if isinstance(answer, RecipflowError):
                    late.append(answer)
                else:
                    yield messages.whole(answer, self._folders.label(str(answer.get("parentFolderId"))))
        if late:
            raise _worst(late)

    def present(self, since: datetime, *, now: datetime) -> Iterator[str]:
        """The refs of all messages received since then, folder by folder."""
        for folder in self._folders.read():
            span = Span(text(since), text(now + timedelta(days=1)))
            try:
                for one in listing(self._graph, folder.id, span, select="id,receivedDateTime,isDraft"):
                    if not one.get("isDraft"):
                        yield str(one["id"])
            except Gone:  # deleted meanwhile
                continue

    def revoke(self) -> None:
        """Only the user can: says where."""
        raise RecipflowError(WITHDRAW)

    def message(self, ref: str) -> str:
        """Where the whole message is: of its attachments no bytes."""
        return self._graph.url("me", "messages", ref, select=messages.WHOLE, expand=messages.EXPAND)


class WithDrafts(OutlookMail):
    """With the user's leave, drafts are looked at as well."""

    def drafts(self, known: Mapping[str, str]) -> Mapping[str, tuple[str, Message | None]]:
        """All drafts, with those whose version is not the known one."""
        versions = dict(self._versions())
        changed = [ref for ref, version in versions.items() if known.get(ref) != version]
        urls = [self.message(ref) for ref in changed]
        read = {ref: self._draft(one) for ref, one in zip(changed, self._graph.batch(urls), strict=True)}
        return {ref: (version, read.get(ref)) for ref, version in versions.items()}

    def _versions(self) -> Iterator[tuple[str, str]]:
        url: Any = self._graph.url("me", "mailFolders", DRAFTS, "messages", select="id,changeKey", top=100)
        while isinstance(url, str):
            answer = self._graph.get(url)
            yield from ((str(one["id"]), str(one.get("changeKey") or "")) for one in listed(answer))
            url = answer.get("@odata.nextLink")

    def _draft(self, answer: Json | RecipflowError) -> Message | None:
        """A draft is the user's, and of when it was last changed."""
        if isinstance(answer, Gone):
            return None
        if isinstance(answer, RecipflowError):
            raise answer
        mine = {"emailAddress": {"address": self._address or "me"}}
        changed = answer.get("lastModifiedDateTime") or answer.get("createdDateTime")
        found = messages.whole(
            {"from": mine, "sentDateTime": changed, **{k: v for k, v in answer.items() if v}}, "drafts"
        )
        return found if isinstance(found, Message) else None


class Sending(OutlookMail):
    """With the user's leave, the digest is sent from here."""

    def send(self, letter: Letter) -> str:
        """Send it, and keep a copy in Sent Items. Graph gives no id: `sent` finds it."""
        self._sending.post_text(self._sending.url("me", "sendMail"), letters.encoded(letter))
        return ""

    def sent(self, token: str, *, since: datetime) -> str | None:
        """Looked for in every folder, by its subject: rules move mail, and people delete it."""
        received = f"receivedDateTime ge {text(since - SKEW)}"
        url: Any = self._graph.url(
            "me",
            "messages",
            select="id,subject,isDraft",
            filter=received,
            orderby="receivedDateTime desc",
            top=100,
        )
        while isinstance(url, str):
            try:
                answer = self._graph.get(url)
            except AuthNeeded as fault:
                raise CannotLook("reading this mailbox is not allowed") from fault
            for one in listed(answer):
                if token in str(one.get("subject") or "") and not one.get("isDraft"):
                    return str(one["id"])
            url = answer.get("@odata.nextLink")
        return None


class SendingWithDrafts(Sending, WithDrafts):
    """Both."""


def _worst(faults: Iterable[RecipflowError]) -> RecipflowError:
    """What asks the user to act, before what passes by itself; of those the longest wait."""
    found = list(faults)
    for fault in found:
        if not isinstance(fault, TryLater):
            return fault
    waits = [fault.after for fault in found if isinstance(fault, TryLater) and fault.after is not None]
    return TryLater(str(found[0]), after=max(waits, default=None))
