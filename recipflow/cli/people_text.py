"""What the commands about people say on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from recipflow.cli.render import bold, paragraph, say
from recipflow.foreign import name_line, one_line
from recipflow.model import Side

if TYPE_CHECKING:
    from recipflow.explain.figures import Figure
    from recipflow.explain.grounds import Ground
    from recipflow.explain.portrait import Deed, Painter
    from recipflow.insight import Standpoint
    from recipflow.model import Act, Contact, Nudge
    from recipflow.people.merging import Suggestion
    from recipflow.session import Session

_EACH_SIDE = 12
_INDENT = "    "


class Row(NamedTuple):
    """A contact, when the user was last in touch, and when they were."""

    contact: Contact
    mine: datetime | None
    theirs: datetime | None


def heading(contact: Contact) -> str:
    from recipflow.explain import lookup

    return f"{lookup.called(contact)} <{', '.join(map(name_line, contact.addresses))}>"


def say_contact(session: Session, row: Row, moment: datetime) -> None:
    one = row.contact
    say(bold(heading(one)))
    said = [
        one.profile.value if one.profile else "",
        *sorted(tag.value.replace("_", " ") for tag in one.tags),
    ]
    said += [f"you wrote on {date_of(session, row.mine, moment)}" if row.mine else ""]
    said += [f"heard on {date_of(session, row.theirs, moment)}" if row.theirs else ""]
    if line := ", ".join(filter(None, said)):
        say(paragraph(line, _INDENT))


def say_suggestions(suggested: Iterable[Suggestion]) -> None:
    for place, one in enumerate(suggested):
        if place == 0:
            say()
            say(bold("One person?"))
        say(paragraph(f"{name_line(one.a)} and {name_line(one.b)}: {one_line(one.evidence)}.", "  "))
        say(f"{_INDENT}recipflow merge {name_line(one.a)} {name_line(one.b)}")


def lines(deeds: Sequence[Deed], *, named: bool = False) -> list[str]:
    """What that side did, the newest of it; `named`, with the message each stands in, as `correct` takes it."""
    shown = [
        f"{deed.sentence} <{one_line(deed.message)}>" if named else deed.sentence
        for deed in deeds[:_EACH_SIDE]
    ]
    return [*shown, "…"] if len(deeds) > _EACH_SIDE else shown


def say_open(waiting: Sequence[str]) -> None:
    if waiting:
        say()
        say(bold("Open"))
        for line in waiting:
            say(paragraph(line, "  "))


def say_figures(figured: dict[str, Figure]) -> None:
    from recipflow.explain.figures import GRADES

    say()
    say(bold("Numbers"))
    for name, value in figured.items():
        shown = str(value) if isinstance(value, date) else format(value, ".2f")
        say(f"  {name:34} {shown:>10}  {GRADES.get(name, '')}".rstrip())
    if not figured:
        say(paragraph("None are kept between close friends.", "  "))
    else:
        say(paragraph("What they rest on, and how far to trust it: docs/the-evidence.md", "  "))


def say_ground(
    session: Session,
    point: Standpoint,
    ground: Ground,
    because: dict[str, str],
    moment: datetime,
    *,
    numbers: bool,
) -> None:
    from recipflow.explain import lookup
    from recipflow.explain.grounds import LOGGED

    when = date_of(session, ground.at, moment)
    what = (
        "you logged"
        if ground.id.startswith(LOGGED)
        else f"“{one_line(ground.subject)}” <{one_line(ground.id)}>"
    )
    say()
    say(paragraph(f"{when}: {what}", "  "))
    for act in ground.acts:
        say(paragraph(_reading(act, lookup.called(point.contact), because, numbers=numbers), _INDENT))
        if act.taught is not None:
            learned = f"Learned from your correction of {date_of(session, act.taught, moment)}."
            say(paragraph(learned, _INDENT))


def validity(session: Session, nudge: Nudge, moment: datetime) -> str:
    until = f", until {date_of(session, nudge.closes, moment)} at the latest" if nudge.closes else ""
    return f"It stands since {date_of(session, nudge.opens, moment)}{until}."


def not_told(session: Session, point: Standpoint, nudge: Nudge, painter: Painter) -> str:
    """Why the user is not told of advice that stands, and until when."""
    from recipflow.explain.unadvised import unseen

    why, until = unseen(point, nudge, session.store.decisions.lives(), painter.now)
    when = f" (until {date_of(session, until, painter.now)})" if until else ""
    return f"You are not told of it: {painter.unseen(why)}{when}."


def next_change(session: Session, point: Standpoint, moment: datetime) -> str:
    from recipflow.advice.days import instant as at_day

    due = point.advice.next_due
    if due is None:
        return "Time alone changes nothing in this."
    return f"The next day on which this may change by itself: {date_of(session, at_day(due), moment)}."


def date_of(session: Session, at: datetime, moment: datetime) -> str:
    from recipflow import assembly

    day, today = at.astimezone(session.zone).date(), moment.astimezone(session.zone).date()
    return assembly.wording().short_date(day, today)


def _reading(act: Act, name: str, because: dict[str, str], *, numbers: bool) -> str:
    from recipflow.explain.grounds import told_of

    who = "you" if act.by is Side.ME else name
    kind = f" ({act.kind.value})" if act.kind else ""
    reason = f": {told_of(because[act.rule], act.by)}" if act.rule in because else ""
    sizes = f" Size {act.size:g}, certainty {act.confidence:.2f}." if numbers and act.size is not None else ""
    quote = f" “{one_line(act.quote)}”" if act.quote else ""
    return f"{act.act.value}{kind} by {who}{reason} [{act.rule}].{quote}{sizes}"
