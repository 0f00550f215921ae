"""What a standing does, row by row of the model's tables."""

from __future__ import annotations

import json

import pytest

from recipflow import standing as model
from recipflow.model import Kind, NormName, ProfileName, Side
from recipflow.packs import read_toml
from recipflow.standing import Outcome, Standing


def terms(profile: ProfileName = ProfileName.BUSINESS, norm: NormName = NormName.NEUTRAL) -> model.Terms:
    profiles, norms = read_toml("profiles.toml"), read_toml("norms.toml")
    return model.terms(model.read_profiles(profiles)[profile], model.read_norms(norms)[norm])


BUSINESS = terms()
CLOSE = terms(ProfileName.CLOSE)
ENDURING = terms(norm=NormName.ENDURING)
IN_KIND = terms(norm=NormName.IN_KIND)
NOTHING = Standing()


def given(value: float, at: float = 0.0) -> Standing:
    return model.give(NOTHING, at, value, BUSINESS)


def asked(size: float, at: float = 0.0) -> Standing:
    return model.ask(NOTHING, at, size, BUSINESS)


def refused(size: float, at: float = 0.0) -> Standing:
    return model.outcome(asked(size, at), at, Outcome.REFUSED, BUSINESS)


def granted(size: float, at: float = 0.0) -> Standing:
    return model.outcome(asked(size, at), at, Outcome.GRANTED, BUSINESS)


def warned(standing: Standing, at: float, size: float, **flags: bool) -> dict[str, float | None]:
    found = model.check(standing, at, size, BUSINESS, **flags)
    return {caution.warning.value: caution.until for caution in found.cautions}


@pytest.mark.parametrize(
    ("flags", "worth"),
    [
        ({}, 0.8),
        ({"personal": True}, 1.0),
        ({"unexpected": True}, 0.96),
        ({"effort": True}, 0.96),
        ({"bundled": True}, 0.4),
        ({"first_contact": True}, 0.8),
        ({"relevance": model.Relevance.MEDIUM}, 0.48),
        ({"relevance": model.Relevance.LOW}, 0.08),
        ({"routine": True}, 0.08),
    ],
)
def test_each_factor_weighs_on_the_worth_of_a_give(flags: dict[str, bool], worth: float) -> None:
    assert model.value(1.0, Kind.ADVICE, BUSINESS, **flags).value == pytest.approx(worth)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [Kind.CASH, Kind.MASS])
def test_what_costs_no_thought_counts_a_fifth(kind: Kind) -> None:
    assert model.value(5.0, kind, CLOSE).value == pytest.approx(1.0)


def test_among_friends_a_give_counts_in_full() -> None:
    assert model.value(3.0, Kind.HELP, CLOSE).value == 3.0


def test_no_give_is_worth_more_than_ten() -> None:
    assert model.value(1e12, Kind.HELP, BUSINESS, personal=True).value == 10.0


@pytest.mark.parametrize("kind", [Kind.GIFT, Kind.HOSPITALITY, Kind.CASH])
def test_something_tangible_at_first_contact_is_worth_nothing_and_the_user_hears_of_it(kind: Kind) -> None:
    mine = model.value(2.0, kind, BUSINESS, first_contact=True)
    assert mine == (0.0, (model.GiveWarning.FIRST_CONTACT_GIFT,))
    assert model.value(2.0, kind, BUSINESS, first_contact=True, by=Side.THEM) == (0.0, ())


def test_a_small_gift_is_mentioned_only_where_the_norm_minds() -> None:
    assert model.value(1.0, Kind.GIFT, IN_KIND).warnings == (model.GiveWarning.SMALL_GIFT,)
    assert model.value(1.25, Kind.GIFT, IN_KIND).warnings == ()
    assert model.value(1.0, Kind.ADVICE, IN_KIND).warnings == ()
    assert model.value(1.0, Kind.GIFT, BUSINESS).warnings == ()
    assert model.value(1.0, Kind.GIFT, IN_KIND, by=Side.THEM).warnings == ()


