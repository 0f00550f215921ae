"""`recipflow plan` and `recipflow contacts add`: made, shown, followed, dropped, and taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from recipflow import config
from recipflow.home import find
from recipflow.session import Session
from tests.cli.told import Told, told
from tests.letters import ANN, DANA, correspondence, letter, mailbox


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    return told(capsys, tmp_path, monkeypatch, correspondence())


def test_a_plan_with_somebody_never_written_to_is_worked_backwards(shell: Told) -> None:
    shell.run("contacts", "add", "ada@newco.example", "--name", "Ada Lang")
    said = shell.run("plan", "ada", "--ask", "a talk at our meetup", "--by", "2026-04-06")
    assert "Ada Lang: a talk at our meetup, by 6 April" in said
    assert "do so by 2 April, and ask by 3 April" in said
    assert "norm: neutral (you have not chosen)" in said
    (listed,) = shell.json("plan", "list")["plans"]
    assert (listed["stage"], listed["give_by"], listed["ask_by"]) == ("intended", "2026-04-02", "2026-04-03")
    assert "Ada Lang" in shell.run("contacts")


def test_with_a_day_too_near_an_honest_ask_is_better_than_a_hurried_gift(shell: Told) -> None:
    said = shell.run("plan", "ines@loja.example", "--ask", "a photo of the shop", "--by", "2026-03-17")
    assert "a small, honest ask by 16 March is better than a hurried gift" in said


def test_a_plan_of_nothing_is_none(shell: Told) -> None:
    shell.run("plan", "ines@loja.example", "--ask", " ", code=2)
    assert "Say what you want to ask for." in shell.err


def test_the_larger_ask_that_comes_first_is_told_and_known_by_its_words(shell: Told) -> None:
    said = shell.run(
        *("plan", "ines@loja.example", "--ask", "a photo of the shop", "--size", 1),
        *("--first", "a whole album", "--first-size", 6, "--yes"),
    )
    assert "Before it comes a larger ask that you mean: a whole album." in said
    shell.run("plan", "ines@loja.example", "--ask", "a van")
    assert "Dropped: a photo of the shop" in shell.run("plan", "drop", "ines@loja.example", "album")


@pytest.mark.parametrize("tag", ["dependant", "pending_decision:2026-03-01..2026-04-10"])
def test_no_good_time_is_named_where_asking_could_press_or_be_taken_for_pressing(
    shell: Told, tag: str
) -> None:
    config.append(shell.home / "config.toml", "contacts", {"addresses": ["ines@loja.example"], "tags": [tag]})
    said = shell.run("plan", "ines@loja.example", "--ask", "a photo", "--by", "2026-06-01")
    assert not any(word in said for word in ("well placed", "give something first", "hurried"))
    assert shell.json("plan", "show", "ines@loja.example")["give_by"] is None


def test_what_stands_against_the_ask_is_told_with_the_plan(shell: Told) -> None:
    said = shell.run("plan", "dana", "--ask", "a chapter for the book", "--size", 6)
    assert "You have not thanked Dana Ruiz yet" in said


def test_the_plan_follows_the_mail_from_the_ask_to_what_came_of_it(shell: Told) -> None:
    shell.run("plan", "ines@loja.example", "--ask", "a photo of the shop", "--size", 2)
    mails = [
        letter(20, ANN, "ines@loja.example", "Hi,\n\nCould you send me a photo of the shop?\n\nAnn", day=15),
        letter(
            21,
            "ines@loja.example",
            ANN,
            "Hi Ann,\n\nHere is the photo of the shop.\n\nInês",
            day=17,
            answers=20,
        ),
    ]
    mailbox(shell.mbox, mails[:1], "ab")
    shell.at += timedelta(days=2)
    shell.run("sync")
    assert shell.json("plan", "show", "ines@loja.example")["stage"] == "asked"
    mailbox(shell.mbox, mails[1:], "ab")
    shell.at += timedelta(days=3)
    shell.run("sync")
    assert shell.json("plan", "show", "ines@loja.example")["stage"] == "delivered"


INES = "ines@loja.example"


def _after(shell: Told, days: int, *mails: EmailMessage) -> str:
    """The plan's stage, those days later, with that mail read."""
    mailbox(shell.mbox, mails, "ab")
    shell.at += timedelta(days=days)
    shell.run("sync")
    return str(shell.json("plan", "show", INES)["stage"])


