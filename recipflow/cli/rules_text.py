"""What `recipflow rules diff` and `recipflow rules learned` say, on a terminal and for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from recipflow.cli.render import bold, counted, paragraph, say
from recipflow.foreign import name_line, one_line
from recipflow.model import Side

if TYPE_CHECKING:
    from recipflow.derive.lessons import Lesson
    from recipflow.model import Act, Nudge
    from recipflow.session import Session
    from recipflow.session.rehearsal import Found, Rehearsal

_LISTED = 10


def tell(session: Session, found: Rehearsal, now: datetime, *, everything: bool) -> None:
    """The acts and the advice that would be otherwise, a few of each unless `everything` is wanted."""
    most = None if everything else _LISTED
    _tell_acts("Read from now on", found.added, most)
    _tell_acts("Read no longer", found.removed, most)
    _tell_acts("Read otherwise", [after for _, after in found.changed], most)
    _tell_advice("Would be said", session, found, found.begins, now, most)
    _tell_advice("Would not be said", session, found, found.ends, now, most)
    if found.empty:
        say(paragraph("Nothing in your mail would be read or said otherwise."))
    if found.forgotten:
        kept = counted(found.forgotten, "message")
        say(paragraph(f"The words of {kept} are not kept any more: they stay as they were read."))


def as_json(session: Session, found: Rehearsal, now: datetime) -> dict[str, object]:
    """All of it; acts with the message they stand in, advice as in `today --json`."""
    from recipflow import assembly
    from recipflow.digest.as_json import as_json as advice

    def said(nudges: Sequence[Nudge]) -> object:
        return advice(nudges, found.contacts, wording=assembly.wording(), now=now, tz=session.zone)

    return {
        "acts": {
            "added": [_act(one) for one in found.added],
            "removed": [_act(one) for one in found.removed],
            "changed": [{"before": _act(before), "after": _act(after)} for before, after in found.changed],
        },
        "nudges": {"added": said(found.begins), "removed": said(found.ends)},
        "forgotten": found.forgotten,
    }


def tell_lessons(session: Session, known: Sequence[Lesson], now: datetime) -> None:
    """One paragraph a lesson: what was corrected, when, and of whom."""
    for lesson in known:
        say(paragraph(f"{lesson.number}  {_lesson_words(session, lesson, now)}"))
    if known:
        say()
        say(
            paragraph(
                "What came later is read accordingly. Take one back: recipflow rules learned --drop NUMBER"
            )
        )
    else:
        say(paragraph("Nothing yet: recipflow correct, wrong, yes and no teach."))


def lessons_as_json(session: Session, known: Iterable[Lesson]) -> list[dict[str, object]]:
    """One object a lesson."""
    return [
        {
            "number": one.number,
            "said": one.said.astimezone(session.zone),
            "message_id": one.interaction,
            "contact": one.contact,
            "by": one.by.value,
            "act": one.act.value,
            "rule": one.rule,
            "right": one.right,
            "kind": one.kind and one.kind.value,
            "routine": one.routine,
        }
        for one in known
    ]


def _lesson_words(session: Session, lesson: Lesson, now: datetime) -> str:
    from recipflow.cli.people_text import date_of

    who = (
        f"by you to {name_line(lesson.contact)}"
        if lesson.by is Side.ME
        else f"by {name_line(lesson.contact)}"
    )
    kind = f", {lesson.kind.value}" if lesson.kind else ""
    said = f"it was one{kind}{', plain duty' if lesson.routine else ''}" if lesson.right else "it was none"
    when = date_of(session, lesson.said, now)
    return f"{when}: of a {lesson.act.value} {who}, read by {one_line(lesson.rule)}, you said that {said}."


def _tell_acts(title: str, acts: Sequence[Found], most: int | None) -> None:
    if not acts:
        return
    say(bold(f"{title}: {counted(len(acts), 'act')}"))
    for one in acts[:most]:
        say(paragraph(f"{one.at:%Y-%m-%d}  {_act_words(one.act)}", "  "))
    _tell_rest(len(acts), most)


def _tell_advice(
    title: str, session: Session, found: Rehearsal, nudges: Sequence[Nudge], now: datetime, most: int | None
) -> None:
    from recipflow import assembly

    if not nudges:
        return
    wording = assembly.wording()
    say(bold(title))
    for one in nudges[:most]:
        name = found.contacts[one.contact].name.strip() or one.contact
        say(paragraph(wording.because(one, name, tz=session.zone, now=now), "  "))
        if one.quote:
            say(paragraph(f"“{one_line(one.quote)}”", "    "))
    _tell_rest(len(nudges), most)


def _tell_rest(count: int, most: int | None) -> None:
    if most is not None and count > most:
        say(f"  and {count - most} more (--all)")


def _act_words(act: Act) -> str:
    kind = f" ({act.kind.value})" if act.kind else ""
    who = f"by you to {name_line(act.contact)}" if act.by is Side.ME else f"by {name_line(act.contact)}"
    quote = f": “{one_line(act.quote)}”" if act.quote else ""
    return f"{act.act.value}{kind} {who}{quote} [{act.rule}]"


def _act(found: Found) -> dict[str, object]:
    act = found.act
    return {
        "message_id": found.interaction,
        "date": found.at,
        "contact": act.contact,
        "by": act.by.value,
        "act": act.act.value,
        "kind": act.kind and act.kind.value,
        "size": act.size,
        "routine": act.routine,
        "notable": act.notable,
        "counts": act.counts,
        "quote": act.quote,
        "rule": act.rule,
        "confidence": act.confidence,
    }
