"""What a rule of a pack may say, and a pack of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from recipflow.model import REMARKS, ActType, Flag, Kind, Side

FAVOUR = 0.7
"""Certainty a rule must have for its give to be notable: a wrong one opens a wrong window."""

NOTHING = "none"
"""The act of a rule that only says what a sentence is *not*: phatic, a formula, somebody else's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A message, or the summary of a meeting, that a rule must or must not stand on."""

    text: str = ""
    subject: str = ""
    attachments: tuple[str, ...] = ()
    reply: bool = False
    by: Side = Side.ME


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One way of doing an act. It is equal to itself alone: rules are asked for thousands of times a second.

    A rule stands on a sentence when one of its `text` patterns hits it, none of `unless` does, and every other
    condition holds. Without `text` it stands on the message as a whole.
    """

    id: str
    because: str  #: why, to the user
    matches: tuple[Example, ...]
    not_: tuple[Example, ...]
    act: ActType | None = None  #: None: the sentence says nothing (`act = "none"`)
    of: str = "message"  #: or "meeting": read on a meeting's summary
    by: Side | None = None  #: who must have written it; None: either
    kind: Kind | None = None
    size: float | None = None  #: fu
    routine: bool = False
    notable: bool = False
    flags: frozenset[Flag] = frozenset()
    confidence: float = 0.9
    refines: bool = False  #: only sharpens an act of that type which another rule finds in the sentence
    counts: bool = True  #: False: shown, but moves no standing
    text: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()  #: on the names of attachments
    needs: tuple[str, ...] = ()  #: one of these must hit somewhere in the message
    unless: tuple[str, ...] = ()  #: in the same sentence
    unless_message: tuple[str, ...] = ()  #: anywhere in the message
    before: tuple[str, ...] = ()  #: one of these must hit the sentence before
    after: tuple[str, ...] = ()  #: one of these must hit a sentence soon after
    without: frozenset[ActType] = frozenset()  #: the message holds none of these acts by other rules
    position: str = ""  #: "start", "end" or "only": where in the body the sentence stands
    closing: bool = False  #: greetings and closings are read too
    reply: bool | None = None  #: the message answers another, or does not
    question: bool | None = None  #: the sentence ends in a question mark, or does not
    words: tuple[int, int] = (0, 1 << 20)  #: least and most words of the sentence
    message_words: tuple[int, int] = (0, 1 << 20)  #: least and most words of the body
    rest: int = 0  #: at least so many words of the body carry no act
    due: bool | None = None  #: the sentence names a date, or does not
    remark: bool = field(init=False)  #: it stands beside what else a sentence does, and has no part in it

    def __post_init__(self) -> None:
        object.__setattr__(self, "remark", not self.flags.isdisjoint(REMARKS))

    @property
    def favour(self) -> bool:
        """Whether what it finds is given to be remembered."""
        return self.notable and self.confidence >= FAVOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The rules of one file, for one language ("" = any)."""

    name: str
    language: str
    rules: tuple[Rule, ...] = ()