def test_a_plan_is_asked_followed_up_twice_and_lapses(shell: Told) -> None:
    shell.run("plan", INES, "--ask", "a photo of the shop", "--size", 2)
    ask, again = "Could you send me a photo of the shop?", "Any news about the photo of the shop?"
    assert _after(shell, 2, letter(20, ANN, INES, ask, day=15)) == "asked"
    assert _after(shell, 4, letter(21, ANN, INES, again, day=19, answers=20)) == "followed_up"
    assert _after(shell, 8, letter(22, ANN, INES, again, day=27, answers=21)) == "followed_up"
    assert _after(shell, 14) == "lapsed"


def test_a_yes_that_never_came_is_overdue_and_taken_back_where_the_user_drops_it(shell: Told) -> None:
    shell.run("plan", INES, "--ask", "a photo of the shop", "--size", 2)
    ask = letter(20, ANN, INES, "Could you send me a photo of the shop by Friday?", day=14)
    assert _after(shell, 1, ask) == "asked"
    yes = letter(21, INES, ANN, "Yes, I'll do it by Friday.", day=15, answers=20)
    assert _after(shell, 1, yes) == "granted"
    assert shell.ledger(INES)["numbers"]["owed"] > 0
    assert _after(shell, 5) == "overdue"
    shell.run("correct", "21@letters", INES, "grant", "--not")
    assert shell.json("plan", "show", INES)["stage"] == "closed"  # they answered, neither yes nor no
    assert shell.ledger(INES)["numbers"]["owed"] == 0
    shell.run("undo")
    assert shell.json("plan", "show", INES)["stage"] == "overdue"


def test_a_yes_for_a_later_day_that_reads_like_an_offer_is_no_delivery(shell: Told) -> None:
    shell.run("plan", INES, "--ask", "a photo of the shop", "--size", 2)
    ask = letter(20, ANN, INES, "Could you send me a photo of the shop by Friday?", day=14)
    yes = letter(21, INES, ANN, "Yes, I can send you the photo by Friday.", day=15, answers=20)
    assert _after(shell, 2, ask, yes) == "granted"


def test_a_plan_is_dropped_and_everything_can_be_taken_back(shell: Told) -> None:
    shell.run("plan", "list")
    shell.run("plan", "dana", "--ask", "one thing")
    shell.run("plan", "dana", "--ask", "One  thing", "--size", 3)
    found = shell.json("plan", "show", "dana")
    assert (found["size"], found["others"]) == (3.0, [])
    shell.run("plan", "drop", "dana")
    shell.run("plan", "show", "dana", code=1)
    shell.run("undo")
    assert shell.json("plan", "show", "dana")["size"] == 3.0
    shell.run("undo")
    assert shell.json("plan", "show", "dana")["size"] == 1.0
    shell.run("undo")
    assert shell.json("plan", "list") == {"plans": []}


def test_two_different_things_may_be_planned_with_one_person(shell: Told) -> None:
    shell.run("plan", "dana", "--ask", "a chapter for the book", "--size", 6)
    said = shell.run("plan", "dana", "--ask", "the address of the printer")
    assert "chapter" not in said
    found = shell.json("plan", "show", "dana")
    assert (found["ask"], [one["ask"] for one in found["others"]]) == (
        "the address of the printer",
        ["a chapter for the book"],
    )
    both = shell.run("plan", "show", "dana")
    assert both.count("(plan ") == 2
    assert both.count("norm: neutral") == 1
    shell.run("plan", "drop", "dana", code=1)
    assert "Say which to drop" in shell.err
    shell.run("plan", "drop", "dana", "the garden", code=1)
    assert "a chapter for the book" in shell.err
    shell.run("plan", "drop", "dana", "chapter")
    shell.run("plan", "drop", "dana", found["id"])
    assert shell.json("plan", "list") == {"plans": []}


