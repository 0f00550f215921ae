"""The framework whole, from .eml files to advice: each step, principle, trap and exclusion of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.scene import ANN, Scene, scene

DANA, OLA, RUI, MAYA = (
    "dana@ruiz.example",
    "ola@bergbooks.example",
    "rui@planning.gov.pt",
    "maya@khoury.example",
)


@pytest.fixture
def life(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return scene(capsys, tmp_path, monkeypatch)


def give(life: Scene, day: float, to: str = DANA) -> str:
    """Something one would remember, and their thanks."""
    name = life.mail(
        ANN,
        to,
        "Hi,\n\nI spent the whole weekend on your pricing page and rewrote all three tiers for you. Attached are six pages "
        "of notes.\n\nAnn",
        day=day,
        subject=f"Your pricing page {day}",
    )
    life.mail(to, ANN, "Thank you so much, this is fantastic, it helped a lot!", day=day + 0.2, answers=name)
    return name


def ask(
    life: Scene, day: float, text: str = "Would you write me a testimonial for my website?", to: str = DANA
) -> str:
    return life.mail(ANN, to, f"Hi,\n\n{text}\n\nAnn", day=day, subject=f"A question {day}")


# --- the five steps -------------------------------------------------------------------------------------------------


def test_a_round_from_a_need_told_by_the_way_to_thanks_and_the_beginning_again(life: Scene) -> None:
    life.mail(ANN, DANA, "Hi Dana,\n\nGood to see you at the fair.\n\nAnn", day=-9)
    need = life.mail(
        DANA,
        ANN,
        "Hi Ann,\n\nAll is well. We're looking for an illustrator for the spring issue.\n\nDana",
        day=0,
    )
    assert life.on(1).step(DANA) == ("give", "need")
    assert "could_give" in life.says(DANA)
    life.mail(
        ANN,
        DANA,
        "Hi Dana,\n\nMeet Tariq, an illustrator with a dry line. I've introduced you two in a separate mail.\n\nAnn",
        day=2,
        answers=need,
    )
    assert life.on(2.1).step(DANA)[0] == "mature"
    assert "could_give" not in life.says(DANA)
    life.mail(DANA, ANN, "Thank you so much, that is wonderful, he is perfect!", day=2.5, answers=need)
    assert life.on(5).step(DANA) == ("ask", "window")
    asked = ask(life, 5.5)
    assert life.on(6).step(DANA) == ("ask", "pending")
    life.mail(
        DANA,
        ANN,
        'Happy to. Here is the testimonial: "Ann found in one evening what we had argued about for a year."',
        day=7,
        answers=asked,
    )
    assert life.on(8.5).step(DANA)[0] == "reinforce"
    life.mail(
        ANN, DANA, "Thank you, Dana! That is the nicest thing anybody wrote about me.", day=9, answers=asked
    )
    assert life.on(9.5).step(DANA) == ("identify", "again")


def test_what_is_given_rests_before_it_opens_a_window_and_closes_again(life: Scene) -> None:
    give(life, 0)
    assert life.on(0.21).step(DANA)[0] == "mature"
    assert "too_soon" in life.against(DANA, "--size", 2)
    assert life.on(4).says(DANA)["ask_now"].startswith("If there is something you need from Dana Ruiz")
    assert "ask_now" not in life.on(40).says(DANA)


# --- the principles -------------------------------------------------------------------------------------------------


def test_build_goodwill_before_a_request_a_prospect_with_three_weeks(life: Scene) -> None:
    life.run("contacts", "add", "priya@quillstone.example", "--name", "Priya Raman")
    life.now = life.now.replace(hour=10)
    said = life.run("plan", "priya", "--ask", "half an hour to show my work", "--by", "2026-03-23")
    assert "do so by 19 March, and ask by 20 March" in said
    give(life, 3, "priya@quillstone.example")
    life.on(6)
    (planned,) = life.json("plan", "list")["plans"]
    assert planned["stage"] == "intended"
    assert {one["why"] for one in planned["ideas"]} == {"thanked"}
    assert "ask_now" in life.says("priya@quillstone.example")
    ask(life, 7, "Would you have half an hour to see my work next week?", "priya@quillstone.example")
    life.on(8)
    assert life.json("plan", "show", "priya")["stage"] == "asked"


def test_with_a_deadline_tomorrow_an_honest_ask_is_better_than_a_hurried_gift(life: Scene) -> None:
    life.mail(DANA, ANN, "Hello Ann, good luck with the move.", day=-3)
    life.mail(ANN, DANA, "Hello Dana, thank you.", day=-2)
    life.on(0)
    said = life.run("plan", DANA, "--ask", "a van for the move", "--by", "2026-03-03")
    assert "a small, honest ask by 2 March is better than a hurried gift" in said
    assert life.against(DANA, "--size", 1) == {}


def test_a_real_concession_after_a_real_no_and_only_once(life: Scene) -> None:
    asked = ask(life, 0, "Would you sponsor our four evenings with 1,500 euros?")
    life.mail(DANA, ANN, "I'm afraid I don't have any budget for this, sorry.", day=1, answers=asked)
    said = life.on(1.1).says(DANA)["retreat"]
    assert (
        said
        == "Dana Ruiz said no on 3 March. If something smaller would truly help, you may ask once; leave room for no."
    )
    assert life.step(DANA) == ("ask", "step_back")
    life.mail(ANN, DANA, "Could you spare us ten chairs for one evening?", day=1.2, answers=asked)
    assert "retreat" not in life.on(1.3).says(DANA)
    assert "repeated" in life.against(
        DANA, life.draft("Would you sponsor our four evenings after all?"), "--size", 3
    )


def test_the_return_may_exceed_the_gift_and_is_then_the_users_to_give(life: Scene) -> None:
    asked = ask(life, 0, "Could you look over my contract?")
    life.mail(
        DANA,
        ANN,
        "I spent the whole weekend on it and rewrote the two clauses for you. Attached is the new version with notes.",
        day=2,
        answers=asked,
    )
    assert "thank" in life.on(4).says(DANA)
    life.mail(ANN, DANA, "Thank you so much, Dana, that was a great help.", day=5, answers=asked)
    assert "give_back" in life.on(6).says(DANA)
    assert "you_owe" in life.against(DANA, "--size", 1)
    assert life.step(DANA)[0] in ("give", "identify")


def test_uninvited_gifts_count_and_both_sides_stand_together(life: Scene) -> None:
    give(life, 0)
    life.on(1)
    shown = life.json("show", DANA)
    assert {(one["by"], one["act"]) for one in shown["ledger"]} >= {("me", "give"), ("them", "thanks")}


# --- the traps ------------------------------------------------------------------------------------------------------


def test_a_gift_with_an_ask_attached_is_found_before_and_after_it_was_sent(life: Scene) -> None:
    life.mail(DANA, ANN, "Hello Ann.", day=-5)
    text = (
        "Hi Dana,\n\nI spent the whole weekend on a guide for your team and wrote it all out for you.\n"
        "Could you introduce me to the people at Fernhill by Friday? No problem if not.\n\nAnn"
    )
    life.on(0)
    assert "bundled" in life.against(DANA, life.draft(text))
    life.mail(ANN, DANA, text, day=1)
    assert "bundled" in life.on(2).patterns(DANA)


def test_two_gifts_each_followed_by_an_ask_are_a_pattern_until_one_is_free(life: Scene) -> None:
    for start in (0, 30):
        give(life, start)
        asked = ask(life, start + 4, f"Would you write me a testimonial for page {start}?")
        life.mail(DANA, ANN, "Sure. Here is the text, use it as you like.", day=start + 5, answers=asked)
        life.mail(ANN, DANA, "Thank you so much, Dana!", day=start + 6, answers=asked)
    give(life, 60)
    assert "rounds" in life.on(64).patterns(DANA)
    assert "ask_now" not in life.says(DANA)
    assert "rounds" in life.against(DANA, "--size", 1)
    life.run("log", DANA, "give", "help", "carried the boxes", "--freely")
    assert "rounds" not in life.on(64.1).patterns(DANA)


def test_too_long_a_wait_is_a_hello_and_not_an_ask(life: Scene) -> None:
    give(life, 0)
    said = life.on(60).says(DANA)
    assert "ask_now" not in said
    assert said["stale"] == "You and Dana Ruiz have not spoken since March."
    assert "stale" in life.against(DANA, "--size", 1)
    assert life.on(120).step(DANA) == ("identify", "silent")


def test_cultures_differ_and_only_the_user_says_how(life: Scene) -> None:
    life.person(DANA, norm="enduring")
    life.person(OLA, norm="in_kind")
    for who in (DANA, OLA):
        life.mail(who, ANN, "Hello Ann.", day=-5)
        give(life, 0, who)
    life.on(45)
    assert (
        "norm: enduring (your choice, an assumption; studies give its direction, not its size)"
        in life.run("show", DANA)
    )
    goodwill = {who: life.json("show", who, "--numbers")["numbers"]["goodwill"] for who in (DANA, OLA)}
    assert goodwill[DANA] > 1.5 * goodwill[OLA]
    small = life.draft("I got you a small book from the fair.")
    assert "small_gift" in life.against(OLA, small)
    assert "small_gift" not in life.against(DANA, small)


def test_a_gift_they_did_not_value_opens_nothing(life: Scene) -> None:
    people = [f"p{number}@many.example" for number in range(8)]
    life.mail(ANN, [DANA, *people], "Here is my calendar with eleven drawings of this year, for you.", day=0)
    assert "ask_now" not in life.on(3).says(DANA)
    assert "generic" in life.patterns(DANA)


def test_escalating_too_fast_is_named_and_asking_too_often_means_room(life: Scene) -> None:
    for day, what in ((0, "the list"), (2, "the photos"), (4, "the whole archive"), (6, "a talk")):
        ask(life, day, f"Could you send me {what}?")
    assert "hold_back" in life.on(9).says(DANA)
    assert {"over_asking", "over_asking_red"} & set(life.against(DANA, "--size", 3))


def test_asks_that_grow_from_round_to_round_are_named_from_the_words_of_the_mail(life: Scene) -> None:
    for day, what in (
        (0, "Could you give me ten minutes on the phone about the plan?"),
        (20, "Could you take two hours to read the draft?"),
        (40, "Could you take three days to rebuild the model?"),
    ):
        asked = ask(life, day, what)
        life.mail(DANA, ANN, "Sure, happy to.", day=day + 1, answers=asked)
        life.mail(ANN, DANA, "Thank you so much, Dana!", day=day + 2, answers=asked)
    assert "growing" in life.on(43).patterns(DANA)
    assert "larger than the one before" in life.run("loop", DANA)


def test_a_step_far_beyond_the_last_yes_is_told_before_it_goes_out(life: Scene) -> None:
    asked = ask(life, 0, "Could you give me ten minutes on the phone about the plan?")
    life.mail(DANA, ANN, "Sure, happy to.", day=1, answers=asked)
    life.mail(ANN, DANA, "Thank you so much, Dana!", day=2, answers=asked)
    life.on(20)
    assert "escalation" in life.against(
        DANA, life.draft("Could you rebuild the model for us by 1 May?"), "--size", 6
    )
    assert "escalation" not in life.against(DANA, "--size", 1)


def test_five_people_of_one_house_count_together(life: Scene) -> None:
    for number in range(4):
        ask(life, number, f"Could you send me list number {number}?", f"p{number}@acme.example")
    life.on(4.5)
    assert "over_asking" in life.against("eve@acme.example", "--size", 1)
    assert life.against("eve@elsewhere.example", "--size", 1) == {}
    assert "follow_up" in life.says("p0@acme.example")
    ask(life, 4.6, "Could you send me list number 4?", "p4@acme.example")
    assert "follow_up" not in life.on(6).says("p0@acme.example")
    assert "five requests or more from you within a week" in life.run("why-not", "p0@acme.example")
    assert "follow_up" in life.on(11).says("p0@acme.example")


# --- profiles -------------------------------------------------------------------------------------------------------


def test_minutes_in_a_sale_days_in_a_relationship_and_no_books_among_friends(life: Scene) -> None:
    life.person(OLA, profile="sales")
    life.person(MAYA, profile="close")
    for who in (DANA, OLA, MAYA):
        give(life, 0, who)
    life.on(0.21)
    assert "too_soon" in life.against(DANA, "--size", 2)
    assert "too_soon" not in life.against(OLA, "--size", 2)
    assert {"too_soon", "communal"} <= set(life.against(MAYA, "--size", 2))
    life.on(4)
    assert "ask_now" in life.says(DANA)
    assert not {"ask_now", "ask_soon", "give_back"} & set(life.says(MAYA))
    assert life.step(MAYA)[0] is None


# --- negotiation ----------------------------------------------------------------------------------------------------


def test_in_a_negotiation_a_concession_of_either_side_counts_as_given(life: Scene) -> None:
    asked = ask(life, 0, "For the next contract I'd like to move from 640 to 780 a day. Would that work?")
    life.mail(
        DANA, ANN, "I'm afraid I can't move any rate before July, budgets are frozen.", day=1, answers=asked
    )
    assert "retreat" in life.on(1.1).says(DANA)
    life.mail(
        ANN, DANA, "Understood. Could you get me onto 14 day terms at the old rate?", day=1.2, answers=asked
    )
    life.mail(DANA, ANN, "Done, it's net 14 from the February invoice on.", day=1.4, answers=asked)
    assert "retreat" not in life.on(2).says(DANA)
    life.run("log", DANA, "give", "concession", "cut the workshop from two days to one")
    life.run("log", DANA, "receive", "concession", "moved the deadline by a week")
    assert {"conceded", "conceded_theirs"} <= life.on(2.1).patterns(DANA)


def test_their_large_ask_and_then_a_small_one_leave_the_user_free(life: Scene) -> None:
    large = life.mail(
        DANA, ANN, "Could you give the keynote, write the programme and host the dinner?", day=0
    )
    life.mail(ANN, DANA, "I'm afraid I can't do that, sorry.", day=1, answers=large)
    small = life.mail(DANA, ANN, "Could you send me one line for the programme then?", day=2, answers=large)
    life.on(3)
    life.run("correct", large, DANA, "ask", "help", "--size", 8)
    life.run("correct", small, DANA, "ask", "help", "--size", 1)
    assert "stepped_down" in life.patterns(DANA)
    assert "You are as free to say no as before." in life.run("loop", DANA)


# --- the exclusions -------------------------------------------------------------------------------------------------


def test_a_gift_to_an_official_stops_and_while_they_decide_nothing_is_well_placed(life: Scene) -> None:
    life.mail(RUI, ANN, "Offers are to be submitted by 5 March 2026.", day=-10, subject="Procedure 14")
    life.mail(
        ANN, RUI, "Our offer was submitted on the platform this morning.", day=-1, subject="Procedure 14"
    )
    gift = life.mail(ANN, RUI, "I would love to send you a bottle of olive oil from our farm.", day=0)
    said = life.on(0.5).says(RUI)
    assert "while a decision about something of yours is pending" in said["compliance"]
    assert not {"ask_now", "ask_soon", "retreat"} & set(said)
    assert "decision_pending" in life.against(RUI, "--size", 0.5)
    life.mail(RUI, ANN, "As a procedure is under way I cannot accept anything.", day=1, answers=gift)
    assert "compliance" not in life.on(2).says(RUI)
    life.mail(RUI, ANN, "The contract has been awarded to another bidder.", day=30, subject="Procedure 14")
    assert "decision_pending" not in life.on(31).against(RUI, "--size", 0.5)


def test_a_dinner_for_somebody_in_a_regulated_trade_stops_for_their_rule_and_is_in_the_register(
    life: Scene,
) -> None:
    life.person(DANA, tags=["regulated"], gift_rule="us_finra")
    life.mail(DANA, ANN, "Hello Ann.", day=-5)
    life.mail(ANN, DANA, "Hello Dana. I am sending you a case of wine from our farm.", day=0)
    said = life.on(0.5).says(DANA)
    assert "compliance" in said
    assert "FINRA" in said["compliance"]
    assert "compliance" in life.against(DANA, life.draft("I got you two tickets for the opera."))
    assert "enter it" in life.run("gifts", "--year", "2026")


def test_information_for_an_official_in_normal_duty_passes(life: Scene) -> None:
    life.mail(RUI, ANN, "Could you send me the figures for the third quarter?", day=-2, subject="Figures")
    life.mail(ANN, RUI, "Here are the figures for the third quarter.", day=0, subject="Re: Figures")
    assert "compliance" not in life.on(1).says(RUI)
    assert "compliance" not in life.against(RUI, life.draft("Here is the list you asked for."))


def test_among_friends_there_are_thanks_and_replies_and_nothing_is_weighed(life: Scene) -> None:
    life.person(MAYA, profile="close")
    asked = ask(life, 0, "Could you water the plants while I'm away?", MAYA)
    life.mail(
        MAYA,
        ANN,
        "I stayed at your place the whole week, took two days off and repainted the kitchen for you.",
        day=8,
        answers=asked,
    )
    when = life.mail(MAYA, ANN, "Could you tell me when you are back?", day=8.5)
    assert set(life.on(12).says(MAYA)) <= {"thank", "reply_owed", "keep_promise", "follow_up", "awaited"}
    life.mail(ANN, MAYA, "Thank you so much, Maya! I'm back on Monday.", day=12.5, answers=when)
    life.on(14)
    assert life.says(MAYA) == {}
    assert life.against(MAYA, "--size", 2) == {}
    assert "no steps between friends" in life.run("loop", MAYA)


def test_of_a_domain_of_which_no_advice_is_wanted_nobody_is_spoken_of(life: Scene) -> None:
    give(life, 0)
    give(life, 0, OLA)
    life.on(4)
    life.run("never", "ruiz.example")
    assert life.says(DANA) == {}
    assert "ask_now" in life.says(OLA)
    life.run("undo")
    assert "ask_now" in life.says(DANA)


def test_two_who_named_matching_needs_are_an_introduction_with_both_quotes(life: Scene) -> None:
    life.mail(ANN, DANA, "Hi Dana, good to see you.", day=-9)
    life.mail(ANN, OLA, "Hi Ola, good to see you.", day=-9)
    life.mail(DANA, ANN, "Hi Ann,\n\nWe're looking for an illustrator for the spring issue.\n\nDana", day=0)
    life.mail(
        OLA,
        ANN,
        "Hi Ann,\n\nLong week. I have some availability from April on for illustration work.\n\nOla",
        day=1,
    )
    assert "Ola" in life.on(2).says(DANA)["could_give"]


def test_nobody_who_depends_on_the_user_has_a_window(life: Scene) -> None:
    life.person(DANA, tags=["dependant"])
    give(life, 0)
    assert not {"ask_now", "ask_soon", "retreat"} & set(life.on(4).says(DANA))


def test_a_present_at_first_contact_counts_nothing_and_says_why(life: Scene) -> None:
    life.mail(
        ANN,
        DANA,
        "Dear Ms Ruiz,\n\nWe have not met. I've put a small box in the post to your office.\n\nAnn",
        day=0,
    )
    life.on(1)
    assert life.json("show", DANA, "--numbers")["numbers"]["goodwill"] == 0
    assert "first_contact" in life.patterns(DANA)
    assert "first_contact_gift" in life.against(
        "new@person.example", life.draft("I got you a book from the fair.")
    )


def test_a_private_person_is_not_there_at_all_and_one_of_whom_no_advice_is_wanted_is_silent(
    life: Scene,
) -> None:
    life.person(DANA, tags=["private"])
    give(life, 0)
    give(life, 0, OLA)
    life.on(4)
    assert life.says(DANA) == {}
    assert DANA not in life.run("contacts")
    assert "ask_now" in life.says(OLA)
    life.run("never", OLA)
    assert life.says(OLA) == {}


def test_who_introduced_somebody_hears_what_came_of_it(life: Scene) -> None:
    life.mail(ANN, DANA, "Hi Dana, good to see you.", day=-9)
    life.mail(
        DANA,
        [ANN, OLA],
        "Ann, Ola runs the bookshop I told you about; Ola, Ann is who I would hire for the catalogue. "
        "I'll leave you two to it.",
        day=0,
        subject="Ann + Ola",
    )
    life.mail(
        ANN,
        [DANA, OLA],
        "Thank you so much, Dana! Ola, shall we meet on Friday?",
        day=0.5,
        subject="Re: Ann + Ola",
    )
    life.meeting(OLA, day=4, title="Catalogue with Ola")
    assert "report_back" not in life.on(3).says(DANA)
    said = life.on(6).says(DANA)
    assert (
        said["report_back"]
        == "Dana Ruiz introduced you to Ola Bergbooks on 2 March and has not heard what came of it."
    )
    life.mail(ANN, DANA, "Hi Dana, Ola and I start in May, all because of you.", day=6.5)
    assert "report_back" not in life.on(7).says(DANA)


def test_what_the_user_said_yes_to_came_of_the_introduction_too(life: Scene) -> None:
    life.mail(ANN, DANA, "Hi Dana, good to see you.", day=-9)
    life.mail(
        DANA,
        [ANN, OLA],
        "Ann, Ola runs the gallery I told you about; Ola, Ann is who I would hire for the catalogue.",
        day=0,
        subject="Ann + Ola",
    )
    life.mail(ANN, [DANA, OLA], "Thank you so much, Dana!", day=0.5, subject="Re: Ann + Ola")
    asked = life.mail(
        OLA, ANN, "Hi Ann,\n\nCould you start on the catalogue in January?\n\nOla", day=3, subject="Catalogue"
    )
    life.mail(ANN, OLA, "Hi Ola,\n\nYes, I'd love to.\n\nAnn", day=3.2, answers=asked)
    assert "introduced you to Ola" in life.on(6).says(DANA)["report_back"]


def test_a_meeting_already_planned_is_the_better_moment(life: Scene) -> None:
    life.mail(DANA, ANN, "Hello Ann.", day=-5)
    life.meeting(DANA, day=3, title="Coffee with Dana")
    life.on(0)
    said = life.run(
        "check", "--to", DANA, life.draft("Could you send me the map by Friday? No problem if not.")
    )
    assert "You meet on 5 March: ask then." in said
