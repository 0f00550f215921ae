"""Nudges for scripts: every one that stands, in the digest's words, with what it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from recipflow.digest.model import in_order
from recipflow.model import Contact, ContactId, Nudge, Question
from recipflow.wording import Wording


def as_json(
    nudges: Iterable[Nudge],
    contacts: Mapping[ContactId, Contact],
    *,
    wording: Wording,
    now: datetime,
    tz: tzinfo,
) -> list[dict[str, object]]:
    """One object a nudge, in the digest's order; instants in `tz`. Quotes and names are as their authors wrote them."""
    return [one_as_json(nudge, contacts[nudge.contact], wording, now, tz) for nudge in in_order(nudges)]


def one_as_json(
    nudge: Nudge, contact: Contact, wording: Wording, now: datetime, tz: tzinfo
) -> dict[str, object]:
    """The object of one nudge."""
    return {
        "key": nudge.key,
        "kind": nudge.kind.value,
        "contact": {"name": contact.name, "addresses": list(contact.addresses)},
        "opens": nudge.opens.astimezone(tz),
        "closes": nudge.closes.astimezone(tz) if nudge.closes else None,
        "because": wording.because(nudge, contact.name.strip() or contact.id, tz=tz, now=now),
        "quote": nudge.quote,
        "evidence": list(nudge.evidence),
        "shown": nudge.shown,
    }


def questions_as_json(
    questions: Iterable[Question],
    contacts: Mapping[ContactId, Contact],
    *,
    wording: Wording,
    now: datetime,
    tz: tzinfo,
) -> list[dict[str, object]]:
    """One object a question to the user, those that are put to them first."""
    return [
        {
            "key": one.key,
            "kind": one.kind.value,
            "contact": {
                "name": contacts[one.contact].name,
                "addresses": list(contacts[one.contact].addresses),
            },
            "opens": one.opens.astimezone(tz),
            "question": wording.question(
                one, contacts[one.contact].name.strip() or one.contact, tz=tz, now=now
            ),
            "quote": one.quote,
            "evidence": [one.interaction],
            "shown": one.shown,
        }
        for one in questions
    ]
