"""What an interaction does towards a contact, and an interaction as one contact's ledger sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

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
    WITHDRAWN = "withdrawn"  # what was asked is taken back: found, or needed no more
    RESULT = "result"  # something came of it, told to whoever it may be
    REPAID = "repaid"  # what was lent or laid out comes back: it settles, and is no favour
    OFFERED = "offered"  # a give that waits for being taken up
    BY_VOICE = "by_voice"  # a call or a visit, asked for or promised: whether it came, no mail tells
    PASSING = "passing"  # an ask of the hour it is asked in
    OPTIONAL = "optional"  # an ask that silence answers, a promise that waits for something else
    EACH = "each"  # an ask of several that every one of them is to answer
    ELSEWHERE = "elsewhere"  # an ask to do something for, or with, somebody else, or in a system
    BY_POST = "by_post"  # what goes by post, by hand or in a system: whether it went, no mail tells
    BESIDE = "beside"  # of what is open: an ask in an answer of theirs, a promise of mine in a letter that answers nothing
    LEFT = "left"  # of what is open: it lay for a week in which the user wrote much else


REMARKS = frozenset({Flag.IN_PASSING, Flag.MET, Flag.DECISION, Flag.DECIDED, Flag.RESULT, Flag.WITHDRAWN})
"""What makes an act a remark: it is remembered, and neither asks nor gives anything."""


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
