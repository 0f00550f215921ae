from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow.model import Attendee, Contact, Meeting, Message, PartStat, Party
from recipflow.people.addresses import clean_name, is_pager, is_role, looks_automatic
from recipflow.people.contacts import Evidence, display_name, evidence_at, evidence_in, find
from recipflow.people.merging import Known, announced, suggest_merges
from recipflow.people.myself import Guess, MeTally
from tests.gold import ME, gold_machines, gold_messages, gold_people
from tests.remembered import MemoryThreads

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
USER = frozenset({"me@x.example"})
ANA, BO = Party("ana@y.example", "Ana Lima"), Party("bo@z.example", "Bo")


def mail(
    sender: Party, *to: Party, number: int = 0, labels: tuple[str, ...] = (), **changes: object
) -> Message:
    message = Message(id=f"{sender.address}{number}", at=NOW, sender=sender, to=to, labels=labels)
    return replace(message, **changes)  # type: ignore[arg-type]


ME_PARTY = Party("me@x.example", "Me Myself")


@pytest.mark.parametrize(
    "address",
    [
        "no-reply@x.example",
        "noreply+123@x.example",
        "drive-shares-dm-noreply@x.example",
        "naoresponder@x.example",
        "MAILER-DAEMON@x.example",
        "ixd-request@lists.example",
        "owner-ixd@lists.example",
        "bounce+a=b=c@x.example",
        "reply+abc@reply.github.com",
        "notifications@x.example",
        "unsubscribe@x.example",
        "c_0f3a@resource.calendar.google.com",
        "undisclosed-recipients",
        "",
        "x" * 100_000 + "@x.example",
    ],
)
def test_addresses_nobody_reads(address: str) -> None:
    assert looks_automatic(address)


@pytest.mark.parametrize(
    "address",
    ["ana@y.example", "nora.reply@y.example", "support@y.example", "rebound@y.example", "owen-lee@y.example"],
)
def test_addresses_somebody_may_read(address: str) -> None:
    assert not looks_automatic(address)


def test_a_role_address_is_told_from_a_name() -> None:
    assert is_role("Billing@y.example")
    assert not is_role("bill@y.example")


@pytest.mark.parametrize(
    "address",
    ["5550100@skytel.example", "bo@mobile.y.example", "bo-pager@y.example", "5550100@my2way.paging.example"],
)
def test_some_addresses_are_read_at_once_or_never(address: str) -> None:
    assert is_pager(address)


@pytest.mark.parametrize("address", ["jimmy.page@y.example", "bo@t-mobile.example", "smith@y.example"])
def test_most_addresses_wait_for_their_reader(address: str) -> None:
    assert not is_pager(address)


def test_a_person_is_someone_the_user_wrote_to() -> None:
    found = dict(evidence_in(mail(ME_PARTY, ANA, cc=(BO,)), USER))
    assert found.keys() == {ANA.address, BO.address}


def test_a_stranger_who_only_writes_is_no_person() -> None:
    assert dict(evidence_in(mail(ANA, ME_PARTY), USER)) == {}


def test_a_crowd_is_no_acquaintance() -> None:
    crowd = tuple(Party(f"p{number}@y.example") for number in range(11))
    assert list(evidence_in(mail(ME_PARTY, *crowd), USER)) == []


def test_the_user_s_own_automatic_reply_makes_nobody_a_person() -> None:
    reply = mail(ME_PARTY, ANA, headers={"auto-submitted": "auto-replied"})
    assert list(evidence_in(reply, USER)) == []


def test_a_machine_one_wrote_to_is_no_person() -> None:
    assert dict(evidence_in(mail(ME_PARTY, Party("no-reply@y.example")), USER)) == {}


def meeting(*guests: Attendee, organizer: Party | None = ME_PARTY, cancelled: bool = False) -> Meeting:
    return Meeting(
        id="m", uid="m", version="1", known=NOW, starts=NOW, ends=NOW, attendees=guests, organizer=organizer,
        cancelled=cancelled,
    )  # fmt: skip


def test_a_person_is_someone_the_user_met() -> None:
    met = meeting(Attendee(*ANA, PartStat.ACCEPTED), Attendee(*BO, PartStat.DECLINED))
    assert dict(evidence_at(met, USER)) == {ANA.address: Evidence(met=1)}


