"""What to tell the user about one contact now, and when that answer can next change by itself.

`advise` is a pure function of what stands in the ledger and of `now`; what was shown, snoozed or dismissed before is
the shell's business (DESIGN.md, "The way of one datum").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from recipflow.advice.asking import awaited, crowd, hold_back
from recipflow.advice.beside import Match, News, Pace
from recipflow.advice.days import DAY, end_of
from recipflow.advice.gifts import compliance
from recipflow.advice.giving import give_back, keep_promise, thank
from recipflow.advice.helping import could_give, report_back
from recipflow.advice.holds import Held, Hold
from recipflow.advice.hoping import helped
from recipflow.advice.reminding import follow_up
from recipflow.advice.replying import reply_owed
from recipflow.advice.retreating import retreat
from recipflow.advice.view import Finding, Turn, View
from recipflow.advice.windows import ask_window, opened, stale
from recipflow.model import Contact, Nudge, NudgeKind, ProfileName, Question, Tag

__all__ = [
    "WINDOWS",
    "Advice",
    "Held",
    "Hold",
    "Match",
    "News",
    "Pace",
    "View",
    "advise",
    "opened",
    "windows_shown",
]

RULES: tuple[Callable[[View], Iterator[Finding]], ...] = (
    compliance,
    thank,
    keep_promise,
    reply_owed,
    give_back,
    report_back,
    hold_back,
    follow_up,
    awaited,
    retreat,
    ask_window,
    stale,
    could_give,
    helped,
)

_ASKING = frozenset({NudgeKind.FOLLOW_UP, NudgeKind.RETREAT, NudgeKind.ASK_NOW, NudgeKind.ASK_SOON})
"""Advice after which the user may ask something."""
WINDOWS = frozenset({NudgeKind.ASK_NOW, NudgeKind.ASK_SOON, NudgeKind.STALE})
"""Shown only where the user cares: a plan, the watch list, a confirmed profile (DESIGN.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What stands, what is held back and why, and when to look again (days since the epoch; None: never by itself)."""

    nudges: tuple[Nudge, ...] = ()
    questions: tuple[Question, ...] = ()  #: to the user, where reading is not sure enough
    held: tuple[Held, ...] = ()
    next_due: float | None = None


def advise(view: View) -> Advice:
    """Every nudge that stands for this contact now, in the digest's order."""
    if view.tagged(Tag.NEVER) or view.tagged(Tag.PRIVATE):
        return Advice()
    findings = _in_accord(view, [finding for rule in RULES for finding in rule(view)])
    findings += [Turn(end_of(plan.by, view.zone)) for plan in view.contact.plans if plan.by]
    nudges = tuple(finding for finding in findings if isinstance(finding, Nudge))
    held = tuple(finding for finding in findings if isinstance(finding, Held))
    questions = () if view.close else tuple(finding for finding in findings if isinstance(finding, Question))
    return Advice(nudges=nudges, questions=questions, held=held, next_due=_next_due(view, findings))


def _in_accord(view: View, findings: list[Finding]) -> list[Finding]:
    """Nobody who is to be left some room, or whose organisation is, is reminded or asked anew: `check` says so, too."""
    room = any(isinstance(one, Nudge) and one.kind is NudgeKind.HOLD_BACK for one in findings)
    return list(_with_room(view, findings, room=room)) if room or view.organisation.crowded else findings


def _with_room(view: View, findings: list[Finding], *, room: bool) -> Iterator[Finding]:
    for one in findings:
        if room and isinstance(one, Nudge) and one.kind is NudgeKind.FOLLOW_UP:
            yield Held(kind=NudgeKind.FOLLOW_UP, because=Hold.ROOM)
        elif view.organisation.crowded and isinstance(one, Nudge) and one.kind in _ASKING:
            yield crowd(view, one.kind)
        else:
            yield one


def windows_shown(contact: Contact) -> bool:
    """Whether this contact's windows are shown without waiting for the weekly place of the unconfirmed."""
    return (
        contact.watched or bool(contact.plans) or contact.profile in (ProfileName.BUSINESS, ProfileName.SALES)
    )


def _next_due(view: View, findings: Iterable[Finding]) -> float | None:
    instants = [instant for finding in findings if (instant := _turns(finding)) is not None]
    if view.relationship.refold_at is not None:
        instants.append(view.relationship.refold_at)
    return min((at for at in instants if at > view.now), default=None)


def _turns(finding: Finding) -> float | None:
    if isinstance(finding, Turn):
        return finding.at
    if isinstance(finding, Held):
        return finding.until
    if finding.closes is None:
        return None
    return finding.closes.timestamp() / DAY