@pytest.mark.parametrize("size", [-1.0, float("nan"), float("inf")])
def test_a_size_that_is_none_is_refused(size: float) -> None:
    with pytest.raises(ValueError, match="favour units"):
        model.value(size, Kind.HELP, BUSINESS)
    with pytest.raises(ValueError, match="favour units"):
        model.ask(NOTHING, 0.0, size, BUSINESS)


def test_a_give_raises_goodwill_at_once_and_readiness_later() -> None:
    now = given(3.0)
    later = model.advance(now, 2.0, BUSINESS)
    assert (now.goodwill, now.readiness) == (3.0, 0.0)
    assert later.goodwill < 3.0
    assert later.readiness > 2.0


def test_what_the_user_owes_fades_half_as_fast() -> None:
    theirs = model.advance(given(3.0), 10.0, BUSINESS)
    mine = model.advance(model.receive(NOTHING, 0.0, 3.0, BUSINESS), 20.0, BUSINESS)
    assert mine.owed == pytest.approx(theirs.goodwill)


def test_a_give_settles_what_the_user_owes_before_it_raises_goodwill() -> None:
    owing = model.receive(NOTHING, 0.0, 2.0, BUSINESS)
    assert model.give(owing, 0.0, 1.5, BUSINESS).owed == pytest.approx(0.5)
    paid = model.give(owing, 0.0, 3.0, BUSINESS)
    assert [paid.owed, paid.goodwill] == pytest.approx([0.0, 1.0])


def test_where_obligation_endures_a_return_settles_a_quarter() -> None:
    owing = model.receive(NOTHING, 0.0, 2.0, ENDURING)
    paid = model.give(owing, 0.0, 3.0, ENDURING)
    assert [paid.owed, paid.goodwill] == pytest.approx([1.5, 1.0])


def test_a_return_scales_the_window_and_leaves_its_dates() -> None:
    before = given(5.0)
    after = model.receive(before, 3.0, 1.0, BUSINESS)
    assert model.window(after, BUSINESS) == pytest.approx(model.window(before, BUSINESS))
    assert after.anchored_at == before.anchored_at == 0.0


def test_a_full_return_takes_the_window_away() -> None:
    after = model.receive(given(5.0), 3.0, 10.0, BUSINESS)
    assert model.window(after, BUSINESS) is None
    assert model.stale_at(after, BUSINESS) is None


def test_thanks_settle_a_little_on_the_side_that_says_them() -> None:
    assert model.thanks(given(2.0), 0.0, Side.THEM, BUSINESS).goodwill == pytest.approx(1.7)
    owing = model.receive(NOTHING, 0.0, 2.0, BUSINESS)
    thanked = model.thanks(owing, 0.0, Side.ME, BUSINESS)
    assert thanked.owed == pytest.approx(1.7)
    assert thanked.thanks_due_since is None


def test_thanks_stay_due_since_the_first_favour_and_a_courtesy_asks_for_none() -> None:
    courtesy = model.receive(NOTHING, 0.0, 0.49, BUSINESS)
    assert courtesy.thanks_due_since is None
    favour = model.receive(courtesy, 1.0, 0.5, BUSINESS)
    assert model.receive(favour, 2.0, 3.0, BUSINESS).thanks_due_since == 1.0
    assert model.thanks_missed_from(favour) == 2.0


def test_a_give_too_small_beside_what_is_left_does_not_move_the_window() -> None:
    large = given(5.0)
    assert model.give(large, 1.0, 0.3, BUSINESS).anchored_at == 0.0
    assert model.give(large, 1.0, 1.0, BUSINESS).anchored_at == 1.0


def test_a_quarter_of_a_unit_is_the_least_that_anchors_whatever_the_rounding() -> None:
    now = given(0.25)
    assert now.anchored_at == 0.0
    for hour in range(1, 4):
        now = model.give(now, hour / 1e6, 0.25, BUSINESS)
        assert now.anchored_at == hour / 1e6


def test_a_routine_give_counts_and_leaves_the_window_alone() -> None:
    now = model.give(given(1.0), 1.0, 5.0, BUSINESS, routine=True)
    assert now.goodwill > 5.0
    assert now.anchored_at == 0.0


