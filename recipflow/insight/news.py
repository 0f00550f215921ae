"""What came of favours: who helped the user to something, by which sentence it shows, and whether they have heard.

Nothing is guessed from the order of things alone. What came is tied to a favour by a person whom it brought (in the same
mail, or named in it and unknown before), by the words that it shares with the favour, or by the name of whoever helped.
A tip in the course of things needs more: its own sentence names whoever said yes, or the user names whoever gave it. Where
the user says in as many words whose help it was, the help itself need not be in the mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from recipflow.advice import News
from recipflow.advice.giving import favour_sure
from recipflow.advice.helping import FAVOUR_DAYS, REPORT_FADE, TIP_DAYS, TIP_SURE, leads
from recipflow.derive.context import Context
from recipflow.insight.around import Known, may_hear
from recipflow.insight.credit import credits_in, first_name
from recipflow.insight.outcomes import Came, Seen, fresh, letters_of, text_of
from recipflow.ledger.relationship import DAY, Favour
from recipflow.model import Kind
from recipflow.store import Store, Stored


def news_of(
    store: Store, context: Context, known: Sequence[Known], now: datetime
) -> dict[str, tuple[News, ...]]:
    """By contact: what came of each favour of theirs that is news still, the last thing of each."""
    today = now.timestamp() / DAY
    least = favour_sure(generous=store.ledgers.generous())
    helps = [help_ for one in known for help_ in _helps(one, today, least)]
    credited = list(_credited_with(known, letters_of(store, known, today), today))
    if not (helps or credited):
        return {}
    letters = store.interactions.by_ext({favour.interaction for _, favour, _ in helps})
    seen = Seen(store, context, known, now)
    found: dict[str, tuple[News, ...]] = {}
    for one, favour, tip in helps:
        letter = letters.get(favour.interaction)
        came = seen.of(one, favour, letter.interaction, tip=tip) if letter else None
        if came is not None and today - came.at < REPORT_FADE:
            new = _news(favour, came, told=seen.told(one.contact, came))
            found[one.contact.id] = (*found.get(one.contact.id, ()), new)
    for one, what, came in credited:
        news = found.get(one.contact.id, ())
        if seen.mine(came) and all(other.interaction != came.interaction for other in news):
            new = _news(_last_help(one, what, came), came, what, told=seen.told(one.contact, came))
            found[one.contact.id] = (*news, new)
    return found


def _helps(one: Known, today: float, least: float) -> Iterator[tuple[Known, Favour, bool]]:
    """What something may have come of, and whether it was no more than a tip; `least`: how sure favours must be."""
    received = one.relationship.received
    yield from ((one, favour, False) for favour in received if _may_lead(favour, today, least))
    for tip in one.relationship.tips:
        if tip.confidence >= TIP_SURE and today - tip.at < TIP_DAYS:
            yield one, tip, True


def _may_lead(favour: Favour, today: float, least: float) -> bool:
    return leads(favour, least) and today - favour.at < FAVOUR_DAYS


def _credited_with(
    known: Sequence[Known], letters: Mapping[str, Stored], today: float
) -> Iterator[tuple[Known, Kind, Came]]:
    """Whom the user told somebody else to have helped, by a name that only one of those who wrote lately goes by."""
    for teller in known:
        for result in fresh(teller.relationship, today):
            for name, what in credits_in(result.quote, text_of(letters, result.interaction)):
                called = [one for one in known if one is not teller and _goes_by(one, name, today)]
                if len(called) == 1:
                    yield called[0], what, Came(result.at, result.interaction, result.quote)


def _goes_by(one: Known, name: str, today: float) -> bool:
    wrote = one.relationship.last_theirs
    lately = wrote is not None and today - wrote < FAVOUR_DAYS
    return lately and first_name(one.contact.name) == name and may_hear(one.contact)


def helpers_named(store: Store, known: Sequence[Known], now: datetime) -> frozenset[str]:
    """The first names of all whom the user credits with something that is news."""
    today = now.timestamp() / DAY
    letters = letters_of(store, known, today)
    results = (result for one in known for result in fresh(one.relationship, today))
    return frozenset(
        credit.name
        for result in results
        for credit in credits_in(result.quote, text_of(letters, result.interaction))
    )


def _last_help(one: Known, what: Kind, came: Came) -> Favour | None:
    """What of theirs it came of, as far as mail shows: of that kind, before it, the last."""
    helps = (*one.relationship.received, *one.relationship.tips)
    before = [help_ for help_ in helps if help_.what is what and help_.at < came.at]
    return max(before, key=lambda help_: help_.at, default=None)


def _news(favour: Favour | None, came: Came, what: Kind = Kind.HELP, *, told: bool) -> News:
    return News(
        favour=favour.interaction if favour else "",
        since=favour.at if favour else None,
        what=(favour.what if favour else None) or what,
        other=came.other,
        at=came.at,
        interaction=came.interaction,
        quote=came.quote,
        told=told,
    )
