"""The nouns of recipflow: what is observed, what it does, and what is advised.

Terminology (one noun per concept, in code, tables, logs, help and docs):

*interaction*  one observed fact: a message, or a version of a meeting; immutable.
*contact*      a person: one or more addresses; known by its primary address, the `ContactId`.
*act*          what an interaction does towards one contact.
*entry*        an interaction as one contact's ledger sees it, with its acts.
*ledger*       a contact's entries in the order of time, interaction id, position in the text.
*open item*    an ask, promise or grant still waiting.
*plan*         what the user intends with a contact.
*nudge*        one piece of advice to the user.

All instants are aware datetimes in UTC. All addresses are lower case. Value is in favour units
(fu; 1 fu is about a quarter of an hour of somebody's attention).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

ContactId = str


class Side(StrEnum):
    """Who did it: the user, or the contact."""

    ME = "me"
    THEM = "them"


class ActType(StrEnum):
    GIVE = "give"
    ASK = "ask"
    THANKS = "thanks"
    PROMISE = "promise"
    GRANT = "grant"
    REFUSAL = "refusal"


class Kind(StrEnum):
    """What is given, asked, granted, refused or promised."""

    HELP = "help"
    ADVICE = "advice"
    INTRO = "intro"
    RESOURCE = "resource"
    INFO = "info"
    MEETING = "meeting"
    CONCESSION = "concession"
    GIFT = "gift"
    HOSPITALITY = "hospitality"
    CASH = "cash"
    MASS = "mass"


TANGIBLE = frozenset({Kind.GIFT, Kind.HOSPITALITY, Kind.CASH})


class Flag(StrEnum):
    """What makes a give weigh more, less, or nothing (MODEL: value of a give), and what an ask waits for."""

    PERSONAL = "personal"
    UNEXPECTED = "unexpected"
    EFFORT = "effort"
    BUNDLED = "bundled"  # an ask in the same message
    FIRST_CONTACT = "first_contact"
    HIGH = "high"  # relevance high: they had asked for it, or said it helped
    LOW = "low"  # relevance low: nothing came back
    FREELY = "freely"  # the user's word: never opens a window
    IN_PASSING = "in_passing"  # a need told to others, or by the way: nobody was asked
    MET = "met"  # a need told before is met
    DECISION = "decision"  # they are to decide about something of the user's: a tender, a grant
    DECIDED = "decided"
    RESULT = "result"  # something came of it, told to whoever it may be
    OFFERED = "offered"  # a give that waits for being taken up
    BY_VOICE = "by_voice"  # a call or a visit, asked for or promised: whether it came, no mail tells
    PASSING = "passing"  # an ask of the hour it is asked in
    OPTIONAL = "optional"  # an ask that silence answers, a promise that waits for something else
    EACH = "each"  # an ask of several that every one of them is to answer
    ELSEWHERE = "elsewhere"  # an ask to do something for, or with, somebody else


REMARKS = frozenset({Flag.IN_PASSING, Flag.MET, Flag.DECISION, Flag.DECIDED, Flag.RESULT})
"""What makes an act a remark: it is remembered, and neither asks nor gives anything."""


class Form(StrEnum):
    """How a body is written."""

    PLAIN = "plain"
    FLOWED = "flowed"  # RFC 3676
    FLOWED_DELSP = "flowed-delsp"
    HTML = "html"


class Party(NamedTuple):
    address: str
    name: str = ""


class Attachment(NamedTuple):
    """Name, MIME type and size in bytes; never the bytes themselves."""

    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail. A connector fills `body` and `form`; the core cuts the new `text` out of it, and only that is kept."""

    id: str  #: Message-ID without <>, else a hash of date, from, to, subject and body
    at: datetime
    sender: Party
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    bcc: tuple[Party, ...] = ()
    subject: str = ""
    in_reply_to: str = ""  #: without <>; out of a store, its alias, as in `references`
    references: tuple[str, ...] = ()  #: oldest first, without <>
    thread_hint: str = ""  #: the provider's thread id (X-GM-THRID, conversationId)
    labels: tuple[str, ...] = ()  #: folder or labels, lower case: "sent", "inbox", "drafts" ...
    ref: str = ""  #: by which its connector finds it again; "" where it never has to
    partial: bool = False  #: its head alone: `fetch` of its `ref` brings the whole
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)  #: those of `KEPT_HEADERS` that it has
    sealed: bool = False  #: encrypted or image only: there may be words, and none can be read
    body: str = ""  #: the whole body as sent, decoded; never stored
    form: Form = Form.PLAIN
    text: str = ""  #: the new text: no quotes, signature, forwards, disclaimer