def test_a_meeting_makes_no_person_when_off_declined_or_large() -> None:
    accepted = Attendee(*ANA, PartStat.ACCEPTED)
    crowd = [Attendee(f"p{number}@y.example") for number in range(5)]
    mine = Attendee("me@x.example", "", PartStat.DECLINED)
    for each in (meeting(accepted, cancelled=True), meeting(*crowd), meeting(mine, organizer=ANA)):
        assert list(evidence_at(each, USER)) == []


@given(
    st.lists(st.builds(Evidence, wrote=st.integers(0, 3), met=st.integers(0, 3)), max_size=5), st.randoms()
)
def test_evidence_adds_up_in_any_order(parts: list[Evidence], chance: random.Random) -> None:
    total = sum(parts, Evidence())
    chance.shuffle(parts)
    assert sum(parts, Evidence()) == total


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ('"Lima, Ana"', "Ana Lima"),
        ("'Ana Lima' via Design List", "Ana Lima"),
        ("Ana Lima (via Google Drive)", "Ana Lima"),
        ("LIMA, ANA (Lisbon)", "Ana Lima"),
        ("Ana Lima, PhD", "Ana Lima, PhD"),
        ("ana@y.example", ""),
        ("???", ""),
        ("Bea T.", "Bea T."),
    ],
)
def test_a_name_is_cleaned(shown: str, name: str) -> None:
    assert clean_name(shown) == name


def test_the_most_frequent_sensible_name_is_shown() -> None:
    assert (
        display_name({"ana": 9, "Lima, Ana": 2, "Ana Lima": 2, "ana@y.example": 5}, "ana@y.example")
        == "Ana Lima"
    )
    assert display_name({}, "ana.lima@y.example") == "Ana Lima"
    assert display_name({"Prince": 4}, "p@y.example") == "Prince"


CONTACTS = (
    Contact(id="adele@y.example", addresses=("adele@y.example",), name="Adèle Fournier"),
    Contact(id="a@z.example", addresses=("a@z.example",), name="Adele"),
    Contact(id="chris@a.example", addresses=("chris@a.example",), name="Chris Morgan"),
    Contact(id="cm@b.example", addresses=("cm@b.example", "chris2@b.example"), name="Chris Morgan"),
)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("ADELE@y.example", ["adele@y.example"]),
        ("adele fournier", ["adele@y.example"]),
        ("adele", ["a@z.example"]),
        ("fournier", ["adele@y.example"]),
        ("Morgan", ["chris@a.example", "cm@b.example"]),
        ("chris2", ["cm@b.example"]),
        ("nobody", []),
        (" ", []),
    ],
)
def test_a_person_is_found_by_address_name_or_part(query: str, ids: list[str]) -> None:
    assert [contact.id for contact in find(query, CONTACTS)] == ids


def guessed(messages: Iterable[Message]) -> tuple[Guess, ...]:
    tally = MeTally()
    for message in messages:
        tally.add(message)
    return tally.guesses()


def test_the_user_is_whoever_sent_the_sent_mail_aliases_too() -> None:
    alias = Party("myself@gmail.example", "Me Myself")
    sent = [mail(ME_PARTY, ANA, number=n, labels=("sent",)) for n in range(8)]
    sent += [mail(alias, ANA, number=n, labels=("sent",)) for n in range(2)]
    guesses = guessed([*sent, mail(ANA, ME_PARTY)])
    assert [guess.address for guess in guesses] == ["me@x.example", "myself@gmail.example"]
    assert guesses[0].evidence == "sender of 8 of 10 sent messages"


def test_without_sent_mail_the_user_is_whom_most_mail_is_from_or_to() -> None:
    received = [mail(Party(f"p{n}@y.example"), ME_PARTY, ANA) for n in range(4)]
    received += [mail(Party(f"p{n}@y.example"), ME_PARTY) for n in range(4)]
    assert [guess.address for guess in guessed(received)] == ["me@x.example"]


def test_a_pretender_with_the_user_s_name_is_never_the_user() -> None:
    received = [mail(ANA, ME_PARTY, number=n) for n in range(8)] + [mail(ME_PARTY, ANA)]
    pretender = mail(Party("me@evil.example", "Me Myself"), ME_PARTY)
    assert [guess.address for guess in guessed([*received, pretender])] == ["me@x.example"]


