"""Whoever helped hears what came of it: found in mail, once it shows, and only until they were told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.scene import ANN, Scene, scene

DANA, OLA, FUND = "dana@ruiz.example", "ola@bergbooks.example", "mira@artsfund.example"
NOTES = (
    "Hi Ann,\n\nI spent the evening on it: attached are six pages of notes on your grant application to the Arts Fund, "
    "with a better budget.\n\nDana"
)
UNTOLD = "has not heard what came of it."


@pytest.fixture
def life(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    stage = scene(capsys, tmp_path, monkeypatch)
    stage.mail(ANN, DANA, "Hi Dana,\n\nGood to see you at the fair.\n\nAnn", day=-20)
    stage.mail(ANN, OLA, "Hi Ola,\n\nGood to see you at the fair.\n\nAnn", day=-20)
    stage.mail(OLA, ANN, "Hi Ann,\n\nLikewise.\n\nOla", day=-19)
    return stage


def helped(life: Scene, text: str = NOTES) -> None:
    """Dana helps, and is thanked at once."""
    notes = life.mail(DANA, ANN, text, day=-10, subject="Arts Fund")
    life.mail(ANN, DANA, "Hi Dana,\n\nThank you so much for this!\n\nAnn", day=-9.9, answers=notes)


def test_a_grant_whose_words_the_advice_shares(life: Scene) -> None:
    helped(life)
    asked = life.mail(
        ANN, FUND, "Dear Mira,\n\nWould you support our grant application for the budget?\n\nAnn", day=-5
    )
    life.mail(FUND, ANN, "Dear Ann,\n\nYes, of course, we will.\n\nMira", day=0, answers=asked)
    assert "report_back" not in life.on(0.5).says(DANA)
    assert life.on(2).says(DANA)["report_back"].endswith(UNTOLD)


def test_it_worked_told_to_somebody_else_by_the_name_of_whoever_helped(life: Scene) -> None:
    helped(life)
    life.mail(ANN, OLA, "Hi Ola,\n\nWe got the grant! Dana was a great help.\n\nAnn", day=0)
    assert life.on(2).says(DANA)["report_back"].endswith(UNTOLD)
    assert "report_back" not in life.on(2).says(OLA)


def test_somebody_named_in_the_letter_and_met_since(life: Scene) -> None:
    helped(
        life,
        "Hi Ann,\n\nI spent the whole weekend on your catalogue: attached are six pages of notes I wrote for you. For the "
        "printing I would call Mira Artsfund.\n\nDana",
    )
    life.mail(ANN, FUND, "Dear Mira,\n\nWould you print our catalogue?\n\nAnn", day=-6)
    life.meeting(FUND, day=0, title="Catalogue")
    assert life.on(2).says(DANA)["report_back"].endswith(UNTOLD)


@pytest.mark.parametrize(
    "report",
    [
        "Hi Dana,\n\nYour notes worked: we got the grant!\n\nAnn",
        "Hi Dana,\n\nThank you again, truly.\n\nAnn",
        "Hi Dana,\n\nA word on the grant application: the jury liked the budget.\n\nAnn",
        "Hi Dana,\n\nThe whole jury was in favour of the library and its cellar.\n\nAnn",
    ],
)
def test_only_a_mail_that_reports_or_thanks_has_told_them(life: Scene, report: str) -> None:
    helped(life)
    news = "We got the grant! Dana was a great help. The jury even liked the cellar of the library."
    life.mail(ANN, OLA, f"Hi Ola,\n\n{news}\n\nAnn", day=0)
    life.mail(ANN, DANA, "Hi Dana,\n\nShall I bring cake on Sunday?\n\nAnn", day=1)
    assert "report_back" in life.on(2).says(DANA)
    life.mail(ANN, DANA, report, day=2.5)
    assert "report_back" not in life.on(3).says(DANA)


@pytest.mark.parametrize(
    "text",
    [
        "Hi Ola,\n\nI hope we get the grant. Dana was a great help.\n\nAnn",
        "Hi Ola,\n\nWe got the room for Sunday.\n\nAnn",
        "Hi Ola,\n\nWe won the prize of the gardeners. Dana sends her love.\n\nAnn",
        "Hi Ola,\n\nWe got the job of painting the fence.\n\nAnn",
    ],
)
def test_what_did_not_come_or_has_nothing_to_do_with_it_is_no_news(life: Scene, text: str) -> None:
    helped(life)
    life.mail(ANN, OLA, text, day=0)
    assert "report_back" not in life.on(2).says(DANA)


def test_who_read_it_was_told(life: Scene) -> None:
    helped(life)
    life.mail(ANN, [OLA, DANA], "Dear both,\n\nWe got the grant! Dana was a great help.\n\nAnn", day=0)
    assert "report_back" not in life.on(2).says(DANA)


TIP = "Hi Ann,\n\nYou should try a fixed price: people like to know what they pay.\n\nDana"


def advised(life: Scene, text: str = TIP) -> None:
    """Dana says a word of advice, as everybody does, and nobody thanks for it."""
    asked = life.mail(
        ANN, DANA, "Hi Dana,\n\nHow would you put a quote to the library?\n\nAnn", day=-10, subject="Quote"
    )
    life.mail(DANA, ANN, text, day=-9, answers=asked, subject="Re: Quote")


@pytest.mark.parametrize(
    "told",
    [
        "Hi Ola,\n\nDana's tip about the fixed price worked: the library signed yesterday.\n\nAnn",
        "Hi Ola,\n\nThanks to Dana we got the contract with the library!\n\nAnn",
        "Hi Ola,\n\nWe got the contract! Dana was right about the fixed price.\n\nAnn",
    ],
)
def test_a_tip_that_worked_as_the_user_tells_somebody_else(life: Scene, told: str) -> None:
    advised(life)
    life.mail(ANN, OLA, told, day=0)
    assert "report_back" not in life.on(0.5).says(DANA)
    assert life.on(2).says(DANA)["report_back"].endswith(UNTOLD)
    life.mail(ANN, DANA, "Hi Dana,\n\nYour tip about the fixed price worked!\n\nAnn", day=2.5)
    assert "report_back" not in life.on(3).says(DANA)


def test_a_tip_whose_sentence_names_whoever_said_yes(life: Scene) -> None:
    life.mail(ANN, FUND, "Dear Mira,\n\nGood to see you at the fair.\n\nAnn", day=-20)
    advised(life, "Hi Ann,\n\nYou should ask Mira at the Arts Fund, they like libraries.\n\nDana")
    asked = life.mail(ANN, FUND, "Dear Mira,\n\nCould you help us with the printing costs?\n\nAnn", day=-5)
    life.mail(FUND, ANN, "Dear Ann,\n\nYes, of course, we will.\n\nMira", day=0, answers=asked)
    assert life.on(2).says(DANA)["report_back"].endswith(UNTOLD)


def test_somebody_introduced_with_whom_it_was_signed(life: Scene) -> None:
    both = life.mail(
        DANA, (ANN, FUND), "Ann, meet Mira, who pays for good books. Mira, Ann makes them.", day=-10
    )
    life.mail(ANN, DANA, "Hi Dana,\n\nThank you so much for this!\n\nAnn", day=-9.9, answers=both)
    life.mail(ANN, FUND, "Dear Mira,\n\nSigned! The paper comes on Monday.\n\nAnn", day=0)
    assert life.on(2).says(DANA)["report_back"].endswith(UNTOLD)


def test_credit_by_the_whole_name_in_another_sentence_of_the_letter(life: Scene) -> None:
    helped(life, "Hi Ann,\n\nI would ask for three years at once, they like to plan.\n\nDana")
    life.mail(ANN, OLA, "Hi Ola,\n\nSigned! Dana Ruiz's idea, word for word.\n\nAnn", day=0)
    assert life.on(2).says(DANA)["report_back"].endswith(UNTOLD)


def test_help_that_never_was_in_the_mail_is_told_of_where_the_user_says_whose_it_was(life: Scene) -> None:
    life.mail(DANA, ANN, "Hi Ann,\n\nLovely evening, see you in May.\n\nDana", day=-15)
    life.mail(ANN, OLA, "Hi Ola,\n\nDana's advice worked: we got the room!\n\nAnn", day=0)
    said = life.on(2).says(DANA)["report_back"]
    assert said == "Dana Ruiz gave you advice and has not heard what came of it."


@pytest.mark.parametrize(
    "told",
    [
        "I did as Dana told me and asked for less. All three owners signed the lease this morning.",
        "The Harbour Trust have said yes to everything. It went exactly as Dana Ruiz predicted.",
        "Ola, we got it! The full sum, the one that Dana told me to apply for.",
    ],
)
def test_whose_word_the_user_went_by_is_told_in_any_sentence_of_the_letter(life: Scene, told: str) -> None:
    life.mail(DANA, ANN, "Hi Ann,\n\nLovely evening, see you in May.\n\nDana", day=-15)
    life.mail(ANN, OLA, f"Hi Ola,\n\n{told}\n\nAnn", day=0)
    assert "report_back" in life.on(2).says(DANA)


@pytest.mark.parametrize(
    "told",
    [
        "We got the grant! Dana told me to give you her love.",
        "I did as Dana told me and took the early train.",
    ],
)
def test_what_somebody_said_is_no_help_where_nothing_came_of_it(life: Scene, told: str) -> None:
    life.mail(DANA, ANN, "Hi Ann,\n\nLovely evening, see you in May.\n\nDana", day=-15)
    life.mail(ANN, OLA, f"Hi Ola,\n\n{told}\n\nAnn", day=0)
    assert "report_back" not in life.on(2).says(DANA)


def test_whom_the_help_named_by_first_and_last_name_ties_what_came_of_it(life: Scene) -> None:
    found = "I spent the evening on your search for a binder and found Bo Akerlund, who is wasted at the copy shop."
    helped(life, f"Hi Ann,\n\n{found}\n\nDana")
    life.mail(ANN, OLA, "Hi Ola,\n\nBo Akerlund signed last night.\n\nAnn", day=0)
    assert life.on(2).says(DANA)["report_back"].endswith(UNTOLD)


@pytest.mark.parametrize(
    ("tip", "told"),
    [
        (TIP, "Hi Ola,\n\nIt worked, the heating is on again. Dana sends her love.\n\nAnn"),
        (TIP, "Hi Ola,\n\nDana was right about the weather.\n\nAnn"),
        (TIP, "Hi Ola,\n\nI hope that Dana's tip about the fixed price works.\n\nAnn"),
        (TIP, "Hi Ola,\n\nWe got the contract with the library at a fixed price.\n\nAnn"),
        (TIP, "Hi Ola,\n\nDana's advice never worked for us.\n\nAnn"),
        (TIP, "Hi Ola,\n\nCarla's advice worked: we got the room!\n\nAnn"),
    ],
)
def test_a_tip_is_not_tied_to_what_may_have_other_reasons(life: Scene, tip: str, told: str) -> None:
    advised(life, tip)
    life.mail(ANN, OLA, told, day=0)
    assert "report_back" not in life.on(2).says(DANA)


def test_of_two_who_go_by_the_name_that_is_credited_nobody_is_guessed(life: Scene) -> None:
    other = "dana@elsewhere.example"
    life.mail(ANN, other, "Hi Dana,\n\nGood to see you at the fair.\n\nAnn", day=-20)
    life.mail(other, ANN, "Hi Ann,\n\nLikewise.\n\nDana", day=-19)
    life.mail(DANA, ANN, "Hi Ann,\n\nLovely evening, see you in May.\n\nDana", day=-15)
    life.mail(ANN, OLA, "Hi Ola,\n\nDana's advice worked: we got the room!\n\nAnn", day=0)
    assert "report_back" not in life.on(2).says(DANA)
    assert "report_back" not in life.on(2).says(other)


def test_advice_to_report_back_that_is_wrong_goes_away_though_it_rests_on_somebody_elses_mail(
    life: Scene,
) -> None:
    life.mail(DANA, ANN, "Hi Ann,\n\nLovely evening, see you in May.\n\nDana", day=-15)
    life.mail(ANN, OLA, "Hi Ola,\n\nDana's advice worked: we got the room!\n\nAnn", day=0)
    assert "report_back" in life.on(2).says(DANA)
    life.run("wrong", "dana", "--because", "not-a-favour")
    assert not any(one["shown"] for one in life.json("today")["nudges"] if one["kind"] == "report_back")


def test_show_tells_of_it_as_of_a_day_gone_by_as_it_does_today(life: Scene) -> None:
    advised(life)
    life.mail(ANN, OLA, "Hi Ola,\n\nDana's tip about the fixed price worked.\n\nAnn", day=0)
    then = life.on(2).now.isoformat()
    assert UNTOLD in life.run("show", "dana")
    assert UNTOLD in life.run("why-not", "dana")
    life.on(60)
    assert UNTOLD not in life.run("show", "dana")
    assert UNTOLD in life.run("show", "dana", "--at", then)
    assert UNTOLD in life.run("why-not", "dana", "--at", then)
    assert UNTOLD in life.run("why", "dana", "--at", then)
