"""What could be given: needs told by the way, in a fictional mailbox of their own, and the introductions they call for."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from recipflow.assembly import wording
from recipflow.trial import Trial, trial

NEEDS = Path(__file__).parent / "data" / "needs"
EXPECTED = json.loads((NEEDS / "expect.json").read_text(encoding="utf-8"))
OLA, TARIQ = "ola@bergbooks.example", "tariq@nasserstudio.example"


def tried(at: str) -> Trial:
    return trial([NEEDS / "mail.mbox"], people=NEEDS / "people.json", at=datetime.fromisoformat(at))


@pytest.mark.parametrize("instant", EXPECTED, ids=lambda one: one["at"][:10])
def test_what_was_told_is_offered_and_what_was_met_or_never_meant_is_not(instant: dict[str, object]) -> None:
    stands = {one.contact for one in tried(str(instant["at"])).nudges if one.kind == "could_give"}
    must, must_not = ([row["contact"] for row in instant[side]] for side in ("must", "must_not"))  # type: ignore[attr-defined]
    assert [who for who in must if who not in stands] == []
    assert [who for who in must_not if who in stands] == []


def test_there_are_ten_of_each_at_least() -> None:
    for side in ("must", "must_not"):
        assert sum(len(instant[side]) for instant in EXPECTED) >= 10


def test_two_needs_that_meet_are_an_introduction_and_name_one_another() -> None:
    done = tried(EXPECTED[0]["at"])
    about = {one.contact: one for one in done.nudges if one.kind == "could_give"}
    for who, other in ((OLA, "Tariq Nasser"), (TARIQ, "Ola Berg")):
        assert about[who].facts["other"] == other
        name = done.contacts[who].name
        said = wording().because(about[who], name, tz=done.zone, now=done.at)
        assert said == f"{name} and {other} may be of use to one another. An introduction, if both want one?"
    assert "other" not in about["petra@novakpress.example"].facts
    assert "illustrator" in about[OLA].quote


def test_needs_are_read_in_every_language_that_has_a_pack() -> None:
    languages = {"German": 6, "Portuguese": 2, "Spanish": 2}
    told = [row["why"].partition(":")[0] for row in EXPECTED[0]["must"]]
    assert {language: told.count(language) for language in languages} == languages
    done = tried(EXPECTED[0]["at"])
    about = {one.contact: one for one in done.nudges if one.kind == "could_give"}
    assert about["anke@brandtverlag.example"].quote.startswith("Wir suchen gerade eine Übersetzerin")


def test_every_offer_quotes_the_sentence_it_stands_on() -> None:
    done = tried(EXPECTED[0]["at"])
    offers = [one for one in done.nudges if one.kind == "could_give"]
    assert all(one.quote and one.evidence for one in offers)
