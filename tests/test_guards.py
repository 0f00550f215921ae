"""Public bodies by the labels of their domain, rules about gifts by their dates, and the tags that beat both."""

from __future__ import annotations

from datetime import UTC, date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow import assembly
from recipflow.errors import UserError
from recipflow.guards import Gift, read_gift_rules, read_public_sector, totals
from recipflow.guards.limits import over
from recipflow.guards.tangible import tangible_kind
from recipflow.model import Contact, Group, Kind, NormName, ProfileName, Side, Tag
from recipflow.packs import read_toml

PUBLIC = read_public_sector(read_toml("public_sector.toml"))
RULES = read_gift_rules(read_toml("gift_limits.toml"))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("ann@epa.gov", True),
        ("ann@cabinetoffice.gov.uk", True),
        ("ann@gov.uk", True),
        ("ann@gov.uk.evil.com", False),
        ("ann@notgov.uk", False),
        ("ann@mygov", False),
        ("ann@bmi.bund.de", True),
        ("ann@stadt-koeln.de", False),
        ("ann@ec.europa.eu", True),
        ("ann@planeamento.gov.pt", True),
        ("ann@comune.go.it", False),
        ("ann@lincoln.k12.or.us", True),
        ("ann@EPA.GOV", True),
        ("ann@epa.gov.", True),
        ("ann@interior.int", True),
        ("ann@internet.com", False),
        ("", False),
    ],
)
def test_a_public_body_is_known_label_by_label(address: str, public: bool) -> None:
    assert PUBLIC.holds(address) is public


@given(st.text(max_size=40))
def test_no_address_breaks_it(address: str) -> None:
    assert PUBLIC.holds(address) in (True, False)


def of(address: str, *tags: Tag, **more: object) -> Contact:
    said = Contact(id=address, addresses=(address,), tags=frozenset(tags), **more)  # type: ignore[arg-type]
    return assembly.context(["me@x.example"], UTC, [said]).contact(address, (address,), "")


def test_the_users_tag_wins_both_ways() -> None:
    assert Tag.PUBLIC_SECTOR in of("ann@epa.gov").tags
    assert Tag.PUBLIC_SECTOR not in of("ann@epa.gov", Tag.NOT_PUBLIC).tags
    assert Tag.PUBLIC_SECTOR in of("ann@hospital.example", Tag.PUBLIC_SECTOR).tags


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("ann@epa.gov", "us_federal_exec"),
        ("ann@ec.europa.eu", "eu_commission"),
        ("ann@bmi.bund.de", "de_federal"),
        ("ann@bag.admin.ch", "ch_federal"),
        ("ann@bmf.gv.at", "at_federal"),
        ("ann@meti.go.jp", "jp_national"),
        ("ann@cabinetoffice.gov.uk", "uk_civil"),
        ("ann@lincoln.k12.or.us", "us_state_local"),
        ("ann@planeamento.gov.pt", None),
    ],
)
def test_the_rule_is_the_one_of_the_domain_as_far_as_it_tells(address: str, rule: str | None) -> None:
    found = assembly.context(["me@x.example"], UTC).gift_rule(of(address))
    assert (found and found.id) == rule


def test_the_user_names_the_rule_where_the_domain_cannot() -> None:
    context = assembly.context(["me@x.example"], UTC)
    found = context.gift_rule(of("ann@broker.example", Tag.REGULATED, gift_rule="us_finra"))
    assert found is not None
    assert found.per_year == 300


def test_a_rule_past_its_date_or_seen_too_long_ago_is_old() -> None:
    payments, federal = RULES.named("us_open_payments"), RULES.named("us_federal_exec")
    assert payments is not None
    assert federal is not None
    assert not payments.old(date(2026, 12, 31))
    assert payments.old(date(2027, 1, 1))
    assert not federal.old(date(2027, 11, 23))
    assert federal.old(date(2027, 11, 24))


