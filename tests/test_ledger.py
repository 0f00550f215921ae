"""Which act answers which, and that one favour counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recipflow.ledger.relationship import OpenKind, OpenState
from recipflow.ledger.text import from_text, to_text
from recipflow.model import ActType, Channel, Entry, Flag, Kind, Side
from tests.ledgers import act, entry, folded

ME, THEM = Side.ME, Side.THEM
ASK, GIVE, GRANT, NO = ActType.ASK, ActType.GIVE, ActType.GRANT, ActType.REFUSAL
THANKS, PROMISE = ActType.THANKS, ActType.PROMISE
NEXT, LATER = date(2026, 3, 4), date(2026, 3, 9)


def test_a_give_that_answers_my_ask_is_its_grant_at_the_asks_size() -> None:
    asked = [entry(0, ME, act(ASK, 2)), entry(1, THEM, act(GIVE, 8, notable=True))]
    plain = [entry(0, ME, act(ASK, 2)), entry(1, THEM, act(GRANT))]
    assert folded(asked, 1).standing.owed == folded(plain, 1).standing.owed == 2.0


def test_what_was_done_before_a_no_is_a_favour_of_its_own_and_no_delivery() -> None:
    asked = entry(0, ME, replace(act(ASK, 4, quote="Could your whole choir sing on Sunday?"), position=0))
    fought = replace(act(GIVE, 3, notable=True, quote="I fought for it in the staff room."), position=0)
    no = replace(act(NO, quote="The director won't let them go."), position=40)
    rel = folded([asked, entry(1, THEM, fought, no)], 2)
    assert [item.state for item in rel.items] == [OpenState.REFUSED]
    assert [one.granted for one in rel.favours] == [False]
    sang = replace(fought, quote="The whole choir sang on Sunday.")
    assert not folded([asked, entry(1, THEM, sang, no)], 2).items


def test_the_delivery_of_a_granted_ask_adds_nothing() -> None:
    granted = [entry(0, ME, act(ASK, 3)), entry(1, THEM, act(GRANT))]
    delivered = [*granted, entry(2, THEM, act(GIVE, 3))]
    assert folded(delivered, 3).standing.given == folded(granted, 3).standing.given
    assert folded(delivered, 3).standing.owed == folded(granted, 3).standing.owed
    assert not folded(delivered, 3).items


def test_a_grant_waits_for_its_delivery() -> None:
    rel = folded([entry(0, ME, act(ASK, 3)), entry(1, THEM, act(GRANT, due=date(2026, 3, 6)))], 2)
    assert [(item.state, item.due) for item in rel.items] == [(OpenState.GRANTED, date(2026, 3, 6))]


def test_my_follow_up_in_the_thread_repeats_the_ask_and_opens_no_second() -> None:
    rel = folded([entry(0, ME, act(ASK, 2)), entry(4, ME, act(ASK, 2))], 5)
    assert [(item.kind, item.repeats) for item in rel.items] == [(OpenKind.MY_ASK, 1)]
    assert rel.standing.ask is not None
    assert rel.standing.ask.followups == 1


def test_a_follow_up_that_says_so_repeats_the_last_ask_from_another_thread() -> None:
    again = entry(4, ME, act(ASK, 1, rule="ask.followup-bump"), thread="u")
    assert [item.repeats for item in folded([entry(0, ME, act(ASK, 2)), again], 5).items] == [1]


def test_a_follow_up_from_another_thread_revives_no_ask_that_has_lapsed() -> None:
    asked = entry(0, ME, act(ASK, 2, quote="Carnitas, please."))
    again = act(ASK, 1, rule="ask.followup-bump", quote="Any word from legal?")
    assert [item.repeats for item in folded([asked, entry(13.9, ME, again, thread="u")], 14).items] == [1]
    late = folded([asked, entry(280, ME, again, thread="u")], 281)
    assert (late.items[-1].quote, late.items[-1].repeats) == ("Any word from legal?", 0)


def test_an_automatic_reply_answers_nothing_and_says_how_long() -> None:
    rel = folded([entry(0, ME, act(ASK)), entry(0.1, THEM, act(GRANT), away_until=date(2026, 3, 12))], 1)
    assert [item.state for item in rel.items] == [OpenState.PENDING]
    assert rel.away_until == date(2026, 3, 12)
    assert rel.last_theirs is None


def test_a_counter_question_keeps_my_ask_open_but_not_ignored() -> None:
    rel = folded([entry(0, ME, act(ASK)), entry(1, THEM, question=True)], 2)
    assert [item.state for item in rel.items] == [OpenState.HEARD]
    assert [ask.answered for ask in rel.asked] == [True]


def test_any_word_in_the_thread_closes_a_small_question() -> None:
    assert folded([entry(0, ME, act(ASK, 0.5)), entry(1, THEM)], 2).items == ()


def test_a_refusal_is_kept_for_the_cool_off() -> None:
    rel = folded([entry(0, ME, act(ASK, 5)), entry(1, THEM, act(NO))], 2)
    assert rel.standing.refused is not None
    assert rel.standing.refused.size == 5
    assert [item.state for item in rel.items] == [OpenState.REFUSED]


def test_their_ask_is_closed_by_my_answer_in_the_thread() -> None:
    asked = [entry(0, THEM, act(ASK))]
    assert [item.kind for item in folded(asked, 1).items] == [OpenKind.THEIR_ASK]
    assert folded([*asked, entry(1, ME)], 2).items == ()


def test_their_reminder_is_the_same_ask_again() -> None:
    rel = folded([entry(0, THEM, act(ASK)), entry(3, THEM, act(ASK))], 4)
    assert [item.repeats for item in rel.items] == [1]


def test_a_promise_of_mine_is_kept_by_what_i_send_in_the_thread() -> None:
    promised = [entry(0, ME, act(PROMISE, kind=Kind.RESOURCE))]
    assert [item.kind for item in folded(promised, 1).items] == [OpenKind.MY_PROMISE]
    assert folded([*promised, entry(2, ME, act(GIVE, kind=Kind.RESOURCE))], 3).items == ()


@pytest.mark.parametrize(
    "quote", ["I'll update you early next week.", "I will keep you posted.", "I'll let you know."]
)
def test_a_promise_of_word_is_kept_by_any_word_to_them(quote: str) -> None:
    promised = [entry(0, ME, act(PROMISE, quote=quote, due=date(2026, 3, 20)))]
    assert folded(promised, 1).items
    assert folded([*promised, entry(3, ME, thread="other")], 4).items == ()


def test_a_promise_in_the_same_breath_is_no_delivery() -> None:
    asked = entry(0, ME, act(ASK, 3, Kind.RESOURCE))
    promised = entry(1, THEM, act(GIVE, 1, routine=True), act(PROMISE, kind=Kind.RESOURCE))
    rel = folded([asked, promised], 2)
    assert rel.standing.granted is None
    assert {item.kind for item in rel.items} == {OpenKind.MY_ASK, OpenKind.THEIR_PROMISE}


def test_a_meeting_is_the_delivery_of_the_ask_to_meet() -> None:
    asked = entry(0, ME, act(ASK, 2, Kind.MEETING))
    met = entry(3, THEM, act(GIVE, 4, Kind.MEETING), thread="cal", channel=Channel.MEETING)
    rel = folded([asked, met], 4)
    assert rel.items == ()
    assert rel.standing.granted is not None
    assert rel.standing.granted.size == 2


def test_an_hour_of_their_time_that_i_asked_for_is_a_favour_once_we_met_and_half_an_hour_is_none() -> None:
    asked = entry(0, ME, act(ASK, 4, Kind.MEETING))
    met = entry(3, THEM, act(GIVE, 4, Kind.MEETING), thread="cal", channel=Channel.MEETING)
    short = entry(3, THEM, act(GIVE, 2, Kind.MEETING), thread="cal", channel=Channel.MEETING)
    assert folded([asked], 4).favours == ()
    assert [favour.size for favour in folded([asked, met], 4).favours] == [4]
    assert folded([asked, short], 4).favours == ()


def test_thanks_of_mine_settle_every_favour_before_them() -> None:
    favour = entry(0, THEM, act(GIVE, 5, notable=True))
    assert len(folded([favour], 1).favours) == 1
    rel = folded([favour, entry(1, ME, act(THANKS))], 2)
    assert rel.favours == ()
    assert len(rel.received) == 1


def test_a_gift_with_an_ask_attached_leaves_nobody_owing() -> None:
    known = entry(0, ME)
    bait = entry(1, THEM, act(GIVE, 3, Kind.GIFT, notable=True, flags=[Flag.BUNDLED]), act(ASK))
    rel = folded([known, bait], 2)
    assert rel.standing.owed == 0
    assert rel.favours == ()


def test_a_tangible_gift_at_first_contact_counts_nothing_either_way() -> None:
    gift = act(GIVE, 3, Kind.GIFT, notable=True)
    assert folded([entry(0, ME, gift)], 1).standing.goodwill == 0
    assert folded([entry(0, THEM, gift)], 1).standing.owed == 0


def test_what_they_thanked_for_is_worth_more_and_what_met_silence_less() -> None:
    gift = entry(0, ME, act(GIVE, 4, notable=True))
    heard = entry(1, THEM)
    thanked = entry(1, THEM, act(THANKS))
    assert folded([gift, thanked], 1).standing.given > folded([gift, heard], 1).standing.given
    assert folded([gift], 15).standing.anchor is None or folded([gift], 15).standing.given < 0.5
    assert folded([gift], 1).refold_at == (gift.at + timedelta(days=14)).timestamp() / 86_400


def test_routine_gives_open_no_window_however_many() -> None:
    entries = [entry(day, ME, act(GIVE, 1, routine=True)) for day in range(20)]
    assert folded(entries, 20).standing.anchor is None


def test_what_is_kept_is_bounded_however_long_the_ledger() -> None:
    entries = [
        one
        for day in range(300)
        for one in (
            entry(day, ME, act(ASK), act(PROMISE), thread=f"m{day}"),
            entry(day + 0.5, THEM, act(ASK), act(GIVE, 5, notable=True), thread=f"t{day}"),
        )
    ]
    rel = folded(entries, 301)
    assert max(map(len, (rel.items, rel.favours, rel.asked, rel.their_turns, rel.received))) <= 12


def test_a_third_person_who_answers_them_in_the_thread_settles_what_they_asked() -> None:
    asked = entry(0, THEM, act(ASK, 2))
    answered = replace(entry(1, ME), proxy=True)
    assert folded([asked], 2).items
    assert not folded([asked, answered], 2).items
    assert folded([asked, answered], 2).last_mine is None  # it was not the user who wrote


def test_the_same_sentence_sent_twice_is_one_ask() -> None:
    said = act(ASK, 2, quote="Can we get together and talk about the floor?")
    rel = folded([entry(0, ME, said, thread="a"), entry(0.4, ME, said, thread="b")], 1)
    assert [(item.kind, item.repeats) for item in rel.items] == [(OpenKind.MY_ASK, 0)]


def test_a_new_proposal_to_meet_stands_for_the_old() -> None:
    first, second = (
        entry(day, THEM, act(ASK, 2, Kind.MEETING, quote=f"Lunch {day}?"), thread=f"t{day}") for day in (0, 3)
    )
    assert [item.thread for item in folded([first, second], 4).items] == ["t3"]


def test_a_small_question_in_the_midst_of_a_talk_is_of_that_hour() -> None:
    said = act(ASK, 0.5, Kind.INFO, quote="So what do you want to do?")
    (talked,) = folded([entry(0, ME), entry(0.01, THEM, said)], 1).items
    (written,) = folded([entry(0, ME), entry(0.5, THEM, said)], 1).items
    assert Flag.PASSING in talked.flags
    assert Flag.PASSING not in written.flags


def test_an_answer_to_mail_of_mine_that_is_not_there_shows_that_some_is_missing() -> None:
    answer = replace(entry(1, THEM, thread="unknown"), reply=True)
    assert folded([entry(0, ME), answer], 2).last_unseen is not None
    assert folded([entry(0, ME), replace(answer, thread="t")], 2).last_unseen is None


def test_an_offer_waits_to_be_taken_up_before_it_deserves_thanks() -> None:
    offer = act(GIVE, 3, Kind.HOSPITALITY, notable=True, flags=[Flag.OFFERED])
    told = entry(0, ME)
    assert not folded([told, entry(1, THEM, offer)], 2).favours
    assert folded([told, entry(1, THEM, replace(offer, flags=frozenset()))], 2).favours


def test_praise_that_comes_late_in_another_thread_raises_what_was_given() -> None:
    gift = entry(
        0, ME, act(GIVE, 4, Kind.RESOURCE, notable=True, quote="Here is the checklist for launches.")
    )
    praise = act(THANKS, quote="Your checklist saved the launch.", flags=[Flag.HIGH])
    vague = act(THANKS, quote="You are a treasure.", flags=[Flag.HIGH])
    late, plain = (folded([gift, entry(20, THEM, one, thread="other")], 20) for one in (praise, vague))
    assert late.standing.given > 5 * plain.standing.given


def test_a_favour_far_beyond_a_small_old_ask_is_one_of_its_own() -> None:
    asked = entry(0, ME, act(ASK, 0.5, Kind.HELP, quote="Would you order the ribbon for the accounts?"))
    large = act(GIVE, 5, Kind.HELP, notable=True, quote="I rebuilt all the accounts of the year.")
    small = act(GIVE, 0.5, Kind.HELP, quote="The ribbon for the accounts is ordered.")
    rel = folded([asked, entry(9, THEM, large, thread="other")], 10)
    assert [(favour.size, favour.granted) for favour in rel.favours] == [(5, False)]
    assert [item.kind for item in rel.items] == [OpenKind.MY_ASK]
    assert not folded([asked, entry(9, THEM, small, thread="other")], 10).items
    late = folded([asked, entry(130, THEM, small, thread="other")], 131)
    assert [item.kind for item in late.items] == [OpenKind.MY_ASK]  # dropped by then, and nobody's delivery


@pytest.mark.parametrize(
    ("due", "wrote", "state"),
    [
        (date(2026, 3, 4), 3, OpenState.HEARD),
        (date(2026, 3, 20), 3, OpenState.PENDING),
        (None, 8, OpenState.HEARD),
        (None, 3, OpenState.PENDING),
    ],
    ids=["its day was past", "its day is to come", "after five working days", "before five working days"],
)
def test_a_promise_i_wrote_after_it_was_due_was_not_overlooked(
    due: date | None, wrote: int, state: OpenState
) -> None:
    promised = entry(0, ME, act(PROMISE, due=due))
    assert folded([promised, entry(wrote, ME, thread="other")], 9).items[0].state is state


DATES = st.none() | st.dates(date(2026, 3, 1), date(2026, 5, 1))
ACTS = st.builds(
    lambda act, sure, about, flags: replace(
        act,
        confidence=sure,
        notable_confidence=sure * act.notable,
        counts=sure >= 0.6,
        about=about,
        flags=flags,
    ),
    st.builds(
        act,
        st.sampled_from(ActType),
        st.floats(0, 20),
        st.sampled_from(Kind),
        notable=st.booleans(),
        routine=st.booleans(),
        due=DATES,
    ),
    st.floats(0.5, 1),
    DATES,
    st.frozensets(st.sampled_from([Flag.HIGH, Flag.OPTIONAL, Flag.PASSING, Flag.ELSEWHERE]), max_size=1),
)
LEDGERS = st.lists(
    st.builds(
        lambda day, by, acts, thread, question: entry(day, by, *acts, thread=thread, question=question),
        st.integers(0, 60).map(lambda hours: hours / 2),
        st.sampled_from(Side),
        st.lists(ACTS, max_size=3),
        st.sampled_from("abc"),
        st.booleans(),
    ),
    max_size=15,
    unique_by=lambda one: (one.at, one.by),
).map(lambda entries: sorted(entries, key=lambda one: (one.at, one.interaction)))


@given(LEDGERS)
@settings(deadline=None, max_examples=150)
def test_a_relationship_survives_being_stored(entries: list[Entry]) -> None:
    rel = folded(entries, 40)
    assert from_text(to_text(rel)) == rel


@given(LEDGERS, st.integers(0, 40))
@settings(deadline=None, max_examples=150)
def test_folding_knows_nothing_of_what_comes_later(entries: list[Entry], day: int) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(days=day)
    assert folded(entries, day) == folded([one for one in entries if one.at <= now], day)
    assert min(folded(entries, day).standing.theirs) >= 0


def test_a_promise_named_again_takes_the_place_of_the_old_one_and_moves_its_day() -> None:
    first = entry(
        0, ME, act(PROMISE, kind=Kind.RESOURCE, quote="You'll have the draft by the 4th.", due=NEXT)
    )
    again = replace(act(PROMISE, kind=Kind.HELP, quote="You'll have it that morning."), about=LATER)
    (item,) = folded([first, entry(1, ME, again)], 2).items
    assert item.due == LATER


def test_a_yes_for_a_later_day_is_not_its_own_delivery() -> None:
    asked = entry(0, ME, act(ASK, 3, Kind.RESOURCE))
    yes = act(GRANT, 1, due=NEXT)
    told = act(GIVE, 0.25, Kind.INFO, routine=True)
    (item,) = folded([asked, entry(1, THEM, yes, told)], 2).items
    assert (item.state, item.due) == (OpenState.GRANTED, NEXT)


def test_an_order_beside_the_favour_they_asked_for_is_no_ask() -> None:
    asked = entry(0, THEM, act(ASK, 2, Kind.ADVICE))
    order = replace(act(ASK, 1), confidence=0.75)
    given = entry(1, ME, act(GIVE, 3, Kind.ADVICE, notable=True), order)
    assert folded([asked, given], 2).items == ()


def test_small_talk_does_not_take_up_a_need_that_was_told_in_passing() -> None:
    need = act(ASK, 1, Kind.INTRO, flags=[Flag.IN_PASSING], quote="We're looking for an illustrator.")
    told = entry(0, THEM, replace(need, counts=False))
    chat = entry(1, ME, act(GIVE, 0.25, Kind.INFO, routine=True, quote="It rained all day."))
    asked = entry(1, ME, act(ASK, 1, Kind.INFO, quote="What is the fee?"))
    assert len(folded([told, chat], 2).needs) == 1
    assert folded([told, asked], 2).needs == ()


def test_a_yes_that_names_a_time_to_meet_is_delivered_by_meeting() -> None:
    yes = act(GRANT, kind=Kind.MEETING, due=NEXT, quote="Yes, I'll ring you on Wednesday at ten.")
    asked = [entry(0, ME, act(ASK, 2, Kind.ADVICE)), entry(1, THEM, yes)]
    assert [item.what for item in folded(asked, 1.5).items] == [Kind.MEETING]
    met = entry(2, THEM, act(GIVE, 2, Kind.MEETING), thread="m", channel=Channel.MEETING)
    assert not folded([*asked, met], 3).items


def test_their_thanks_for_what_came_keep_my_promise() -> None:
    promised = entry(0, ME, act(PROMISE, 1, Kind.RESOURCE, due=NEXT))
    sent, thanks = entry(2, ME), entry(2.1, THEM, act(THANKS))
    assert not folded([promised, sent, thanks], 3).items


def test_thanks_for_the_promise_itself_keep_nothing() -> None:
    promised, thanks = entry(0, ME, act(PROMISE, 1, Kind.RESOURCE, due=NEXT)), entry(0.1, THEM, act(THANKS))
    assert len(folded([promised, thanks], 1).items) == 1


def test_thanks_for_something_else_long_before_the_day_keep_nothing() -> None:
    promised = entry(0, ME, act(PROMISE, 1, Kind.RESOURCE, due=date(2026, 3, 20)))
    assert len(folded([promised, entry(1, ME), entry(1.1, THEM, act(THANKS))], 2).items) == 1


def test_an_introduction_promised_has_come_when_a_letter_calls_whom_it_was_to_bring() -> None:
    promise = act(PROMISE, 2, Kind.INTRO, quote="I'll put you in touch with Renske on Monday.")
    told = act(GIVE, 0.5, Kind.INFO, routine=True, quote="Renske, this is the one with the boats.")
    other = replace(told, quote="On Monday the office is closed.")
    assert not folded([entry(0, THEM, promise), entry(2, THEM, told, thread="u")], 3).items
    assert len(folded([entry(0, THEM, promise), entry(2, THEM, other, thread="u")], 3).items) == 1


@pytest.mark.parametrize(
    ("size", "said", "left"),
    [
        (0.25, "In bread is fine, not in sugar.", 1),
        (0.25, "The brewer has a larger tank that you can rent.", 0),
        (2.0, "Go to the auction at Perth, they know me.", 0),
    ],
)
def test_a_plain_word_on_something_else_meets_no_need(size: float, said: str, left: int) -> None:
    need = act(ASK, 1, Kind.RESOURCE, flags=[Flag.IN_PASSING], quote="We need a larger tank by July.")
    word = act(GIVE, size, Kind.ADVICE, routine=True, quote=said)
    assert len(folded([entry(0, THEM, need), entry(1, ME, word)], 2).needs) == left


def test_the_yes_to_what_is_only_repaid_is_no_favour() -> None:
    asked, yes = entry(0, ME, act(ASK, 3)), entry(1, THEM, act(GRANT))
    back = entry(4, THEM, act(GIVE, 3, Kind.CASH, flags=[Flag.REPAID]))
    assert [one.granted for one in folded([asked, yes], 3).favours] == [True]
    settled = folded([asked, yes, back], 5)
    assert (settled.items, settled.favours, settled.received) == ((), (), ())


def test_what_answers_a_third_persons_mail_shows_no_gap() -> None:
    answer = replace(entry(0, ME, act(ASK, 1)), reply=True)
    assert folded([answer], 1).last_missed is not None
    assert folded([replace(answer, third=True)], 1).last_missed is None


def test_who_writes_there_after_the_day_has_said_what_became_of_a_promise() -> None:
    promise = entry(0, THEM, act(PROMISE, 1, Kind.RESOURCE, due=NEXT))
    assert len(folded([promise, entry(1, THEM)], 2).items) == 1
    assert len(folded([promise, entry(4, THEM, thread="u")], 5).items) == 1
    assert not folded([promise, entry(4, THEM)], 5).items
