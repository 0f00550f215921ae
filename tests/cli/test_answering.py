"""Questions of the digest are answered with one word, which is kept, teaches, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.told import Told, told
from tests.letters import ANN, DANA, KWAME, letter

DOUBTFUL = "Bring the blue folder along."


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    mails = [
        letter(1, ANN, DANA, "Hello Dana, the shop opens in May. Ann"),
        letter(2, DANA, ANN, f"Hi Ann,\n\nThe shop sounds lovely. {DOUBTFUL}\n\nDana", day=4),
        letter(3, ANN, KWAME, "Hello Kwame, the shop opens in May. Ann"),
        letter(4, KWAME, ANN, f"Hi Ann,\n\nThe shop sounds nice. {DOUBTFUL}\n\nKwame", day=10),
    ]
    return told(capsys, tmp_path, monkeypatch, mails)


def questions(shell: Told) -> list[tuple[str, str, bool]]:
    found = shell.json("today")["questions"]
    return [(one["contact"]["addresses"][0], one["quote"], one["shown"]) for one in found]


def key(shell: Told, contact: str) -> str:
    found = shell.json("today")["questions"]
    return str(next(one["key"] for one in found if contact in one["contact"]["addresses"]))


def test_the_digest_asks_with_the_sentence_it_is_about(shell: Told, tmp_path: Path) -> None:
    said = shell.run("today", "--html", tmp_path / "page.html")
    assert "Did Kwame Asante ask you for something on 12 March?" in said
    assert f"“{DOUBTFUL}”" in said
    assert f"recipflow yes {key(shell, KWAME)}" in said
    page = (tmp_path / "page.html").read_text("utf-8").replace("\xa0", " ")
    assert "Did Kwame Asante ask you for something on 12 March?" in page
    assert f"recipflow no {key(shell, KWAME)}" in page


def test_yes_makes_advice_of_it(shell: Told) -> None:
    shell.run("yes", key(shell, KWAME))
    assert "reply_owed" in shell.kinds(KWAME)
    assert KWAME not in {who for who, _, _ in questions(shell)}


def test_no_ends_it_and_the_same_sentence_of_somebody_else_is_not_asked_about_later(shell: Told) -> None:
    shell.run("no", key(shell, DANA))
    assert questions(shell) == []
    assert "reply_owed" not in shell.kinds(DANA)
    learned = shell.json("rules", "learned")
    assert [(one["contact"], one["act"], one["right"]) for one in learned] == [(DANA, "ask", False)]


def test_what_was_said_later_teaches_nothing_about_what_came_before(shell: Told) -> None:
    shell.run("no", key(shell, KWAME))
    assert [who for who, _, _ in questions(shell)] == [DANA]


def test_undo_takes_an_answer_back_with_all_it_taught(shell: Told) -> None:
    before = questions(shell)
    shell.run("no", key(shell, DANA))
    assert "Taken back: answer" in shell.run("undo")
    assert questions(shell) == before
    assert shell.json("rules", "learned") == []


def test_a_lesson_can_be_dropped_by_its_number(shell: Told) -> None:
    shell.run("no", key(shell, DANA))
    (number,) = (one["number"] for one in shell.json("rules", "learned"))
    shell.run("rules", "learned", "--drop", number)
    assert shell.json("rules", "learned") == []
    assert [who for who, _, _ in questions(shell)] == [KWAME]
    shell.run("rules", "learned", "--drop", number, code=1)
    assert "no correction" in shell.err


def test_why_and_doctor_say_what_was_learned(shell: Told) -> None:
    shell.run("yes", key(shell, DANA))
    assert "1 lesson learned from your corrections: recipflow rules learned" in shell.run("doctor")
    advice = shell.key("reply_owed", KWAME)  # Dana's yes made the very same sentence of Kwame's sure
    assert "Learned from your correction of 16 March." in shell.run("why", advice)


@pytest.mark.parametrize("word", ["yes", "no"])
def test_after_an_answer_everything_computed_anew_is_the_same(shell: Told, word: str) -> None:
    shell.run(word, key(shell, DANA))
    assert "bit for bit" in shell.run("rebuild", "--verify")
    shell.run("undo")
    assert "bit for bit" in shell.run("rebuild", "--verify")


def test_a_question_is_shown_on_three_days_at_most(shell: Told) -> None:
    for day in ("2026-03-16T08:00+00:00", "2026-03-23T08:00+00:00", "2026-03-30T08:00+00:00"):
        shell.at = shell.at.fromisoformat(day)
        assert "Did Kwame" in shell.run("today")
    shell.at = shell.at.fromisoformat("2026-04-06T08:00+00:00")
    assert "Did Kwame" not in shell.run("today")


def test_nothing_is_asked_of_whom_the_user_wants_no_advice_about(shell: Told) -> None:
    shell.run("never", "kwame")
    assert [who for who, _, _ in questions(shell)] == [DANA]


def test_a_key_that_nobody_asked_is_told_so(shell: Told) -> None:
    shell.run("yes", "00000000", code=1)
    assert "No question that stands has the key" in shell.err


@pytest.fixture
def waiting(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What Ann wrote to Dana may be an ask, and nothing came back."""
    mails = [
        letter(1, DANA, ANN, "Hello Ann, the shop opens in May. Dana"),
        letter(2, ANN, DANA, "Hi Dana,\n\nMaybe you could send me the contract.\n\nAnn", day=4),
    ]
    return told(capsys, tmp_path, monkeypatch, mails)