def test_every_rule_says_whom_it_binds_where_it_stands_and_how_sure_that_is() -> None:
    assert len(RULES.rules) == 14
    for rule in RULES.rules:
        said = rule.words()
        assert rule.who in said
        assert rule.source in said
        assert rule.certainty in said
        assert "allowed" not in said.lower()


def test_what_is_above_a_rule_is_told_in_its_own_currency_and_else_that_nothing_was_compared() -> None:
    rule = RULES.named("us_federal_exec")
    assert rule is not None
    assert list(over(rule, 20, 50, "USD")) == []
    assert len(list(over(rule, 21, 51, "USD"))) == 2
    (said,) = over(rule, 500, 700, "EUR")
    assert said.startswith("500 EUR was not compared with 20 USD an occasion and 50 USD a year")
    assert list(over(rule, None, 0, "USD")) == []


def test_every_fault_of_the_files_is_told_at_once() -> None:
    with pytest.raises(UserError) as raised:
        read_gift_rules({"as_of": "soon", "rule": [{"id": "a"}, {"id": "b"}]})
    assert len(raised.value.problems) > 2
    with pytest.raises(UserError) as raised:
        read_public_sector({"auto": ["gov"], "extra": {"DE": "BUND.DE"}})
    assert len(raised.value.problems) == 2


def gift(amount: float | None, currency: str = "EUR", on: date = date(2026, 3, 1)) -> Gift:
    return Gift(
        on=on,
        contact="dana@acme.example",
        organisation="acme.example",
        by=Side.ME,
        kind=Kind.GIFT,
        what="a book",
        interaction="1",
        amount=amount,
        currency=currency if amount is not None else "",
    )


def test_totals_keep_currencies_years_and_the_unknown_apart() -> None:
    gifts = [gift(10), gift(5), gift(7, "USD"), gift(None), gift(1, on=date(2025, 1, 1))]
    found = {(one.of, one.year, one.currency): one for one in totals(gifts)}
    assert found["dana@acme.example", 2026, "EUR"].amount == 15
    assert found["acme.example", 2026, "EUR"].amount == 15
    assert found["dana@acme.example", 2026, "USD"].amount == 7
    assert found["dana@acme.example", 2025, "EUR"].amount == 1
    assert found["dana@acme.example", 2026, "EUR"].unknown == 1


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("lunch", Kind.HOSPITALITY),
        ("two tickets for the opera", Kind.HOSPITALITY),
        ("a bottle of wine", Kind.GIFT),
        ("a gift card", Kind.CASH),
        ("an hour of advice", None),
        ("the opening hours", None),
    ],
)
def test_a_thing_is_known_by_what_the_user_calls_it(words: str, kind: Kind | None) -> None:
    assert tangible_kind(words) is kind


def test_a_group_shares_profile_and_norm_unless_the_user_said_otherwise_of_somebody() -> None:
    groups = (Group(domain="acme.jp", profile=ProfileName.SALES, norm=NormName.IN_KIND),)
    said = Contact(id="x@acme.jp", addresses=("x@acme.jp",), norm=NormName.ENDURING, norm_said=True)
    context = assembly.context(["me@x.example"], UTC, [said], groups=groups)
    one = context.contact("ken@mail.acme.jp", ("ken@mail.acme.jp",), "")
    assert (one.profile, one.norm, one.norm_said) == (ProfileName.SALES, NormName.IN_KIND, True)
    assert context.contact("x@acme.jp", ("x@acme.jp",), "").norm is NormName.ENDURING
    other = context.contact("ken@acmejp.example", ("ken@acmejp.example",), "")
    assert (other.profile, other.norm, other.norm_said) == (None, NormName.NEUTRAL, False)


def test_a_norm_for_everybody_is_a_choice_too() -> None:
    context = assembly.context(["me@x.example"], UTC, default_norm=NormName.ENDURING)
    one = context.contact("ken@b.example", ("ken@b.example",), "")
    assert (one.norm, one.norm_said) == (NormName.ENDURING, True)
