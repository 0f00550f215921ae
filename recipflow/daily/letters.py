"""The digest of a morning as a mail to the user, and its way into the outbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from recipflow.connector import Enclosure, Letter
from recipflow.daily import looking_back
from recipflow.daily.composed import Morning
from recipflow.daily.hearing import LISTEN_BACK, UNPLACED
from recipflow.daily.margins import OFFERED
from recipflow.digest.render import as_mail
from recipflow.digest.replies import offered
from recipflow.errors import UserError
from recipflow.insight.lives import begun
from recipflow.outbox import digest_token, stage_letter
from recipflow.store import Delivery, DeliveryForm, DeliveryState

if TYPE_CHECKING:
    from recipflow.session import Session

TOKEN_LENGTH = 16
_TOKEN_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"  # noqa: S105  (an alphabet)

Random = Callable[[int], int]
"""A whole number below the one given, from a source nobody can guess."""


def letter(
    session: Session, morning: Morning, tokens: Mapping[str, str], enclosures: tuple[Enclosure, ...] = ()
) -> Letter:
    """The mail of it; `tokens` by nudge, for the answers it offers."""
    address = address_of(session)
    token = digest_token(address, morning.day, late=morning.late)
    text, html = as_mail(morning.digest, offered(morning.digest.items, address, tokens))
    return Letter(
        address=address,
        subject=f"{morning.subject} [{token}]",
        token=token,
        text=text,
        html=html,
        enclosures=enclosures,
    )


def address_of(session: Session) -> str:
    """Where the digest goes, by default to the address of the account that takes it; a UserError when nobody knows."""
    settings, via = session.settings, session.settings.digest.via
    taking = next((str(one.settings.get("address", "")) for one in settings.accounts if one.name == via), "")
    wanted = settings.digest.to or taking or next(iter(settings.me.addresses), None)
    address = wanted or next(iter(sorted(session.me)), None)
    if address is None:
        raise UserError("Nobody said which addresses are yours: recipflow init --me you@example.org")
    return address


def put_out(
    session: Session,
    morning: Morning,
    key: str,
    now: datetime,
    random: Random,
    enclosures: tuple[Enclosure, ...] = (),
    first_try: datetime | None = None,
) -> None:
    """Stage it under that key, to be sent now or at `first_try`, with all that follows from its being on the way; nothing
    when that was done before."""
    nudges = morning.chosen.nudges
    tokens = {nudge.key: _token(random) for nudge in nudges}
    staged = stage_letter(
        session.store,
        key,
        session.settings.digest.via,
        letter(session, morning, tokens, enclosures),
        now,
        nudges=[*(nudge.key for nudge in nudges), *(one.key for one in morning.asked)],
        first_try=first_try,
    )
    if not staged:
        return
    session.store.decisions.put_lives(begun([*nudges, *morning.asked], session.store.decisions.lives()))
    issued = {tokens[nudge.key]: (nudge.key, nudge.contact) for nudge in nudges}
    session.store.replying.issue(issued, now + LISTEN_BACK)
    session.store.replying.drop_old(now)
    if not morning.late:
        _said_besides(session, morning, now)


def nothing(session: Session, key: str, now: datetime) -> Delivery:
    """What is staged under that key instead when nothing is worth a mail."""
    return Delivery(
        key=key,
        form=DeliveryForm.LETTER,
        channel=session.settings.digest.via,
        state=DeliveryState.NOTHING,
        staged_at=now,
        settled_at=now,
    )


def _said_besides(session: Session, morning: Morning, now: datetime) -> None:
    """What stands around the advice of a morning is said once."""
    session.store.note(UNPLACED, "[]")
    if morning.chosen.older:
        session.store.note(OFFERED, now.isoformat())
    if morning.digest.review:
        looking_back.done(session, morning.day)


def _token(random: Random) -> str:
    return "".join(_TOKEN_LETTERS[random(len(_TOKEN_LETTERS))] for _ in range(TOKEN_LENGTH))
