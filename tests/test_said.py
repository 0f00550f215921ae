"""What the user says of people: config.toml first, later words over earlier ones, each address one person's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from recipflow import assembly
from recipflow.model import Contact, NormName, ProfileName, Tag
from recipflow.session import said
from recipflow.session.settling import settle
from recipflow.store import Decision, Payload, Store, Verb

DANA, OTHER, KWAME = "dana@y.example", "dana@home.example", "kwame@y.example"
CONFIGURED = (Contact(id=DANA, addresses=(DANA,), name="Dana", profile=ProfileName.BUSINESS),)


def word(verb: Verb, target: str, **payload: object) -> Decision:
    given: Payload = payload  # type: ignore[assignment]
    return Decision(id=1, at=datetime(2026, 1, 1, tzinfo=UTC), verb=verb, target=target, payload=given)


def test_what_a_word_does_not_name_stays_as_it_was() -> None:
    (one,) = said.people(
        CONFIGURED, [word(Verb.CONTACT, DANA, norm="enduring", pending=["2026-02-05..2026-02-09"])]
    )
    assert (one.name, one.profile, one.norm) == ("Dana", ProfileName.BUSINESS, NormName.ENDURING)
    assert one.pending_decisions == ((date(2026, 2, 5), date(2026, 2, 9)),)


def test_a_later_word_holds_over_an_earlier_one() -> None:
    words = [
        word(Verb.CONTACT, KWAME, profile="close"),
        word(Verb.CONTACT, KWAME, profile=None, watched=True),
    ]
    (one,) = said.people((), words)
    assert (one.id, one.profile, one.watched) == (KWAME, None, True)


def test_never_adds_to_what_else_was_said() -> None:
    (one,) = said.people((), [word(Verb.CONTACT, DANA, tags=["team"]), word(Verb.NEVER, DANA)])
    assert one.tags == {Tag.TEAM, Tag.NEVER}


def test_a_domain_may_be_silenced_without_becoming_a_person() -> None:
    words = [word(Verb.NEVER, "@y.example")]
    assert said.people((), words) == ()
    assert said.silenced(words) == {"y.example"}


def test_merging_keeps_every_caution() -> None:
    words = [word(Verb.NEVER, OTHER), word(Verb.MERGE, DANA, addresses=[OTHER, KWAME])]
    (one,) = said.people(CONFIGURED, words)
    assert (one.id, one.addresses) == (DANA, (DANA, OTHER, KWAME))
    assert one.tags == {Tag.NEVER}


def test_merging_keeps_what_was_said_of_either() -> None:
    words = [
        word(Verb.CONTACT, OTHER, norm="in_kind", tz="Europe/Lisbon", gift_rule="us-executive"),
        word(Verb.MERGE, DANA, addresses=[OTHER]),
    ]
    (one,) = said.people(CONFIGURED, words)
    assert (one.norm, one.norm_said, one.tz) == (NormName.IN_KIND, True, "Europe/Lisbon")
    assert one.gift_rule == "us-executive"
    (kept,) = said.people(CONFIGURED, [word(Verb.CONTACT, DANA, norm="enduring"), *words])
    assert kept.norm is NormName.ENDURING


def test_splitting_takes_an_address_out_whoever_led() -> None:
    together = [word(Verb.MERGE, DANA, addresses=[OTHER])]
    for gone, left in ((OTHER, DANA), (DANA, OTHER)):
        people = said.people(CONFIGURED, [*together, word(Verb.SPLIT, gone)])
        assert {one.id: one.addresses for one in people} == {left: (left,), gone: (gone,)}


def test_my_addresses_are_those_of_the_config_and_of_my_words() -> None:
    assert said.mine([DANA], [word(Verb.ME, OTHER), word(Verb.ME, DANA)]) == (DANA, OTHER)


def test_who_is_now_said_to_keep_no_norm_of_their_group_is_folded_anew() -> None:
    (dana,) = CONFIGURED
    with Store() as store:
        for one, changed in ((dana, True), (dana, False), (replace(dana, norm_said=True), True)):
            settle(store, assembly.context(["me@x.example"], UTC, [one]), lambda: "rules")
            assert (DANA in store.ledgers.marked()) is changed
            store.ledgers.unmark([DANA])
