"""A draft before it goes out: every warning of the model and of the guards, until when, and what is hard to answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recipflow.advice.days import instant
from recipflow.checking import Draft, Surroundings, Verdict, judge, read_draft
from recipflow.checking.slots import morning_after
from recipflow.model import (
    Act,
    ActType,
    Entry,
    Flag,
    Kind,
    NormName,
    NudgeKind,
    ProfileName,
    Side,
    Tag,
)
from tests.ledgers import DANA, MONDAY, ZONE, act, advised, entry, folded, viewed

ME, THEM = Side.ME, Side.THEM
ASK, GIVE, GRANT, NO, THANKS = ActType.ASK, ActType.GIVE, ActType.GRANT, ActType.REFUSAL, ActType.THANKS
GIFT = entry(0, ME, act(GIVE, 6, Kind.ADVICE, notable=True), thread="gift")
HELLO = entry(-30, THEM, thread="hello")


def checked(
    entries: Iterable[Entry],
    day: float,
    *acts: Act,
    contact: object = DANA,
    size: float | None = None,
    thread: str = "",
    text: str = "",
    **around: object,
) -> Verdict:
    known = sorted((one for one in entries if one.at <= MONDAY + timedelta(days=day)), key=lambda one: one.at)
    view = viewed(folded(known, day, contact), day, contact)  # type: ignore[arg-type]
    return judge(view, acts, Surroundings(entries=known, **around), text=text, thread=thread, size=size)  # type: ignore[arg-type]


def names(verdict: Verdict) -> list[str]:
    return [one.name for one in verdict.objections]


def test_a_small_ask_of_somebody_new_has_nothing_against_it() -> None:
    verdict = checked([], 0, act(ASK, 1, quote="Could you send me the map?"))
    assert names(verdict) == []
    assert (verdict.size, verdict.quote, verdict.better) == (1, "Could you send me the map?", None)


def test_without_an_ask_there_is_nothing_to_judge() -> None:
    verdict = checked([GIFT], 0.2)
    assert verdict.size is None
    assert not verdict.objections


def test_the_largest_of_several_asks_is_the_one_that_is_judged_and_the_users_word_beats_its_size() -> None:
    asks = (act(ASK, 1, quote="One?"), act(ASK, 5, quote="Five?"))
    assert (checked([], 0, *asks).size, checked([], 0, *asks).quote) == (5, "Five?")
    assert checked([], 0, *asks, size=2).size == 2


@pytest.mark.parametrize(
    ("name", "entries", "day", "size"),
    [
        ("ask_pending", [entry(0, ME, act(ASK, 1))], 2, 1.0),
        ("spacing", [entry(0, ME, act(ASK, 1)), entry(1, THEM, act(NO))], 3, 1.0),
        ("spacing", [entry(0, ME, act(ASK, 1)), entry(1, THEM, act(GRANT))], 2, 1.0),
        ("too_soon", [GIFT], 0.2, 2.0),
        ("disproportionate", [], 0, 2.0),
        ("over_asking_red", [], 0, 4.0),
        ("thanks_due", [entry(0, THEM, act(GIVE, 4, notable=True))], 2, 1.0),
        ("you_owe", [entry(0, THEM, act(GIVE, 6, notable=True))], 2, 1.0),
        ("stale", [GIFT, entry(0.5, THEM, act(THANKS))], 200, 1.0),
        ("escalation", [entry(0, ME, act(ASK, 1)), entry(1, THEM, act(GRANT))], 20, 3.0),
    ],
)
def test_each_warning_of_the_model_stands_against_the_ask(
    name: str, entries: list[Entry], day: float, size: float
) -> None:
    assert name in names(checked(entries, day, act(ASK, size)))


def test_a_draft_that_says_thanks_itself_is_not_told_to() -> None:
    favour = entry(0, THEM, act(GIVE, 4, notable=True))
    assert "thanks_due" in names(checked([favour], 2, act(ASK, 1)))
    assert "thanks_due" not in names(checked([favour], 2, act(THANKS), act(ASK, 1)))


def test_an_everyday_answer_is_thanked_for_in_the_same_mail_and_holds_nothing_up() -> None:
    answer = entry(0, THEM, act(GIVE, 1.1, Kind.INFO))
    verdict = checked([answer], 2, act(ASK, 1))
    assert NudgeKind.THANK not in {one.kind for one in advised([answer], 2).nudges}
    (thanks,) = verdict.objections
    assert (thanks.name, thanks.mended, thanks.facts) == ("thanks_due", True, {"since": date(2026, 3, 2)})
    assert verdict.better is None


def test_a_favour_that_waits_for_thanks_is_told_of_though_the_model_counts_it_too_small() -> None:
    favour = entry(0, THEM, act(GIVE, 0.7, notable=True))
    assert NudgeKind.THANK in {one.kind for one in advised([favour], 2).nudges}
    (thanks,) = checked([favour], 2, act(ASK, 1)).objections
    assert (thanks.name, thanks.mended, thanks.facts) == ("thanks_due", False, {"day": date(2026, 3, 2)})


def test_a_close_friend_has_warnings_in_words_but_neither_window_nor_number() -> None:
    verdict = checked([GIFT], 0.5, act(ASK, 2), contact=replace(DANA, profile=ProfileName.CLOSE))
    assert {"too_soon", "communal"} <= set(names(verdict))
    assert (verdict.better, verdict.numbers) == (None, {})


@pytest.mark.parametrize(
    ("entries", "day", "size"),
    [
        ([entry(0, THEM, act(GIVE, 6, notable=True)), entry(1, ME, act(THANKS))], 2, 1.0),
        ([HELLO], 0, 4.0),
        ([entry(0, ME, act(ASK, 1)), entry(1, THEM, act(GRANT)), entry(2, ME, act(THANKS))], 20, 3.0),
        ([GIFT, entry(0.5, THEM, act(THANKS))], 1000, 1.0),
    ],
)
def test_among_friends_nobody_weighs_what_one_did_against_what_the_other_did(
    entries: list[Entry], day: float, size: float
) -> None:
    assert names(checked(entries, day, act(ASK, size)))
    assert not names(checked(entries, day, act(ASK, size), contact=replace(DANA, profile=ProfileName.CLOSE)))


def test_the_third_reminder_is_one_too_many_and_an_early_one_is_named() -> None:
    asks = [entry(day, ME, act(ASK, 1)) for day in (0, 4, 12)]
    again = act(ASK, 1, rule="ask.followup")
    assert names(checked(asks[:1], 1, again)) == ["spacing"]
    assert names(checked(asks[:1], 4, again)) == []
    assert "followup_limit" in names(checked(asks, 20, again))


def test_a_reminder_is_known_by_its_thread_and_by_its_words() -> None:
    asked = [entry(0, ME, act(ASK, 1, quote="Could you review the contract?"), thread="contract")]
    assert checked(asked, 4, act(ASK, 1, quote="Any luck?"), thread="contract").followup
    assert checked(asked, 4, act(ASK, 1, quote="Did you review the contract?")).followup
    assert not checked(asked, 4, act(ASK, 1, quote="Could you water the plants?")).followup


def test_strings_are_found_in_one_message_one_thread_and_one_day_and_a_free_gift_has_none() -> None:
    gift, ask = act(GIVE, 4, Kind.RESOURCE, notable=True), act(ASK, 1)
    assert names(checked([HELLO], 0, gift, ask)) == ["bundled"]
    assert names(checked([HELLO], 0, replace(gift, flags=frozenset({Flag.FREELY})), ask)) == []
    (same_day,) = checked([HELLO, GIFT], 0.2, ask).objections
    assert same_day.name == "bundled"
    assert same_day.until is not None
    assert instant(same_day.until).astimezone(ZONE).date() == date(2026, 3, 3)
    (same_thread,) = checked([HELLO, GIFT], 5, ask, thread="gift").objections
    assert (same_thread.name, same_thread.until) == ("bundled", None)
    assert names(checked([HELLO, GIFT], 5, ask, thread="another")) == []


def test_what_is_told_beside_an_ask_is_no_gift() -> None:
    told = act(GIVE, 0.25, Kind.INFO, routine=True)
    assert names(checked([], 0, told, act(ASK, 1))) == []


def test_the_same_ask_after_a_no_is_a_large_demand_without_movement() -> None:
    asked = [
        entry(0, ME, act(ASK, 4, quote="Could you raise the monthly budget?")),
        entry(1, THEM, act(NO)),
    ]
    same = act(ASK, 4, quote="Would you raise the monthly budget after all?")
    assert "repeated" in names(checked(asked, 20, same))
    assert "repeated" not in names(checked(asked, 20, replace(same, size=2.0)))
    assert "repeated" not in names(checked(asked, 20, act(ASK, 4, quote="Could you proofread my chapter?")))


def test_after_two_rounds_of_give_and_ask_the_next_gift_should_have_nothing_after_it() -> None:
    rounds = [
        one
        for start in (0, 30)
        for one in (
            entry(start, ME, act(GIVE, 6, Kind.ADVICE, notable=True), thread=f"g{start}"),
            entry(start + 1, THEM, act(THANKS), thread=f"g{start}"),
            entry(start + 4, ME, act(ASK, 2), thread=f"a{start}"),
            entry(start + 5, THEM, act(GIVE, 2), thread=f"a{start}"),
        )
    ]
    third = entry(60, ME, act(GIVE, 6, Kind.ADVICE, notable=True), thread="g60")
    assert "rounds" in names(checked([*rounds, third], 63, act(ASK, 1)))
    assert "rounds" not in names(checked([*rounds[:4], third], 63, act(ASK, 1)))
    free = replace(third, acts=tuple(replace(one, flags=frozenset({Flag.FREELY})) for one in third.acts))
    assert "rounds" not in names(checked([*rounds, free], 63, act(ASK, 1)))


def test_five_asks_to_one_organisation_within_a_week_count_together() -> None:
    now = (MONDAY + timedelta(days=5)).timestamp() / 86_400
    four = [now - 4, now - 3, now - 2, now - 1]
    verdict = checked([], 5, act(ASK, 1), colleagues_asked=four, people_asked=4)
    assert names(verdict) == ["over_asking"]
    assert verdict.objections[0].until == pytest.approx(now + 3)
    assert names(checked([], 5, act(ASK, 1), colleagues_asked=four[1:], people_asked=3)) == []
    assert names(checked([], 5, act(ASK, 1), colleagues_asked=four, people_asked=0)) == []


def test_a_gift_to_an_official_stops_and_information_passes() -> None:
    official = replace(DANA, tags=frozenset({Tag.PUBLIC_SECTOR}))
    gift = act(GIVE, 2, Kind.GIFT, notable=True)
    assert names(checked([HELLO], 0, gift, contact=official)) == ["compliance"]
    assert names(checked([HELLO], 0, act(GIVE, 1, Kind.INFO), contact=official)) == []
    assert names(checked([HELLO], 0, gift)) == []


def test_while_a_decision_is_pending_nothing_is_asked_until_it_falls() -> None:
    deciding = replace(DANA, pending_decisions=((date(2026, 2, 1), date(2026, 3, 20)),))
    verdict = checked([], 0, act(ASK, 1), contact=deciding)
    assert names(verdict) == ["decision_pending"]
    assert verdict.better is not None
    assert verdict.better.astimezone(ZONE).date() == date(2026, 3, 23)  # the Monday after that Friday


def test_a_gift_to_a_stranger_and_a_small_one_where_the_norm_minds_are_told_of() -> None:
    gift = act(GIVE, 0.5, Kind.GIFT)
    assert names(checked([], 0, gift)) == ["first_contact_gift"]
    in_kind = replace(DANA, norm=NormName.IN_KIND)
    assert names(checked([HELLO], 0, gift, contact=in_kind)) == ["small_gift"]


def test_nobody_is_asked_while_away() -> None:
    away = entry(0, THEM, away_until=date(2026, 3, 10))
    verdict = checked([away], 1, act(ASK, 1))
    assert names(verdict) == ["away"]
    assert verdict.better == datetime(2026, 3, 11, 10, tzinfo=UTC)


def test_a_meeting_is_the_better_moment_and_else_a_working_morning_once_all_is_over() -> None:
    thursday = MONDAY + timedelta(days=3)
    assert checked([], 0, act(ASK, 1), meetings=[thursday]).meeting == thursday
    assert checked([GIFT], 0.2, act(ASK, 2), meetings=[thursday]).better == thursday
    alone = checked([HELLO, GIFT], 0.2, act(ASK, 2)).better
    assert alone is not None
    assert names(checked([HELLO, GIFT], (alone - MONDAY) / timedelta(days=1), act(ASK, 2))) == []
    assert checked([], 0, act(ASK, 9), meetings=[thursday]).better is None  # only an act can change it


def test_a_morning_is_one_in_the_readers_own_zone() -> None:
    friday_evening = datetime(2026, 3, 6, 20, tzinfo=UTC)
    assert morning_after(friday_evening, UTC) == datetime(2026, 3, 9, 10, tzinfo=UTC)
    at_work = datetime(2026, 3, 5, 11, tzinfo=UTC)
    assert morning_after(at_work, UTC) == at_work


def test_a_draft_is_a_mail_or_bare_text() -> None:
    bare = read_draft(b"Note: could you call me?\n\nAnn\n")
    assert bare.text.startswith("Note: could you call me?")
    mail = read_draft(
        b"To: Dana <dana@ruiz.example>\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\nIn-Reply-To: <1@x>\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nCould you call me?\r\n\r\nOn Monday Dana wrote:\r\n> Hello\r\n"
    )
    assert mail == Draft(text="Could you call me?", subject="Café", answers=("1@x",))


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe\x00", b"Subject: x\n\n", b"To: a\nContent-Type: x;;\n\n\xff"]
)
def test_no_draft_is_too_broken_to_be_looked_at(raw: bytes) -> None:
    assert isinstance(read_draft(raw).text, str)


def test_a_draft_in_a_charset_nobody_knows_is_read_as_far_as_it_can_be() -> None:
    raw = b"To: a@b.example\nContent-Type: text/plain; charset=utf8mb4-x\n\nCould you call me?\n"
    assert read_draft(raw).text == "Could you call me?"
