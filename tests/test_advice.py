"""What is said, when it begins and ends, and what is held back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recipflow.advice import Hold, Pace, advise
from recipflow.advice.days import after_working_days, instant, whole
from recipflow.model import ActType, Entry, Kind, NudgeKind, ProfileName, Side, Tag
from tests.ledgers import DANA, MONDAY, ZONE, act, advised, entry, folded, viewed
from tests.test_ledger import LEDGERS

ME, THEM = Side.ME, Side.THEM
ASK, GIVE, GRANT, NO = ActType.ASK, ActType.GIVE, ActType.GRANT, ActType.REFUSAL
THANKS, PROMISE = ActType.THANKS, ActType.PROMISE
GIFT = entry(0, ME, act(GIVE, 6, Kind.ADVICE, notable=True))
THANKED = entry(0.5, THEM, act(THANKS))


def kinds(entries: list[Entry], day: float, contact: object = DANA) -> set[NudgeKind]:
    return {nudge.kind for nudge in advised(entries, day, contact).nudges}  # type: ignore[arg-type]


def test_thanks_are_due_a_day_after_something_notable_until_they_are_said() -> None:
    favour = entry(0, THEM, act(GIVE, 5, notable=True, quote="I rebuilt it over the weekend."))
    assert NudgeKind.THANK not in kinds([favour], 0.9)
    nudge = next(n for n in advised([favour], 1.1).nudges if n.kind is NudgeKind.THANK)
    assert nudge.quote == "I rebuilt it over the weekend."
    assert nudge.evidence == (favour.interaction,)
    assert NudgeKind.THANK not in kinds([favour, entry(2, ME, act(THANKS))], 3)


def test_a_routine_answer_asks_for_no_thanks() -> None:
    assert NudgeKind.THANK not in kinds([entry(0, THEM, act(GIVE, 0.5, Kind.INFO, routine=True))], 3)


def test_a_promise_is_told_three_days_before_it_is_due_and_after() -> None:
    promised = entry(0, ME, act(PROMISE, due=date(2026, 3, 13)))
    assert NudgeKind.KEEP_PROMISE not in kinds([promised], 6)
    assert NudgeKind.KEEP_PROMISE in kinds([promised], 8)
    assert NudgeKind.KEEP_PROMISE in kinds([promised], 20)
    assert NudgeKind.KEEP_PROMISE not in kinds([promised], 60)


def test_an_answer_is_owed_on_the_second_working_day_and_weekends_do_not_count() -> None:
    asked = entry(3, THEM, act(ASK))  # a Thursday
    assert NudgeKind.REPLY_OWED not in kinds([asked], 6)  # Sunday
    assert NudgeKind.REPLY_OWED in kinds([asked], 7)
    assert NudgeKind.REPLY_OWED not in kinds([asked, entry(7, ME)], 8)


def test_a_window_opens_after_a_notable_give_and_closes_again() -> None:
    assert NudgeKind.ASK_SOON in kinds([GIFT], 0.2)
    assert NudgeKind.ASK_NOW in kinds([GIFT, THANKED], 3)
    assert not {NudgeKind.ASK_NOW, NudgeKind.ASK_SOON} & kinds([GIFT, THANKED], 40)


@pytest.mark.parametrize(
    "against",
    [
        replace(DANA, profile=ProfileName.CLOSE),
        replace(DANA, tags=frozenset({Tag.DEPENDANT})),
        replace(DANA, tags=frozenset({Tag.NEVER})),
        replace(DANA, pending_decisions=((date(2026, 3, 1), date(2026, 4, 1)),)),
    ],
    ids=["close", "dependant", "never", "pending decision"],
)
def test_nobody_is_told_to_ask_those(against: object) -> None:
    assert not {NudgeKind.ASK_NOW, NudgeKind.ASK_SOON} & kinds([GIFT, THANKED], 3, against)


def test_a_guard_is_named_before_a_doubt() -> None:
    doubtful = entry(0, ME, replace(act(GIVE, 5, notable=True), notable_confidence=0.4))
    for contact, reason in (
        (DANA, Hold.UNSURE),
        (replace(DANA, tags=frozenset({Tag.DEPENDANT})), Hold.DEPENDANT),
    ):
        held = advised([doubtful], 3, contact).held
        assert [one.because for one in held if one.kind is NudgeKind.ASK_NOW] == [reason]


@pytest.mark.parametrize(
    "between",
    [
        entry(1, THEM, act(GIVE, 4, notable=True)),
        entry(1, THEM, act(ASK)),
        entry(1, ME, act(PROMISE, due=date(2026, 3, 20))),
        entry(1, ME, act(ASK)),
        entry(1, THEM, away_until=date(2026, 3, 20)),
    ],
    ids=[
        "a thank-you is due",
        "they wait for an answer",
        "a promise is open",
        "an ask is open",
        "they are away",
    ],
)
def test_what_stands_against_a_window_holds_it_and_says_why(between: Entry) -> None:
    advice = advised([GIFT, THANKED, between], 3)
    assert NudgeKind.ASK_NOW not in {nudge.kind for nudge in advice.nudges}
    assert NudgeKind.ASK_NOW in {held.kind for held in advice.held}


def test_three_growing_asks_without_a_give_mean_room() -> None:
    asks = [entry(day, ME, act(ASK, size), thread=str(day)) for day, size in ((0, 1), (2, 2), (4, 5))]
    assert NudgeKind.HOLD_BACK in kinds(asks, 5)


def test_everyday_traffic_both_ways_is_no_over_asking() -> None:
    asks = [entry(day, ME, act(ASK, 2), thread=f"m{day}") for day in range(4)]
    theirs = [entry(day + 0.5, THEM, act(ASK, 2), thread=f"t{day}") for day in range(4)]
    both = sorted([*asks, *theirs], key=lambda one: one.at)
    assert NudgeKind.HOLD_BACK not in kinds(both, 5)


def test_a_follow_up_waits_for_its_gap_and_there_are_two_at_most() -> None:
    ask = entry(0, ME, act(ASK, 2))
    assert NudgeKind.FOLLOW_UP not in kinds([ask], 2.9)
    assert NudgeKind.FOLLOW_UP in kinds([ask], 3.1)
    twice = [ask, entry(4, ME, act(ASK, 2)), entry(12, ME, act(ASK, 2))]
    assert NudgeKind.FOLLOW_UP not in kinds(twice, 20)
    assert NudgeKind.HOLD_BACK in kinds(twice, 20)


def test_a_question_of_substance_is_followed_up_and_in_a_sale_every_question() -> None:
    small, larger = (entry(0, ME, act(ASK, size, Kind.INFO)) for size in (0.5, 1.0))
    assert NudgeKind.FOLLOW_UP not in kinds([small], 4)
    assert NudgeKind.FOLLOW_UP in kinds([larger], 4)
    assert NudgeKind.FOLLOW_UP in kinds([small], 4, replace(DANA, profile=ProfileName.SALES))


def follows_up(quote: str, day: float, size: float = 1.0, what: Kind = Kind.HELP) -> bool:
    return NudgeKind.FOLLOW_UP in kinds([entry(0, ME, act(ASK, size, what, quote=quote))], day)


def test_who_was_asked_outright_to_tell_is_reminded_of_it_however_small_it_was() -> None:
    assert follows_up("Could you tell me whether the case has its film yet?", 4, 0.5, Kind.INFO)
    assert not follows_up("How is the new case?", 4, 0.5, Kind.INFO)


def test_of_a_plain_order_nobody_writes() -> None:
    assert not follows_up("Please close the valve.", 8)
    assert follows_up("Please close the valve and let me know.", 8)
    assert follows_up("Could you close the valve?", 8)


def test_what_is_to_be_done_has_working_days_to_be_done_in() -> None:
    small, large = "Please confirm the order.", "Please mark up the draft and send it back."
    assert not follows_up(small, 6)  # asked on a Monday: Sunday
    assert follows_up(small, 7)
    assert follows_up(large, 4, size=3)


def test_a_weekend_is_no_time_to_read_a_draft() -> None:
    friday = entry(4, ME, act(ASK, 3, Kind.HELP, quote="Please mark up the draft and send it back."))
    assert NudgeKind.FOLLOW_UP not in kinds([friday], 8)  # a Tuesday
    assert NudgeKind.FOLLOW_UP in kinds([friday], 9)


def test_one_small_ask_is_not_too_much_however_many_were_asked_there() -> None:
    since = MONDAY.timestamp() / 86_400
    crowd = Pace(asks=6, since=since, newest=since + 1, people=3)
    for size, told in ((1, False), (2, True)):
        view = replace(viewed(folded([entry(0, ME, act(ASK, size))], 3), 3), organisation=crowd)
        assert (NudgeKind.HOLD_BACK in {one.kind for one in advise(view).nudges}) is told


def test_who_was_asked_again_at_such_an_organisation_before_they_answered_is_left_room() -> None:
    crowd = Pace(asks=6, since=MONDAY.timestamp() / 86_400, people=3)
    first, second = (entry(day, ME, act(ASK, 1, quote=f"By day {day}?"), thread=str(day)) for day in (0, 3))
    for entries, told in (([first, second], True), ([second], False)):
        view = replace(viewed(folded(entries, 3.5), 3.5), organisation=crowd)
        assert (NudgeKind.HOLD_BACK in {one.kind for one in advise(view).nudges}) is told


def test_where_an_organisation_was_asked_too_much_nobody_there_is_asked_or_reminded() -> None:
    crowd = Pace(asks=5, since=MONDAY.timestamp() / 86_400, people=3)
    waiting = viewed(folded([entry(0, ME, act(ASK, 2))], 4), 4)
    window = viewed(folded([GIFT, THANKED], 3), 3)
    for view, kind in ((waiting, NudgeKind.FOLLOW_UP), (window, NudgeKind.ASK_NOW)):
        assert kind in {one.kind for one in advise(view).nudges}
        busy = advise(replace(view, organisation=crowd))
        assert kind not in {one.kind for one in busy.nudges}
        assert kind in {one.kind for one in busy.held if one.because in (Hold.ORGANISATION, Hold.ROOM)}


def test_what_was_asked_at_an_organisation_is_told_though_ones_own_ask_was_small() -> None:
    crowd = Pace(asks=6, since=MONDAY.timestamp() / 86_400, people=3)
    small = replace(viewed(folded([entry(0, ME, act(ASK, 1))], 3), 3), organisation=crowd)
    assert Hold.ORGANISATION in {one.because for one in advise(small).held if one.kind is NudgeKind.HOLD_BACK}


def test_no_window_hangs_on_what_was_done_for_a_colleague_unless_the_user_has_something_in_mind() -> None:
    view = replace(viewed(folded([GIFT, THANKED], 3), 3), colleague=True)
    assert NudgeKind.ASK_NOW not in {one.kind for one in advise(view).nudges}
    watched = replace(view, contact=replace(DANA, watched=True))
    assert NudgeKind.ASK_NOW in {one.kind for one in advise(watched).nudges}


def test_a_word_to_speak_that_day_is_past_the_next() -> None:
    promised = entry(0, ME, act(PROMISE, 1, Kind.MEETING, due=date(2026, 3, 2)))
    assert NudgeKind.KEEP_PROMISE not in kinds([promised], 2)


def test_what_was_granted_for_a_day_is_awaited_after_it() -> None:
    granted = [entry(0, ME, act(ASK, 3)), entry(1, THEM, act(GRANT, due=date(2026, 3, 6)))]
    assert NudgeKind.AWAITED not in kinds(granted, 4)
    assert NudgeKind.AWAITED in kinds(granted, 7)


def test_silence_is_no_evidence_where_something_could_not_be_read() -> None:
    favour = entry(0, THEM, act(GIVE, 5, notable=True))
    advice = advised([favour, entry(1, ME, unread=True)], 3)
    assert NudgeKind.THANK not in {nudge.kind for nudge in advice.nudges}
    assert NudgeKind.THANK in {held.kind for held in advice.held}


def test_a_key_stays_the_same_while_it_is_the_same_advice() -> None:
    favour = entry(0, THEM, act(GIVE, 5, notable=True))
    keys = {
        nudge.key
        for day in (2, 9, 30)
        for nudge in advised([favour], day).nudges
        if nudge.kind is NudgeKind.THANK
    }
    assert len(keys) == 1


def test_working_days_skip_the_weekend_and_begin_at_midnight_of_the_user() -> None:
    friday = (MONDAY + timedelta(days=4)).timestamp() / 86_400
    assert (
        instant(after_working_days(friday, 1, ZONE)).astimezone(ZONE).isoformat()
        == "2026-03-09T00:00:00+00:00"
    )


@given(LEDGERS, st.floats(31, 90))
@settings(deadline=None, max_examples=120)
def test_nothing_changes_before_the_next_due_instant(entries: list[Entry], day: float) -> None:
    advice = advised(entries, day)
    ahead = (instant(advice.next_due) - MONDAY).total_seconds() / 86_400 if advice.next_due else day + 400
    before = day + (ahead - day) * 0.98
    later = advised(entries, before)
    assert {nudge.key for nudge in later.nudges} == {nudge.key for nudge in advice.nudges}
    assert {question.key for question in later.questions} == {question.key for question in advice.questions}


def test_a_plain_no_to_the_third_of_growing_asks_says_that_it_was_too_much() -> None:
    asks = [entry(day, ME, act(ASK, 4, quote=f"Part {day}?"), thread=f"{day}") for day in (0, 3, 6)]
    yes = [entry(day + 0.5, THEM, act(GRANT), thread=f"{day}") for day in (0, 3)]
    no = entry(7, THEM, act(NO), thread="6")
    mild = entry(7, THEM, act(GRANT), thread="6")
    assert NudgeKind.HOLD_BACK in kinds(sorted([*asks, *yes, no], key=lambda one: one.at), 8)
    assert NudgeKind.HOLD_BACK not in kinds(sorted([*asks, *yes, mild], key=lambda one: one.at), 8)


def test_room_is_counted_from_the_first_of_the_asks_though_one_was_sent_twice() -> None:
    quotes = (
        "Could you read the draft of my book?",
        "Could you lend me the van?",
        "Could you host us in May?",
    )
    asks = [
        entry(day, ME, act(ASK, 4, quote=quote), thread=f"t{day}")
        for day, quote in ((0, quotes[0]), (1, quotes[1]), (2, quotes[2]), (4, quotes[0]))
    ]
    (nudge,) = (one for one in advised(asks, 6).nudges if one.kind is NudgeKind.HOLD_BACK)
    assert (nudge.facts["since"], nudge.facts["count"]) == (date(2026, 3, 3), 3)
    assert nudge.quote == quotes[0]


def test_while_an_account_has_stopped_silence_says_nothing_and_what_was_said_still_does() -> None:
    favour = entry(0, THEM, act(GIVE, 4, notable=True))
    seen = viewed(folded([favour], 9), 9)
    assert NudgeKind.THANK in {one.kind for one in advise(seen).nudges}
    stopped = advise(replace(seen, read_until=seen.now - 2.1))
    assert NudgeKind.THANK not in {one.kind for one in stopped.nudges}
    assert (NudgeKind.THANK, Hold.GAP) in {(one.kind, one.because) for one in stopped.held}
    assert NudgeKind.GIVE_BACK in {one.kind for one in stopped.nudges}
    for_a_while = advise(replace(seen, read_until=seen.now - 1.9))
    assert NudgeKind.THANK in {one.kind for one in for_a_while.nudges}


def test_an_absence_is_over_with_its_day_though_that_has_25_hours() -> None:
    clocks_back, hours = 237.0, 1 / 24  # the 25th of October, at nine
    ledger = [
        entry(clocks_back - 40, THEM, thread="hello"),
        entry(clocks_back - 6, ME, act(GIVE, 6, Kind.ADVICE, notable=True), thread="g"),
        entry(clocks_back - 5.5, THEM, act(THANKS), thread="g"),
        entry(clocks_back - 4, THEM, away_until=date(2026, 10, 25), thread="away"),
    ]
    late = advised(ledger, clocks_back + 14.5 * hours)
    assert (NudgeKind.ASK_NOW, Hold.AWAY) in {(one.kind, one.because) for one in late.held}
    assert late.next_due is not None
    assert instant(late.next_due) == datetime(2026, 10, 26, tzinfo=UTC)
    assert NudgeKind.ASK_NOW in {one.kind for one in advised(ledger, clocks_back + 15 * hours).nudges}


@given(st.integers(0, 4_000_000_000), st.floats(0, 1))
def test_a_time_is_told_in_whole_seconds_and_never_too_early(second: int, rest: float) -> None:
    assert whole(second / 86_400) == datetime.fromtimestamp(second, UTC)
    assert whole((second + rest) / 86_400).timestamp() >= second + rest - 0.001


def test_a_thing_that_may_be_no_present_calls_for_no_thanks() -> None:
    card, stand = (
        entry(0, THEM, replace(act(GIVE, 2, Kind.GIFT, notable=True), notable_confidence=sure))
        for sure in (0.55, 0.65)
    )
    assert NudgeKind.THANK not in kinds([entry(-3, ME), card], 2)
    assert NudgeKind.THANK in kinds([entry(-3, ME), stand], 2)


def test_a_favour_is_believed_sooner_where_favours_are_frequent() -> None:
    hint = entry(0, THEM, replace(act(GIVE, 2, notable=True), notable_confidence=0.45))
    seen = viewed(folded([entry(-3, ME), hint], 2), 2)
    assert NudgeKind.THANK not in {one.kind for one in advise(seen).nudges}
    assert NudgeKind.THANK in {one.kind for one in advise(replace(seen, generous=True)).nudges}


def test_a_window_stands_on_a_surer_give_where_most_is_duty() -> None:
    mine = entry(0, ME, replace(act(GIVE, 6, notable=True), notable_confidence=0.5))
    seen = viewed(folded([mine, entry(0.2, THEM, act(THANKS))], 4), 4)
    assert NudgeKind.ASK_NOW not in {one.kind for one in advise(seen).nudges}
    assert NudgeKind.ASK_NOW in {one.kind for one in advise(replace(seen, generous=True)).nudges}


def test_nobody_steps_back_before_a_colleague() -> None:
    refused = [entry(0, ME, act(ASK, 4)), entry(0.5, THEM, act(NO))]
    seen = viewed(folded(refused, 0.6), 0.6)
    assert NudgeKind.RETREAT in {one.kind for one in advise(seen).nudges}
    assert NudgeKind.RETREAT not in {one.kind for one in advise(replace(seen, colleague=True)).nudges}