def test_an_ask_weighs_on_the_pace_and_a_follow_up_half_as_much() -> None:
    now = asked(2.0)
    assert now.pressure == 1.0
    followed = model.ask(now, 0.0, 2.0, BUSINESS, followup=True)
    assert followed.pressure == 1.5
    assert followed.ask == (0.0, 2.0, 0.0, 1, False, False)


def test_a_follow_up_of_nothing_is_an_ask() -> None:
    now = model.ask(NOTHING, 0.0, 2.0, BUSINESS, followup=True)
    assert now == asked(2.0)
    assert model.ask(asked(2.0), 14.0, 1.0, BUSINESS, followup=True).ask == (14.0, 1.0, 14.0, 0, False, False)


def test_a_refusal_takes_half_of_the_ask_from_the_pace_and_leaves_the_follow_ups_there() -> None:
    followed = model.ask(asked(2.0), 0.0, 2.0, BUSINESS, followup=True)
    assert model.outcome(followed, 0.0, Outcome.REFUSED, BUSINESS).asked == 2.0


def test_an_answer_without_an_ask_changes_nothing() -> None:
    for answer in Outcome:
        assert model.outcome(NOTHING, 0.0, answer, BUSINESS).goodwill == 0.0
        assert model.outcome(granted(2.0), 0.0, answer, BUSINESS) == granted(2.0)


def test_a_grant_counts_the_size_of_the_ask_uncapped() -> None:
    now = granted(14.0)
    assert now.owed == pytest.approx(14.0)
    assert now.granted == (0.0, 14.0)
    assert now.thanks_due_since == 0.0


def test_an_ask_lapses_at_exactly_its_time_counted_from_the_last_follow_up() -> None:
    followed = model.ask(asked(1.0, at=5.1), 8.1, 1.0, BUSINESS, followup=True)
    assert model.lapses_at(followed, BUSINESS) == pytest.approx(22.1)
    assert model.open_ask(followed, 22.0999, BUSINESS) is not None
    assert model.open_ask(followed, 22.1, BUSINESS) is None


def test_a_lapsed_ask_can_still_be_granted_or_refused() -> None:
    lapsed = model.outcome(asked(2.0), 1.0, Outcome.LAPSED, BUSINESS)
    assert model.open_ask(lapsed, 1.0, BUSINESS) is None
    assert model.lapses_at(lapsed, BUSINESS) is None
    assert model.outcome(lapsed, 40.0, Outcome.GRANTED, BUSINESS).owed == pytest.approx(2.0)
    assert model.outcome(lapsed, 40.0, Outcome.REFUSED, BUSINESS).refused == (40.0, 2.0)


def test_a_retreat_stands_in_the_place_of_the_refused_ask_and_there_is_one() -> None:
    retreated = model.ask(refused(8.0), 0.0, 4.0, BUSINESS)
    assert retreated.asked == pytest.approx(4.0)
    assert retreated.refused == (0.0, 0.0)
    again = model.outcome(retreated, 0.0, Outcome.REFUSED, BUSINESS)
    assert again.refused == (0.0, 0.0)
    assert model.check(again, 0.0, 1.0, BUSINESS).credit == 0.0


def test_a_fifth_less_is_a_retreat_and_anything_nearer_is_not() -> None:
    assert model.check(refused(7.0), 0.0, 5.6, BUSINESS).credit == pytest.approx(0.35)
    assert model.check(refused(7.0), 0.0, 5.61, BUSINESS).credit == 0.0


def test_the_earliest_follow_ups_and_no_third() -> None:
    now = asked(1.5)
    assert model.followup_from(now, BUSINESS) == 3.0
    assert warned(now, 2.9, 1.5, followup=True)["spacing"] == 3.0
    once = model.ask(now, 3.0, 1.5, BUSINESS, followup=True)
    assert model.followup_from(once, BUSINESS) == 10.0
    twice = model.ask(once, 10.0, 1.5, BUSINESS, followup=True)
    assert model.followup_from(twice, BUSINESS) is None
    assert warned(twice, 11.0, 1.5, followup=True)["followup_limit"] == 24.0