KEPT_HEADERS = frozenset(
    {
        "auto-submitted",
        "precedence",
        "list-id",
        "list-post",
        "list-unsubscribe",
        "x-auto-response-suppress",
        "x-autoreply",
        "x-autorespond",
        "x-loop",
        "feedback-id",
        "return-path",
        "reply-to",
        "sender",
        "content-type",  # of the whole message: multipart/report, text/calendar
        "x-failed-recipients",
        "x-mailer",
        "x-google-drive-share",
        "resent-from",
    }
)
"""What telling machines from people needs of a message's head."""


class PartStat(StrEnum):
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    NEEDS_ACTION = "needs-action"


class Attendee(NamedTuple):
    address: str
    name: str = ""
    partstat: PartStat = PartStat.NEEDS_ACTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One version of one instance of a meeting. Of one `id`, the latest version wins."""

    id: str  #: uid, or uid + "/" + recurrence id (UTC, basic ISO form) for an instance of a series
    uid: str
    version: str  #: hash of the content
    sequence: int = 0
    known: datetime  #: when this version came to be known (LAST-MODIFIED, else DTSTAMP, else CREATED, else starts)
    starts: datetime
    ends: datetime
    all_day: bool = False
    recurring: bool = False  #: an instance of a standing series
    cancelled: bool = False
    private: bool = False  #: CLASS:PRIVATE or CONFIDENTIAL
    away: bool = False  #: the calendar itself marks it as an absence of the user's
    organizer: Party | None = None
    attendees: tuple[Attendee, ...] = ()
    summary: str = ""
    attachments: tuple[Attachment, ...] = ()


Interaction = Message | Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What one interaction does towards one contact, with the sentence it stands on."""

    contact: ContactId
    by: Side
    act: ActType
    kind: Kind | None = None  #: None for thanks
    size: float | None = None  #: fu; None for thanks
    routine: bool = False
    notable: bool = False
    flags: frozenset[Flag] = frozenset()
    quote: str = ""
    rule: str = ""
    position: int = 0  #: offset of the quote in the new text
    due: date | None = None  #: by when, in the writer's own day, if the text says so
    about: date | None = None  #: the last day that the letter around an ask or promise speaks of
    confidence: float = 1.0
    notable_confidence: float = 0.0
    large_confidence: float = 0.0
    counts: bool = True  #: whether it moves a standing
    taught: datetime | None = None  #: when the user said what changed how far it is believed

    @property
    def remark(self) -> bool:
        """Whether it is only remembered: nothing was asked or given by it."""
        return not self.flags.isdisjoint(REMARKS)


YES = 0.5
"""Certainty from which an act is held to be there at all."""

COUNTS = 0.6
"""Certainty from which it moves a standing."""


class Channel(StrEnum):
    MAIL = "mail"
    MEETING = "meeting"
    LOG = "log"  #: the user's own word about something off-line


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An interaction as one contact's ledger sees it."""

    interaction: str
    at: datetime
    by: Side
    thread: str
    channel: Channel
    acts: tuple[Act, ...] = ()
    direct: bool = True  #: addressed to the other side itself (To), not by the way (Cc) or in a crowd
    question: bool = False  #: its new text ends in, or consists of, a question to the other side
    question_quote: str = ""
    alone: bool = True  #: addressed to the other side and to nobody else
    few: bool = True  #: addressed to few enough for each to feel meant
    reply: bool = False  #: it answers something
    again: bool = False  #: what it answers is its writer's own mail
    third: bool = False  #: what it answers is a third person's mail, that both have
    unread: bool = False  #: it has words we cannot read: another language, encrypted, image only
    away_until: date | None = None  #: an automatic reply: its sender is away until then
    proxy: bool = False  #: somebody else's word to the other side, in a thread the user sees


