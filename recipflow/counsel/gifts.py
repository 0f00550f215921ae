"""The gift register out of ledger and words: every gift either way, its amount if anybody said one, and the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from recipflow import assembly
from recipflow.derive.entries import entries_of
from recipflow.explain import lookup
from recipflow.foreign import one_line
from recipflow.guards import Gift, GiftRule, Total, totals
from recipflow.guards.limits import over
from recipflow.model import TANGIBLE, Act, ActType, Contact, Entry, Flag, Kind, Side, Tag
from recipflow.providers import PROVIDERS, domain_of
from recipflow.session import Session
from recipflow.store import Decision, Verb

LOGGED = "log:"
MINE = "my_policy"

Amounts = dict[str, tuple[float, str]]


def register(session: Session, moment: datetime, only: Contact | None = None) -> tuple[Gift, ...]:
    """Every gift and invitation up to that moment, oldest first; one a message, since an amount is said of a message."""
    amounts = _amounts(session.store.decisions.standing())
    contacts = (only,) if only else _with_gifts(session)
    gifts = (
        _gift(session, contact, entry, act, amounts)
        for contact in contacts
        for entry in entries_of(session.store, contact.id, contact.addresses, session.me, session.words)
        if entry.at <= moment and (act := _given(entry))
    )
    return tuple(sorted(gifts, key=lambda gift: (gift.on, gift.contact, gift.interaction)))


def rule_of(session: Session, contact: Contact) -> GiftRule | None:
    """The rule that may bind a guarded contact; None where nothing is known."""
    guarded = not contact.tags.isdisjoint({Tag.PUBLIC_SECTOR, Tag.REGULATED})
    return session.context.gift_rule(contact) if guarded else None


def remarks(session: Session, contact: Contact, moment: datetime) -> Iterator[str]:
    """What is worth a word about gifts between the two: the rule, what this year comes to, the user's own limit."""
    mine = tuple(one for one in register(session, moment, contact))
    year = moment.astimezone(session.zone).year
    here = [one for one in totals(mine) if one.of == contact.id and one.year == year]
    rule = rule_of(session, contact)
    wording, today = assembly.wording(), moment.astimezone(session.zone).date()
    facts: dict[str, object] = {"rule": rule.words()} if rule else {}
    if rule and rule.old(today):
        facts["aged"] = rule.as_of
    if not contact.tags.isdisjoint({Tag.PUBLIC_SECTOR, Tag.REGULATED}):
        yield wording.tell("check", "compliance", lookup.called(contact), facts, tz=session.zone, now=moment)
    yield from (f"This year, {total_words(one)}." for one in here)
    last = mine[-1] if mine else None
    for one in here:
        amount = last.amount if last and last.by is one.by and last.currency == one.currency else None
        yield from above(session, one, rule, amount)


def above(
    session: Session, total: Total, rule: GiftRule | None, amount: float | None = None
) -> Iterator[str]:
    """What a total is above: the rule for them, of what was given; the user's own limit, either way."""
    if rule is not None and total.by is Side.ME:
        yield from (f"{said} ({rule.source})." for said in over(rule, amount, total.amount, total.currency))
    own = policy(session)
    where = f"your own limit{own.source}"
    yield from (f"{said} ({where})." for said in over(own, amount, total.amount, total.currency))


def policy(session: Session) -> GiftRule:
    """The limit of the user's own employer, as a rule."""
    said = session.settings.my_policy
    return GiftRule(
        id=MINE,
        who="you",
        says="your own limit",
        source=f", {said.source}" if said.source else "",
        seen="",
        certainty="",
        as_of=date.max,
        until=date.max,
        currency=said.currency,
        per_occasion=said.per_occasion,
        per_year=said.per_year,
    )


def total_words(total: Total) -> str:
    """ "given: 80 EUR in 1 gift, 1 without an amount (enter it)"."""
    way = "given" if total.by is Side.ME else "received"
    noun = "gift" if total.gifts == 1 else "gifts"
    known = f"{total.amount:g} {total.currency} in {total.gifts} {noun}" if total.gifts else ""
    unknown = f"{total.unknown} without an amount (enter it)" if total.unknown else ""
    return f"{way}: {', '.join(filter(None, (known, unknown)))}"


def rows(gifts: Iterable[Gift], names: dict[str, str]) -> Iterator[dict[str, str]]:
    """The register for a spreadsheet: a missing amount says so, and is never zero."""
    for gift in gifts:
        yield {
            "date": gift.on.isoformat(),
            "direction": "given" if gift.by is Side.ME else "received",
            "contact": gift.contact,
            "name": names.get(gift.contact, ""),
            "organisation": gift.organisation,
            "kind": gift.kind.value,
            "what": one_line(gift.what),
            "amount": "enter it" if gift.amount is None else f"{gift.amount:.2f}",
            "currency": gift.currency,
            "message": gift.interaction,
        }


def _amounts(decisions: Iterable[Decision]) -> Amounts:
    """By interaction: what the user said it cost."""
    found: Amounts = {}
    for one in decisions:
        amount = one.payload.get("amount")
        if isinstance(amount, int | float) and one.verb in (Verb.LOG, Verb.CORRECT):
            name = f"{LOGGED}{one.id}" if one.verb is Verb.LOG else one.target
            found[name] = (float(amount), str(one.payload.get("currency", "")))
    return found


def _with_gifts(session: Session) -> tuple[Contact, ...]:
    """Whose ledgers may hold one."""
    logged = {one.target for one in session.store.decisions.standing(Verb.LOG)}
    corrected = {
        str(one.payload["contact"])
        for one in session.store.decisions.standing(Verb.CORRECT)
        if one.payload.get("contact")
    }
    wanted = session.store.ledgers.with_gifts() | logged | corrected
    return tuple(one for one in lookup.contacts(session) if not wanted.isdisjoint(one.addresses))


def _given(entry: Entry) -> Act | None:
    gifts = (act for act in entry.acts if act.act is ActType.GIVE and act.kind in TANGIBLE)
    return next((act for act in gifts if Flag.REPAID not in act.flags), None)


def _gift(session: Session, contact: Contact, entry: Entry, act: Act, amounts: Amounts) -> Gift:
    amount, currency = amounts.get(entry.interaction, (None, ""))
    domain = domain_of(contact.id)
    return Gift(
        on=entry.at.astimezone(session.zone).date(),
        contact=contact.id,
        organisation="" if domain in PROVIDERS else domain,
        by=entry.by,
        kind=act.kind or Kind.GIFT,
        what=act.quote,
        interaction=entry.interaction,
        amount=amount,
        currency=currency,
    )
