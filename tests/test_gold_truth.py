"""With the acts as the gold mailbox's author labelled them, every clear expectation in a readable language holds."""

from __future__ import annotations

import pytest

from recipflow import standing as model
from recipflow.advice import View, advise
from recipflow.ledger import fold
from recipflow.ledger.relationship import current
from recipflow.model import Contact, ProfileName
from recipflow.packs import read_toml
from recipflow.standing import read_norms, read_profiles
from tests.truth import GOLD, ZONE, Expectation, contacts, entries_of, expectations

LATER = {"retreat", "compliance", "report_back", "could_give"}

pytestmark = pytest.mark.skipif(not GOLD.exists(), reason="the gold mailbox is not beside this checkout")


def kinds(contact: Contact, expectation: Expectation) -> set[str]:
    terms = model.terms(
        read_profiles(read_toml("profiles.toml"))[contact.profile or ProfileName.BUSINESS],
        read_norms(read_toml("norms.toml"))[contact.norm],
    )
    now = expectation.at.timestamp() / 86_400
    relationship = fold(entries_of(contact.id, expectation.at), terms, now)
    view = View(
        contact=contact,
        relationship=current(relationship, now),
        standing=model.advance(relationship.standing, now, terms),
        terms=terms,
        now=now,
        zone=ZONE,
    )
    return {nudge.kind.value for nudge in advise(view).nudges}


CLEAR = (
    [e for e in expectations() if e.clear and e.lang == "en" and e.kind not in LATER] if GOLD.exists() else []
)


@pytest.mark.parametrize("expectation", CLEAR, ids=lambda e: f"{e.at:%Y-%m-%d}-{e.must}-{e.kind}-{e.contact}")
def test_what_is_expected_of_the_labelled_acts_is_advised(expectation: Expectation) -> None:
    contact = contacts()[expectation.contact]
    stands = bool(kinds(contact, expectation) & {expectation.kind, *expectation.also})
    assert stands == expectation.must, expectation.why