def test_a_pending_ask_stands_in_the_way_until_it_lapses() -> None:
    assert warned(asked(1.0), 1.0, 1.0)["ask_pending"] == 14.0
    assert "ask_pending" not in warned(asked(1.0), 1.0, 1.0, followup=True)
    assert "ask_pending" not in warned(asked(1.0), 14.0, 1.0)


def test_the_gaps_after_an_answer_end_at_exactly_their_length() -> None:
    assert warned(granted(1.0, at=5.1), 7.0, 1.0)["spacing"] == pytest.approx(7.1)
    assert "spacing" not in warned(granted(1.0, at=5.1), 7.1, 1.0)
    assert warned(refused(1.0, at=5.1), 19.0, 1.0)["spacing"] == pytest.approx(19.1)
    assert "spacing" not in warned(refused(1.0, at=5.1), 19.1, 1.0)
    assert model.gaps_end(refused(1.0), BUSINESS) == 14.0
    assert model.gaps_end(NOTHING, BUSINESS) is None


def test_too_soon_ends_when_half_of_goodwill_has_matured() -> None:
    now = given(5.0)
    until = warned(now, 0.1, 2.0)["too_soon"]
    assert until is not None
    assert until == pytest.approx(0.5 * 0.693147, abs=1e-4)
    assert "too_soon" not in warned(now, until, 2.0)
    assert "too_soon" not in warned(now, 0.1, 1.0)


def test_among_friends_too_soon_is_told_as_such() -> None:
    now = model.give(NOTHING, 0.0, 3.0, CLOSE)
    assert [caution.warning for caution in model.check(now, 1.0, 2.0, CLOSE).cautions] == [
        "too_soon",
        "communal",
    ]


def test_over_asking_says_when_the_pace_allows_it() -> None:
    now = asked(3.0)
    until = warned(now, 0.0, 1.0)["over_asking_red"]
    assert until is not None
    later = warned(now, until, 1.0)
    assert "over_asking_red" not in later
    assert "over_asking" not in warned(now, later["over_asking"] or 0.0, 1.0)


def test_asks_worth_exactly_what_is_fitting_pass() -> None:
    assert "over_asking" not in warned(model.ask(asked(0.1), 0.0, 0.2, BUSINESS), 0.0, 1.7)
    assert "disproportionate" not in warned(given(2.0), 0.0, 4.0)
    assert "escalation" not in warned(granted(1.4), 0.0, 2.1)
    assert "escalation" in warned(granted(1.4), 0.0, 2.11)


def test_owing_is_told_until_it_has_faded() -> None:
    now = model.receive(NOTHING, 0.0, 2.0, BUSINESS)
    until = warned(now, 0.0, 1.0)["you_owe"]
    assert until is not None
    assert "you_owe" not in warned(now, until, 1.0)
    assert "you_owe" in warned(now, until - 0.01, 1.0)


def test_owing_can_begin_by_itself_as_goodwill_fades_faster() -> None:
    both = Standing(at=0.0, theirs=model.Pools(3.0), mine=model.Debt(3.0))
    begins = model.owing_changes_at(both, BUSINESS)
    assert begins is not None
    assert not model.owes(model.advance(both, begins - 0.01, BUSINESS))
    assert model.owes(model.advance(both, begins, BUSINESS))
    assert model.owing_changes_at(NOTHING, BUSINESS) is None


def test_no_window_hangs_on_too_little() -> None:
    assert model.window(given(0.3), BUSINESS) is None
    assert model.window(NOTHING, BUSINESS) is None
    assert model.stale_at(given(0.25), BUSINESS) is None


def test_a_standing_cannot_go_back() -> None:
    with pytest.raises(ValueError, match="refold"):
        model.advance(given(1.0, at=5.0), 4.0, BUSINESS)


def test_a_standing_survives_being_written_down() -> None:
    now = model.ask(
        model.outcome(model.ask(given(7.3), 1.1, 9.0, BUSINESS), 1.3, Outcome.REFUSED, BUSINESS),
        1.4,
        3.0,
        BUSINESS,
    )
    for standing in (NOTHING, now, granted(3.3)):
        assert model.from_list(json.loads(json.dumps(model.to_list(standing)))) == standing
