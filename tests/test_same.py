"""Who is plainly the same person under another address, and who is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow.model import Party
from recipflow.people.same import Persons, kindred, same_person

FEW = st.builds(
    Party,
    st.from_regex(
        r"(billing|ann|gary|g\.holmwood|gary_holmwood|tholmwood|[a-z]{0,2}4?)(\+x)?@"
        r"(post\.stonecraft|stonecraft|stonecrafts|tideline|gmail)\.(com|co\.uk)",
        fullmatch=True,
    ),
    st.sampled_from(["", "Gary", "Gary Holmwood", "Holmwood, Gary", '"Ann Holmwood"']),
)
ADDRESSES = st.from_regex(r"[a-z.]{1,9}@[a-z]{1,7}\.(com|example|co\.uk)", fullmatch=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gary.holmwood@stonecraft.example", "'gary.holmwood'@stonecraft.example"),
        ("gary.holmwood@stonecraft.example", "gary_holmwood@tideline.example"),
        ("g.holmwood@stonecraft.example", "holmwood@post.stonecraft.example"),
        ("gary@stonecraft.example", "gary@stonecrafts.example"),
    ],
)
def test_the_same_name_before_the_at_is_the_same_person(one: str, other: str) -> None:
    assert same_person(Party(one), Party(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gary@stonecraft.example", "gary@tideline.example"),
        ("gary.holmwood@stonecraft.example", "anna.lindqvist@stonecraft.example"),
        ("billing@stonecraft.example", "billing@tideline.example"),
        ("g.holmwood@gmail.com", "s.holmwood@gmail.com"),
    ],
)
def test_a_first_name_a_role_or_a_provider_tells_nobody(one: str, other: str) -> None:
    assert not same_person(Party(one), Party(other))


def test_a_full_name_tells_a_person_and_a_first_name_does_not() -> None:
    assert same_person(Party("gh@a.example", "Gary Holmwood"), Party("x7@b.example", "Holmwood, Gary"))
    assert not same_person(Party("gh@a.example", "Gary"), Party("x7@b.example", "Gary"))


def test_a_house_is_known_below_a_country_and_by_a_slip_of_spelling() -> None:
    assert kindred("a@mail.stonecraft.co.uk", "b@stonecraft.co.uk")
    assert kindred("a@stonecraft.example", "b@stoncraft.example")
    assert not kindred("a@stonecraft.co.uk", "b@tideline.co.uk")
    assert not kindred("a@gmail.com", "b@gmail.com")


@given(ADDRESSES, ADDRESSES)
def test_it_is_the_same_from_either_side(one: str, other: str) -> None:
    assert same_person(Party(one), Party(other)) == same_person(Party(other), Party(one))


@given(st.lists(FEW), st.lists(FEW, max_size=3))
def test_the_same_persons_are_found_among_many_as_by_comparing_each(
    many: list[Party], people: list[Party]
) -> None:
    persons = Persons()
    for party in many:
        persons.add(party)
    same = {party for party in many if any(same_person(party, one) for one in people)}
    assert sorted(persons.same(people)) == sorted(same)