def test_a_finished_plan_no_longer_shows_windows_though_nobody_dropped_it(shell: Told) -> None:
    shell.run("plan", "dana", "--ask", "a chapter for the book", "--by", "2026-03-20")

    def plans(at: str) -> int:
        with Session.open(find({"RECIPFLOW_HOME": str(shell.home)})) as session:
            point = session.standpoint(DANA, datetime.fromisoformat(at))
            assert point is not None
            return len(point.contact.plans)

    assert plans("2026-03-20T12:00:00+00:00") == 1
    assert plans("2026-03-22T12:00:00+00:00") == 0
    assert len(shell.json("plan", "list")["plans"]) == 1


def test_somebody_added_by_hand_goes_again_with_undo_and_rebuild_keeps_them_till_then(shell: Told) -> None:
    shell.run("contacts", "add", "ada@newco.example")
    assert "bit for bit" in shell.run("rebuild", "--verify")
    assert "ada@newco.example" in shell.run("contacts")
    shell.run("undo")
    assert "ada@newco.example" not in shell.run("contacts")
    assert "bit for bit" in shell.run("rebuild", "--verify")


def test_a_first_ask_is_only_one_that_is_meant_and_clearly_larger(shell: Told) -> None:
    plan = ("plan", "dana", "--ask", "a line", "--size", 2, "--first", "the whole book")
    shell.run(*plan, "--first-size", 8, code=1)
    assert "Do you mean the larger one" in shell.err
    shell.run(*plan, "--first-size", 2.2, "--yes", code=1)
    assert "clearly smaller" in shell.err
    shell.run(*plan, "--first-size", 8, "--yes")
    assert shell.json("plan", "show", "dana")["first"] == "the whole book"


def test_a_present_planned_for_somebody_who_never_wrote_is_told_to_count_for_nothing(shell: Told) -> None:
    shell.run("contacts", "add", "zoe@gallery.example", "--name", "Zoe Ode")
    present = ("--ask", "a line", "--give", "a bottle of wine")
    assert "Zoe Ode has never written to you" in shell.run("plan", "zoe", *present)
    assert "has never written to you" not in shell.run("plan", "dana", *present)


def test_a_gift_in_a_plan_asks_once_about_the_norm_and_stops_for_an_official(shell: Told) -> None:
    shell.run("plan", "dana", "--ask", "a line", "--give", "a bottle of wine")
    assert "You have chosen no norm" in shell.err
    shell.run("plan", "dana", "--ask", "a line", "--give", "a bottle of wine")
    assert shell.err == ""
    shell.run("plan", "rui@planning.gov.pt", "--ask", "a line", "--give", "two tickets for the opera")
    assert "compliance" in shell.kinds("rui@planning.gov.pt")
    shell.run("plan", "drop", "rui")
    assert "compliance" not in shell.kinds("rui@planning.gov.pt")


@pytest.mark.parametrize(
    ("words", "told_of"),
    [
        (("plan", "dana", "--ask", "x", "--by", "soon"), "no date"),
        (("plan", "dana", "--ask", "x", "--by", "2020-01-01"), "is past"),
        (("contacts", "add", "nobody"), "no address"),
        (("plan", "drop"), "Say whose"),
    ],
)
def test_a_slip_is_told(shell: Told, words: tuple[str, ...], told_of: str) -> None:
    shell.run(*words, code=2)
    assert told_of in shell.err


def test_a_plans_windows_are_shown_without_further_ado(shell: Told) -> None:
    assert datetime.fromisoformat(shell.json("today")["at"]) == shell.at
    shell.run("plan", "kwame", "--ask", "a wall for my pictures")
    with shell.store() as store:
        assert store.decisions.standing()[-1].verb.value == "plan"
    assert DANA not in {one["contact"]["addresses"][0] for one in shell.json("plan", "list")["plans"]}
