"""With the acts as the gold mailbox's author labelled them, every clear expectation in a readable language holds."""

from __future__ import annotations

from datetime import datetime

import pytest

from recipflow import standing as model
from recipflow.advice import View, advise
from recipflow.ledger import fold
from recipflow.ledger.relationship import current
from recipflow.loop import patterns
from recipflow.model import Contact, ProfileName
from recipflow.packs import read_toml
from recipflow.standing import read_norms, read_profiles
from tests.truth import GOLD, ZONE, Expectation, contacts, entries_of, expectations

pytestmark = pytest.mark.skipif(not GOLD.exists(), reason="the gold mailbox is not beside this checkout")


def seen(contact: Contact, at: datetime) -> View:
    terms = model.terms(
        read_profiles(read_toml("profiles.toml"))[contact.profile or ProfileName.BUSINESS],
        read_norms(read_toml("norms.toml"))[contact.norm],
    )
    now = at.timestamp() / 86_400
    relationship = fold(entries_of(contact.id, at), terms, now)
    return View(
        contact=contact,
        relationship=current(relationship, now),
        standing=model.advance(relationship.standing, now, terms),
        terms=terms,
        now=now,
        zone=ZONE,
    )


def kinds(contact: Contact, expectation: Expectation) -> set[str]:
    return {nudge.kind.value for nudge in advise(seen(contact, expectation.at)).nudges}


CLEAR = [e for e in expectations() if e.clear and e.lang == "en"] if GOLD.exists() else []


@pytest.mark.parametrize("expectation", CLEAR, ids=lambda e: f"{e.at:%Y-%m-%d}-{e.must}-{e.kind}-{e.contact}")
def test_what_is_expected_of_the_labelled_acts_is_advised(expectation: Expectation) -> None:
    contact = contacts()[expectation.contact]
    stands = bool(kinds(contact, expectation) & {expectation.kind, *expectation.also})
    assert stands == expectation.must, expectation.why


@pytest.mark.parametrize(
    ("contact", "day", "pattern"),
    [
        ("arjun@framewell.example", "2026-06-02", "growing"),
        ("graham.pell@haldentransit.example", "2025-11-27", "bundled"),
        ("graham.pell@haldentransit.example", "2025-11-27", "first_contact"),
        ("oskar.nyman@polarwind.example", "2026-01-10", "bundled"),
        ("wes.trainor@cloudtrellis.example", "2025-11-12", "stringed"),
    ],
)
def test_the_arcs_of_the_gold_mailbox_are_named(contact: str, day: str, pattern: str) -> None:
    at = datetime.fromisoformat(f"{day}T09:00+00:00")
    view = seen(contacts()[contact], at)
    assert pattern in {one.key for one in patterns(view, entries_of(contact, at))}


@pytest.mark.parametrize("contact", ["ben@achterberg.example", "maya.khoury@gmail.com"])
def test_where_nothing_repeats_nothing_is_named(contact: str) -> None:
    at = datetime.fromisoformat("2026-02-20T09:00+00:00")
    assert patterns(seen(contacts()[contact], at), entries_of(contact, at)) == ()
