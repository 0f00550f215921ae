"""Which nudges a digest shows, in which order, and in which words."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby

from recipflow.counted import counted
from recipflow.foreign import name_line, one_line
from recipflow.model import ContactId, Nudge, NudgeKind, Question
from recipflow.wording import Wording

LIMIT = 7
"""Items in a digest: more would be a list of chores (DESIGN: at most seven)."""

_ORDER = {kind: place for place, kind in enumerate(NudgeKind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of people's mail could be read; counts of messages. Machines' mail is not in it."""

    messages: int
    read: int
    unread: Mapping[str, int]  #: why not -> how many: a language's name, "encrypted", "damaged"

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all."""
        return 100 * self.read // self.messages if self.messages else 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    key: str  #: for `recipflow why KEY`
    kind: NudgeKind
    sentence: str
    quote: str
    again: bool = False  #: a digest said it before


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionItem:
    key: str  #: for `recipflow yes KEY` and `recipflow no KEY`
    sentence: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    items: tuple[DigestItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Everything on one day's page; all of it safe to show, none of it escaped for HTML yet."""

    title: str
    day: date
    day_words: str
    notes: tuple[str, ...] = ()  #: what is to be known before the rest
    sections: tuple[Section, ...]
    questions_title: str
    questions: tuple[QuestionItem, ...]
    empty: str  #: what to say when there is no section
    again: str = ""  #: the mark of what was said before
    more: str  #: that more stand than are shown, or ""
    review_title: str = ""
    review: tuple[str, ...] = ()  #: the month before, in counts
    footer: tuple[str, ...]

    @property
    def items(self) -> tuple[DigestItem, ...]:
        return tuple(item for section in self.sections for item in section.items)


def compose(
    nudges: Iterable[Nudge],
    names: Mapping[ContactId, str],
    *,
    wording: Wording,
    now: datetime,
    tz: tzinfo,
    coverage: Coverage | None = None,
    version: str = "",
    questions: Iterable[Question] = (),
    limit: int | None = LIMIT,
    waiting: int = 0,
    quotes: bool = True,
    again: Container[str] = (),
    notes: Iterable[str] = (),
    footer: Iterable[str] = (),
) -> Digest:
    """The digest of those nudges that are to be shown, in DESIGN's order, older ones first within a kind.

    `names` gives each contact's name; one without is called by the address. `limit` None shows all; `waiting` is how
    many stand besides these. Without `quotes`, nothing of anybody's words is in it. `footer` comes before its own lines.
    Of `questions`, those marked as shown stand at the end. `again` holds the keys of what was said before.
    """
    shown = in_order(nudge for nudge in nudges if nudge.shown)
    kept = shown[:limit]
    today = now.astimezone(tz).date()
    teller = _Teller(names, wording, tz, now, quotes)
    return Digest(
        title=wording.title(),
        day=today,
        day_words=wording.full_date(today),
        notes=tuple(map(one_line, notes)),
        sections=_sections([teller.item(nudge, again=nudge.key in again) for nudge in kept], wording),
        questions_title=wording.questions_title(),
        questions=tuple(teller.question(one) for one in questions if one.shown),
        empty=wording.empty(),
        again=wording.again(),
        more=wording.more(len(shown) - len(kept) + waiting),
        footer=(*map(one_line, footer), *_footer(coverage, version)),
    )


def in_order(nudges: Iterable[Nudge]) -> tuple[Nudge, ...]:
    """Nudges as a digest lists them: by kind, then the one that opened first."""
    return tuple(sorted(nudges, key=lambda nudge: (_ORDER[nudge.kind], nudge.opens, nudge.key)))


@dataclass(frozen=True, slots=True)
class _Teller:
    """Puts nudges and questions into words; without `quotes`, nothing of anybody's own."""

    names: Mapping[ContactId, str]
    wording: Wording
    tz: tzinfo
    now: datetime
    quotes: bool

    def item(self, nudge: Nudge, *, again: bool) -> DigestItem:
        return DigestItem(
            key=name_line(nudge.key),
            kind=nudge.kind,
            sentence=self.wording.because(nudge, self._called(nudge.contact), tz=self.tz, now=self.now),
            quote=self._quote(nudge.quote),
            again=again,
        )

    def question(self, one: Question) -> QuestionItem:
        return QuestionItem(
            key=name_line(one.key),
            sentence=self.wording.question(one, self._called(one.contact), tz=self.tz, now=self.now),
            quote=self._quote(one.quote),
        )

    def _called(self, contact: ContactId) -> str:
        return self.names.get(contact, "").strip() or contact

    def _quote(self, words: str) -> str:
        return one_line(words) if self.quotes else ""


def _sections(items: Sequence[DigestItem], wording: Wording) -> tuple[Section, ...]:
    return tuple(
        Section(title=wording.section(kind), items=tuple(group))
        for kind, group in groupby(items, lambda item: item.kind)
    )


def _footer(coverage: Coverage | None, version: str) -> tuple[str, ...]:
    lines: list[str] = []
    if coverage is not None and coverage.messages:
        lines.append(
            f"Read {coverage.read:,} of {counted(coverage.messages, 'message')} from people ({coverage.percent} %)."
        )
        unread = sorted(coverage.unread.items(), key=lambda reason: (-reason[1], reason[0]))
        if unread:
            lines.append("Not read: " + ", ".join(f"{count} {name_line(why)}" for why, count in unread) + ".")
    if version:
        lines.append(f"recipflow {version}. Nothing was sent to anybody.")
    return tuple(lines)