def test_nobody_is_guessed_from_nothing() -> None:
    assert guessed([]) == ()


def known(address: str, name: str, first: int, last: int, threads: str = "", says: str = "") -> Known:
    return Known(
        address=address,
        name=name,
        first=NOW + timedelta(days=first),
        last=NOW + timedelta(days=last),
        threads=frozenset(threads.split()),
        announced=frozenset(says.split()),
    )


def test_a_name_alone_suggests_nothing() -> None:
    assert (
        suggest_merges(
            [known("a@x.example", "Chris Morgan", 0, 9), known("b@y.example", "Chris Morgan", 5, 20)]
        )
        == ()
    )


def test_a_thread_that_goes_on_from_another_address_suggests_a_merge_and_says_why() -> None:
    (found,) = suggest_merges(
        [known("y@f.example", "Yuki Tanabe", 0, 9, "1 2"), known("yt@g.example", "Yuki Tanabe", 1, 3, "2")]
    )
    assert (found.a, found.b) == ("y@f.example", "yt@g.example")
    assert "both are called Yuki Tanabe; a thread goes on" in found.evidence
    assert found.confidence >= 0.7


def test_an_announced_address_suggests_a_merge() -> None:
    old, new = (
        known("ana@y.example", "Ana Lima", 0, 9, says="al@z.example"),
        known("al@z.example", "Ana Lima", 10, 11),
    )
    assert suggest_merges([old, new])[0].confidence > 0.7


def test_the_user_s_own_address_is_in_no_suggestion() -> None:
    pair = [known("me@x.example", "Me Myself", 0, 9, "1"), known("me@evil.example", "Me Myself", 0, 9, "1")]
    assert suggest_merges(pair, USER) == ()


@pytest.mark.parametrize(
    ("body", "addresses"),
    [
        ("My new address is ana@new.example.", {"ana@new.example"}),
        ("My mailbox bounces. Use this one for now.", {"ana@y.example"}),
        ("Please use this one, not the blue one", {"ana@y.example"}),
        ("We moved to a new address in Porto", set()),
    ],
)
def test_a_new_address_is_heard(body: str, addresses: set[str]) -> None:
    assert announced(mail(ANA, ME_PARTY, body=body)) == addresses


def test_gold_s_user_is_found_with_the_alias_and_without_the_pretender() -> None:
    assert {guess.address for guess in guessed(gold_messages())} == ME


def test_gold_s_user_is_found_without_labels() -> None:
    unlabelled = (replace(message, labels=()) for message in gold_messages())
    assert guessed(unlabelled)[0].address == "noor@haddad.example"


def test_gold_persons_are_the_people_and_no_machine() -> None:
    addresses = {address for message in gold_messages() for address, _ in evidence_in(message, ME)}
    expected = {address for person in gold_people() for address in person["addresses"]}
    assert len(addresses & expected) / len(expected) > 0.9
    assert not {address for address in addresses if looks_automatic(address)}


def test_gold_merges_are_suggested_and_namesakes_stay_two() -> None:
    pairs = {(each.a, each.b) for each in suggest_merges(gold_known(), ME)}
    assert pairs == {
        ("yuki.tanabe@gmail.com", "yuki@fieldnotes.example"),
        ("rachel.quigley@polarwind.example", "rachelquigley@outlook.com"),
    }


def gold_known() -> list[Known]:
    index, machines = MemoryThreads(), gold_machines()
    human = [message for message in gold_messages() if message.id not in machines]
    for message in human:
        index.add(message)
    threads: dict[str, set[str]] = defaultdict(set)
    wrote: dict[str, list[datetime]] = defaultdict(list)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    said: dict[str, set[str]] = defaultdict(set)
    for message in human:
        wrote[message.sender.address].append(message.at)
        names[message.sender.address][message.sender.name] += 1
        said[message.sender.address] |= announced(message)
        for party in (message.sender, *message.to, *message.cc):
            threads[party.address].add(index.threads()[message.id])
    return [
        Known(
            address=address,
            name=display_name(names[address], address),
            first=min(days),
            last=max(days),
            threads=frozenset(threads[address]),
            announced=frozenset(said[address]),
        )
        for address, days in wrote.items()
    ]