def test_a_doubtful_ask_of_mine_is_asked_about_and_yes_makes_a_reminder_of_it(
    waiting: Told,
) -> None:
    said = waiting.run("today")
    assert "Did you ask Dana Ruiz for" in said
    assert "still open" not in said  # one question, for one no
    assert "follow_up" not in waiting.kinds(DANA)
    before = questions(waiting)
    waiting.run("yes", key(waiting, DANA))
    assert "follow_up" in waiting.kinds(DANA)
    waiting.run("undo")
    assert questions(waiting) == before


def test_no_ends_a_doubtful_ask_of_mine_and_undo_asks_again(waiting: Told) -> None:
    before = questions(waiting)
    ledger = waiting.json("show", "dana", "--numbers", "--all")["ledger"]
    waiting.run("no", key(waiting, DANA))
    assert questions(waiting) == []
    assert "follow_up" not in waiting.kinds(DANA)
    assert "bit for bit" in waiting.run("rebuild", "--verify")
    left = [one for one in ledger if one["quote"] != "Maybe you could send me the contract."]
    assert len(left) == len(ledger) - 1
    assert waiting.json("show", "dana", "--numbers", "--all")["ledger"] == left
    waiting.run("undo")
    assert questions(waiting) == before


def test_why_not_says_that_the_user_is_asked_where_that_stands_in_the_place_of_advice(waiting: Told) -> None:
    assert "doubtful whether you asked them for something" in waiting.run("why-not", "dana")
    waiting.run("no", key(waiting, DANA))
    assert "no ask of yours waits for a reminder" in waiting.run("why-not", "dana")
    waiting.run("undo")
    waiting.run("never", "dana")
    assert "doubtful" not in waiting.run("why-not", "dana")


@pytest.fixture
def promised(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    mails = [
        letter(1, DANA, ANN, "Hello Ann, the shop sounds lovely. Dana"),
        letter(
            2, ANN, DANA, "Hello Dana,\n\nI will send you the price list by Tuesday, 17 March.\n\nAnn", day=9
        ),
    ]
    return told(capsys, tmp_path, monkeypatch, mails)


def test_whether_what_was_surely_said_still_waits_is_asked_as_that(promised: Told) -> None:
    assert "on 11 March. Is that still to come?" in promised.run("today")
    assert "keep_promise" not in promised.kinds(DANA)


def test_what_still_waits_becomes_advice(promised: Told) -> None:
    promised.run("yes", key(promised, DANA))
    assert "keep_promise" in promised.kinds(DANA)


def test_what_waits_no_more_is_dealt_with_and_no_word_against_the_reading(promised: Told) -> None:
    assert "it is taken as dealt with" in promised.run("no", key(promised, DANA))
    assert questions(promised) == []
    assert promised.json("rules", "learned") == []
    assert promised.ledger(DANA)["open"] == []
    promised.run("undo")
    assert [who for who, _, _ in questions(promised)] == [DANA]
