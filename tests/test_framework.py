"""The retreat, the stop before a gift, needs, news, decisions and rounds: what advice says of them, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recipflow.advice import Advice, Hold, Match, News, advise
from recipflow.advice.days import instant
from recipflow.guards import read_gift_rules
from recipflow.model import ActType, Contact, Entry, Flag, Kind, NudgeKind, Plan, ProfileName, Side, Tag
from recipflow.packs import read_toml
from tests.ledgers import DANA, MONDAY, act, advised, entry, folded, viewed

ME, THEM = Side.ME, Side.THEM
ASK, GIVE, GRANT, NO, THANKS = ActType.ASK, ActType.GIVE, ActType.GRANT, ActType.REFUSAL, ActType.THANKS
ASKED = entry(0, ME, act(ASK, 8, quote="Would you sponsor us?"), thread="a")
REFUSED = entry(1, THEM, act(NO), thread="a")
OFFICIAL = replace(DANA, tags=frozenset({Tag.PUBLIC_SECTOR}))
GIFT = entry(0, ME, act(GIVE, 2, Kind.GIFT, notable=True, quote="I put a bottle in the post."), thread="g")
HELLO = entry(-20, THEM, thread="hello")


def kinds(advice: Advice) -> set[NudgeKind]:
    return {one.kind for one in advice.nudges}


def stands(entries: list[Entry], day: float, kind: NudgeKind, contact: Contact = DANA) -> bool:
    return kind in kinds(advised(entries, day, contact))


def test_after_a_real_no_something_smaller_may_be_asked_while_a_step_back_is_seen_as_one() -> None:
    advice = advised([ASKED, REFUSED], 1.1)
    (nudge,) = (one for one in advice.nudges if one.kind is NudgeKind.RETREAT)
    assert nudge.closes is not None
    ends = (nudge.closes - MONDAY) / timedelta(days=1)
    assert stands([ASKED, REFUSED], ends - 0.01, NudgeKind.RETREAT)
    assert not stands([ASKED, REFUSED], ends + 0.01, NudgeKind.RETREAT)
    assert ends < 3  # the effect is short (Dillard 1984, Feeley 2012)


@pytest.mark.parametrize(
    "entries",
    [
        [ASKED],
        [ASKED, entry(1, THEM, act(GRANT), thread="a")],
        [ASKED, REFUSED, entry(1.05, ME, act(ASK, 2), thread="a")],
        [replace(ASKED, acts=(act(ASK, 0.5),)), REFUSED],
    ],
)
def test_there_is_no_step_back_without_a_no_after_it_was_taken_or_from_a_trifle(entries: list[Entry]) -> None:
    assert not stands(entries, 1.1, NudgeKind.RETREAT)


@pytest.mark.parametrize(
    "contact",
    [
        replace(DANA, profile=ProfileName.CLOSE),
        replace(DANA, tags=frozenset({Tag.DEPENDANT})),
        replace(DANA, tags=frozenset({Tag.NEVER})),
        replace(DANA, pending_decisions=((date(2026, 3, 1), date(2026, 4, 1)),)),
    ],
)
def test_never_after_a_no_of_a_friend_a_dependant_or_one_who_decides(contact: Contact) -> None:
    assert not stands([ASKED, REFUSED], 1.1, NudgeKind.RETREAT, contact)


def test_a_planned_step_back_names_what_was_planned_and_a_token_one_is_none() -> None:
    plan = Plan(id="1", at=MONDAY, ask="ten licences", size=2.0, first="a sponsorship", first_size=8.0)
    planned = advised([ASKED, REFUSED], 1.1, replace(DANA, plans=(plan,)))
    (nudge,) = (one for one in planned.nudges if one.kind is NudgeKind.RETREAT)
    assert nudge.facts["plan"] == "ten licences"
    token = replace(plan, size=7.0)
    assert not stands([ASKED, REFUSED], 1.1, NudgeKind.RETREAT, replace(DANA, plans=(token,)))


def test_a_gift_to_an_official_stops_until_it_was_looked_into_or_declined() -> None:
    assert stands([HELLO, GIFT], 0.1, NudgeKind.COMPLIANCE, OFFICIAL)
    assert not stands([HELLO, GIFT], 0.1, NudgeKind.COMPLIANCE)
    declined = entry(1, THEM, act(NO), thread="g")
    assert not stands([HELLO, GIFT, declined], 2, NudgeKind.COMPLIANCE, OFFICIAL)
    assert not stands([HELLO, GIFT], 90, NudgeKind.COMPLIANCE, OFFICIAL)


def test_what_was_given_to_an_official_makes_no_time_to_ask_of_them() -> None:
    present = entry(0, ME, act(GIVE, 6, Kind.GIFT, notable=True), thread="g")
    ledger = [entry(-30, THEM, thread="hello"), present, entry(0.5, THEM, act(THANKS), thread="g")]
    assert stands(ledger, 3, NudgeKind.ASK_NOW)
    held = advised(ledger, 3, OFFICIAL)
    assert NudgeKind.ASK_NOW not in kinds(held)
    assert (NudgeKind.ASK_NOW, Hold.GIFT) in {(one.kind, one.because) for one in held.held}
    declined = entry(1, THEM, act(NO), thread="g")
    assert stands([*ledger, declined, *_advice(1.2)], 4.5, NudgeKind.ASK_NOW, OFFICIAL)


def _advice(day: float) -> list[Entry]:
    return [
        entry(day, ME, act(GIVE, 6, Kind.ADVICE, notable=True), thread="a"),
        entry(day + 0.1, THEM, act(THANKS), thread="a"),
    ]


def test_information_and_answers_in_normal_duty_pass() -> None:
    told = entry(0, ME, act(GIVE, 2, Kind.INFO, notable=True))
    met = entry(1, ME, act(GIVE, 2, Kind.MEETING))
    assert not stands([HELLO, told, met], 2, NudgeKind.COMPLIANCE, OFFICIAL)


def test_the_stop_names_the_rule_and_says_when_it_is_old() -> None:
    rules = read_gift_rules(read_toml("gift_limits.toml"))
    view = replace(viewed(folded([HELLO, GIFT], 1), 1, OFFICIAL), gift_rule=rules.named("us_federal_exec"))
    (nudge,) = (one for one in advise(view).nudges if one.kind is NudgeKind.COMPLIANCE)
    assert "2635.204" in str(nudge.facts["rule"])
    assert "aged" not in nudge.facts
    old = replace(view, now=view.now + 20, gift_rule=replace(rules.rules[0], until=date(2026, 3, 2)))
    (nudge,) = (one for one in advise(old).nudges if one.kind is NudgeKind.COMPLIANCE)
    assert nudge.facts["aged"] == date(2026, 11, 23)


DECISION = replace(
    act(ASK, 0.1, flags=[Flag.DECISION], quote="Offers are to be submitted by 5 March."), counts=False
)
DECIDED = replace(act(ASK, 0.1, flags=[Flag.DECIDED], quote="Yours came second."), counts=False)
NOTABLE = entry(1, ME, act(GIVE, 6, Kind.ADVICE, notable=True), thread="n")
WARM = entry(1.5, THEM, act(THANKS), thread="n")


def test_while_a_decision_found_in_mail_is_pending_there_is_no_window_and_after_it_there_is() -> None:
    tender = entry(0, THEM, DECISION, thread="t")
    assert stands([NOTABLE, WARM], 4, NudgeKind.ASK_NOW)
    held = advised([tender, NOTABLE, WARM], 4)
    assert NudgeKind.ASK_NOW not in kinds(held)
    assert Hold.DECIDING in {one.because for one in held.held}
    made = entry(3, THEM, DECIDED, thread="t")
    assert stands([tender, NOTABLE, WARM, made], 4, NudgeKind.ASK_NOW)


def test_what_was_given_freely_never_opens_a_window_though_they_thank_for_it() -> None:
    free = replace(NOTABLE, acts=tuple(replace(one, flags=frozenset({Flag.FREELY})) for one in NOTABLE.acts))
    assert stands([NOTABLE, WARM], 4, NudgeKind.ASK_NOW)
    for day in (2, 4, 8, 20):
        assert kinds(advised([free, WARM], day)).isdisjoint({NudgeKind.ASK_NOW, NudgeKind.ASK_SOON})


NEED = replace(
    act(ASK, 1, Kind.INTRO, quote="We're looking for an illustrator.", flags=[Flag.IN_PASSING]), counts=False
)


def test_a_need_told_by_the_way_stands_for_thirty_days_or_until_it_is_taken_up() -> None:
    told = entry(0, THEM, NEED, thread="n")
    assert stands([told], 1, NudgeKind.COULD_GIVE)
    assert stands([told], 29.9, NudgeKind.COULD_GIVE)
    assert not stands([told], 30.1, NudgeKind.COULD_GIVE)
    assert stands([told, entry(2, ME, thread="n")], 3, NudgeKind.COULD_GIVE)  # small talk takes nothing up
    answer = entry(2, ME, act(ActType.PROMISE, 1, Kind.INTRO), thread="n")
    assert not stands([told, answer], 3, NudgeKind.COULD_GIVE)
    assert not stands([told], 1, NudgeKind.COULD_GIVE, replace(DANA, profile=ProfileName.CLOSE))
    intro = entry(2, ME, act(GIVE, 2, Kind.INTRO, quote="Meet Tariq, an illustrator."), thread="other")
    assert not stands([told, intro], 3, NudgeKind.COULD_GIVE)
    met = replace(act(ASK, 0.1, quote="We've found an illustrator.", flags=[Flag.MET]), counts=False)
    assert not stands([told, entry(2, THEM, met, thread="later")], 3, NudgeKind.COULD_GIVE)


def test_a_need_asks_nothing_of_anybody_and_moves_no_standing() -> None:
    told = entry(0, THEM, NEED, thread="n")
    assert folded([told], 1).standing == folded([], 1).standing
    assert not stands([told], 10, NudgeKind.REPLY_OWED)


def test_a_need_that_meets_somebody_elses_is_told_with_their_name() -> None:
    view = viewed(folded([entry(0, THEM, NEED)], 1), 1)
    match = Match(need=NEED.quote, other="Tariq Nasser", interaction="x", quote="I have availability.")
    (nudge,) = (
        one for one in advise(replace(view, matches=(match,))).nudges if one.kind is NudgeKind.COULD_GIVE
    )
    assert nudge.facts["other"] == "Tariq Nasser"
    assert nudge.evidence[-1] == "x"


def test_who_introduced_somebody_hears_what_came_of_it() -> None:
    brought = entry(0, THEM, act(GIVE, 3, Kind.INTRO, notable=True))
    start = MONDAY.timestamp() / 86_400
    news = News(
        favour=brought.interaction,
        since=start,
        other="Priya",
        at=start + 5,
        interaction="m",
        quote="Intro call",
    )

    def told(entries: list[Entry], day: float) -> bool:
        view = replace(viewed(folded(entries, day), day), news=(news,))
        return NudgeKind.REPORT_BACK in kinds(advise(view))

    assert not told([brought], 5.5)
    assert told([brought], 7)
    assert told([brought, entry(6, ME)], 7)  # a mail about something else told nothing
    assert not told([brought], 40)
    news = replace(news, told=True)
    assert not told([brought], 7)


def test_a_plain_no_beside_some_words_is_still_a_no() -> None:
    kind_no = entry(1, THEM, act(NO), act(GIVE, 0.25, Kind.INFO, routine=True), thread="a")
    assert stands([ASKED, kind_no], 1.1, NudgeKind.RETREAT)


def test_what_is_due_next_is_told_for_every_new_kind() -> None:
    for entries in ([ASKED, REFUSED], [HELLO, GIFT], [entry(0, THEM, NEED)]):
        advice = advised(list(entries), 1.1, OFFICIAL)
        assert advice.next_due is not None
        assert instant(advice.next_due) > MONDAY + timedelta(days=1.1)