class ProfileName(StrEnum):
    SALES = "sales"
    BUSINESS = "business"
    CLOSE = "close"


class NormName(StrEnum):
    NEUTRAL = "neutral"
    ENDURING = "enduring"
    IN_KIND = "in_kind"


class Tag(StrEnum):
    """What the user says of a contact; each only ever holds advice back."""

    PUBLIC_SECTOR = "public_sector"
    REGULATED = "regulated"
    DEPENDANT = "dependant"  #: reports, students, patients: no windows
    NOT_PUBLIC = "not_public_sector"  #: the address looks like it, and it is not so
    TEAM = "team"  #: works with the user every day: routine traffic is duty
    PRIVATE = "private"  #: nothing about them is stored
    NEVER = "never"  #: no advice, for good


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the user intends with a contact. Sizes are in fu."""

    id: str  #: names it for as long as it stands
    at: datetime  #: when it was made
    ask: str  #: in the user's words
    size: float = 1.0
    by: date | None = None  #: when the user needs it
    first: str = ""  #: a larger ask that is meant, and comes before it
    first_size: float = 0.0
    give: str = ""  #: what the user thinks of giving, if anything
    give_kind: Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person the user wrote to, answered or met, with what the user said about them."""

    id: ContactId  #: the primary address
    addresses: tuple[str, ...]
    name: str = ""
    profile: ProfileName | None = None  #: None: not confirmed, read as business
    norm: NormName = NormName.NEUTRAL
    norm_said: bool = False  #: the user chose it: for them, their group, or everybody
    tz: str | None = None
    tags: frozenset[Tag] = frozenset()
    pending_decisions: tuple[tuple[date, date], ...] = ()
    watched: bool = False  #: on the user's watch list: windows are shown
    plans: tuple[Plan, ...] = ()  #: in the order in which they were made
    gift_rule: str = ""  #: the rule about gifts the user says binds them; "": as their domain tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What the user assumes of everybody at a domain, with a tag, or both."""

    domain: str = ""
    tag: Tag | None = None
    profile: ProfileName | None = None
    norm: NormName | None = None

    def holds(self, contact: Contact) -> bool:
        hosts = (one.rpartition("@")[2] for one in contact.addresses)
        there = any(host == self.domain or host.endswith(f".{self.domain}") for host in hosts)
        return (not self.domain or there) and (self.tag is None or self.tag in contact.tags)


class NudgeKind(StrEnum):
    """In the digest's order."""

    COMPLIANCE = "compliance"
    THANK = "thank"
    KEEP_PROMISE = "keep_promise"
    REPLY_OWED = "reply_owed"
    GIVE_BACK = "give_back"
    REPORT_BACK = "report_back"
    HOLD_BACK = "hold_back"
    FOLLOW_UP = "follow_up"
    AWAITED = "awaited"
    RETREAT = "retreat"
    ASK_NOW = "ask_now"
    ASK_SOON = "ask_soon"
    STALE = "stale"
    COULD_GIVE = "could_give"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """One piece of advice, with what it stands on."""

    key: str  #: stable: contact, kind, episode
    kind: NudgeKind
    contact: ContactId
    opens: datetime
    closes: datetime | None = None
    quote: str = ""
    evidence: tuple[str, ...] = ()  #: ids of interactions, newest last
    facts: Mapping[str, str | int | float | date] = field(default_factory=dict)  #: what the wording needs
    numbers: Mapping[str, float] = field(default_factory=dict)  #: shown only under `--numbers`
    shown: bool = True


class Asking(StrEnum):
    """What the user is asked about, where reading is not sure enough for advice; in the order they come up."""

    THEIR_ASK = "their_ask"
    MY_PROMISE = "my_promise"
    FAVOUR = "favour"  #: something they did
    THEIR_PROMISE = "their_promise"
    MY_GIVE = "my_give"  #: whether it helped


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One yes-or-no question to the user about a sentence; the answer is a correction."""

    key: str  #: stable: contact, kind, interaction
    kind: Asking
    contact: ContactId
    interaction: str
    act: ActType
    opens: datetime
    closes: datetime
    quote: str = ""
    facts: Mapping[str, str | int | float | date] = field(default_factory=dict)
    shown: bool = False
