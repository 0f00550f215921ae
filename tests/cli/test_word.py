"""The user's word beats every rule, takes effect at once, and can be taken back."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from recipflow import config
from recipflow.model import ActType
from recipflow.packs import read_toml
from tests.cli.told import Told, told
from tests.letters import ANN, DANA, INES, KWAME, correspondence, letter, mailbox


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    return told(capsys, tmp_path, monkeypatch, correspondence())


def test_what_was_logged_counts_as_if_mail_had_shown_it(shell: Told) -> None:
    shell.run("log", "dana", "thanks", "on the phone")
    assert "thank" not in shell.kinds(DANA)
    newest = shell.ledger(DANA)["ledger"][0]
    assert (newest["by"], newest["act"], newest["quote"]) == ("me", "thanks", "on the phone")
    shell.run("log", "kwame", "receive", "hospitality", "lunch", "--size", 4, "--at", "2026-03-14")
    newest = shell.ledger(KWAME)["ledger"][0]
    assert (newest["by"], newest["kind"], newest["size"]) == ("them", "hospitality", 4.0)
    assert newest["at"].startswith("2026-03-14")


@pytest.mark.parametrize(
    ("words", "told_of"),
    [
        (("log", "dana", "lend", "help"), "none of give, ask"),
        (("log", "dana", "give"), "Say what it was"),
        (("log", "dana", "give", "help", "x", "--size", "400"), "--size"),
    ],
)
def test_a_slip_is_told_and_changes_nothing(shell: Told, words: tuple[str, ...], told_of: str) -> None:
    shell.run(*words, code=2)
    assert told_of in shell.err
    with shell.store() as store:
        assert store.decisions.standing() == ()


def test_nobody_is_logged_who_is_not_known_and_nothing_that_is_still_to_come(shell: Told) -> None:
    shell.run("log", "dama", "give", "help", code=1)
    assert "Did you mean:" in shell.err
    shell.run("log", "dana", "give", "help", "x", "--at", "2027-01-01", code=1)
    assert "still to come" in shell.err


def test_a_corrected_ledger_is_the_one_that_had_been_read_so_from_the_start(
    shell: Told, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.run("correct", "2@letters", "dana", "give", "--not")
    shell.run("correct", "2@letters", "dana", "grant", "--not")
    shell.run("correct", "1@letters", "dana", "ask", "--not")
    corrected = shell.ledger(DANA)
    plain = [
        letter(1, ANN, DANA, "Hi Dana, it rains. Ann"),
        letter(2, DANA, ANN, "It rains here, too.", day=2, answers=1),
    ]
    (tmp_path / "other").mkdir()
    other = told(capsys, tmp_path / "other", monkeypatch, plain)
    assert corrected["numbers"] == other.ledger(DANA)["numbers"]
    assert corrected["ledger"] == other.ledger(DANA)["ledger"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["2@letters", "give", "gift"], "Dana Ruiz gave you a present"),
        (["2@letters", "give", "mass"], "Dana Ruiz did something for you"),
        (["2@letters", "give", "cash", "--paid-back"], "Dana Ruiz gave you back what was lent"),
        (["2@letters", "refusal"], "Dana Ruiz said no to you"),
        (["1@letters", "ask", "advice"], "you asked Dana Ruiz for advice"),
        (["1@letters", "thanks"], "you thanked Dana Ruiz"),
        (["1@letters", "ask", "--not"], "you asked Dana Ruiz for nothing"),
    ],
)
def test_what_is_corrected_is_said_in_a_sentence_of_whoever_wrote_the_message(
    shell: Told, words: list[str], said: str
) -> None:
    message, *rest = words
    told = shell.run("correct", message, "dana", *rest)
    assert told == f"Noted: in that message {said}. Take it back: recipflow undo"


def test_every_act_of_either_side_has_a_sentence_for_what_it_was_and_what_it_was_not() -> None:
    words = read_toml("wording.toml")
    acts = {f"{side}_{act}" for side in ("my", "their") for act in ActType}
    assert acts == words["denied"].keys() == words["corrected"].keys() - {"my_repaid", "their_repaid"}


def test_a_correction_may_give_kind_and_size(shell: Told) -> None:
    shell.run("correct", "<2@letters.example>", "dana", "give", "advice", "--size", 3)
    (act,) = [one for one in shell.ledger(DANA)["ledger"] if one["act"] == "give"]
    assert (act["kind"], act["size"], act["rule"], act["notable"]) == ("advice", 3.0, "you said so", True)


def test_a_message_that_is_not_there_is_told(shell: Told) -> None:
    shell.run("correct", "nothing", "dana", "give", code=1)
    assert "recipflow show dana@harbour.example" in shell.err


@pytest.mark.parametrize(
    ("kind", "contact"), [("thank", DANA), ("reply_owed", KWAME), ("keep_promise", KWAME)]
)
def test_what_is_done_rests_and_stands_in_the_ledger(shell: Told, kind: str, contact: str) -> None:
    shell.run("done", shell.key(kind, contact))
    assert kind not in shell.kinds(contact)
    assert kind not in {
        one["kind"] for one in shell.json("today")["nudges"] if one["contact"]["addresses"][0] == contact
    }


def test_a_wrong_thank_you_is_no_favour_any_more(shell: Told) -> None:
    shell.run("wrong", shell.key("thank", DANA), "--yes")
    assert "thank" not in shell.kinds(DANA)
    assert {one["act"] for one in shell.ledger(DANA)["ledger"]} == {"ask"}


def test_a_message_that_is_not_mine_goes_from_every_ledger(shell: Told) -> None:
    shell.run("wrong", shell.key("reply_owed", KWAME), "--because", "not-mine")
    assert "4@letters.example" not in {one["message"] for one in shell.ledger(KWAME)["ledger"]}


def test_what_was_handled_already_is_as_good_as_done(shell: Told) -> None:
    shell.run("wrong", shell.key("thank", DANA), "--because", "already-handled")
    assert shell.ledger(DANA)["ledger"][0]["act"] == "thanks"


def test_wrong_asks_nothing_where_there_is_no_keyboard(shell: Told) -> None:
    key = shell.key("thank", DANA)
    shell.run("wrong", key, code=1)
    assert "--because not-a-favour" in shell.err
    shell.run("wrong", key, "--because", "weather", code=2)


def test_snoozed_advice_comes_back_by_itself(shell: Told) -> None:
    key = shell.key("thank", DANA)
    assert "It comes back on 19 March" in shell.run("snooze", key, "--days", 3)
    assert "thank" not in shell.kinds(DANA)
    assert "You are not told of it: it stands, but it is snoozed (until 19 March)" in shell.run("why", key)
    shell.at += timedelta(days=3)
    assert "thank" in shell.kinds(DANA)
    assert "not told" not in shell.run("why", key)


def test_snoozing_until_a_day_that_is_past_is_refused(shell: Told) -> None:
    key = shell.key("thank", DANA)
    shell.run("snooze", key, "--until", "2026-01-01", code=2)
    shell.run("snooze", key, "--until", "soon", code=2)
    shell.run("snooze", key, "--until", "2026-04-01", "--days", 2, code=2)


def test_what_is_dismissed_stays_away_for_a_season_with_all_of_its_kind(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = told(capsys, tmp_path, monkeypatch, correspondence())
    shell.run("dismiss", shell.key("reply_owed", KWAME))
    later = [
        letter(7, ANN, KWAME, "The paint was blue.", day=16, answers=4),
        letter(8, KWAME, ANN, "Could you tell me where you bought the blue paint?", day=17),
        letter(9, KWAME, ANN, "Could you send me the name of the shop with the brushes?", day=120),
    ]
    mailbox(shell.mbox, later, "ab")
    shell.run("sync")
    shell.at += timedelta(days=8)
    assert "reply_owed" not in shell.kinds(KWAME)
    assert ("reply_owed", False) in {
        (one["kind"], one["shown"])
        for one in shell.json("today")["nudges"]
        if KWAME in one["contact"]["addresses"]
    }
    shell.at += timedelta(days=104)
    assert "reply_owed" in shell.kinds(KWAME)


def test_a_window_that_opens_soon_answers_to_the_key_on_its_reminder_and_is_put_away_as_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gave = "I went through your whole plan on Sunday and wrote six pages of notes for you, attached."
    shell = told(capsys, tmp_path, monkeypatch, correspondence())
    file, there = shell.home / "config.toml", tmp_path / "Mail"
    config.append(file, "contacts", {"addresses": [INES], "watched": True})
    config.change(file, {"digest.via": f"maildir:{there}", "reminders.via": "digest"})
    mailbox(shell.mbox, [letter(40, ANN, INES, f"Hi Inês,\n\n{gave}\n\nAnn", day=14)], "ab")
    shell.at += timedelta(hours=6)
    shell.run("sync")
    key = shell.key("ask_soon", INES)
    shell.run("digest", "--send-now")
    (mail,) = [one for one in there.rglob("*") if one.is_file()]
    (event,) = [one for one in message_from_bytes(mail.read_bytes()).walk() if one.get_filename()]
    on_it = str(event.get_payload(decode=True)).partition("recipflow why ")[2][:8]
    assert on_it != key
    assert shell.run("why", on_it) == shell.run("why", key)
    shell.run("dismiss", on_it)
    for _ in range(3):
        assert shell.kinds(INES) == set()
        shell.at += timedelta(days=1)
    shell.run("undo")
    assert shell.kinds(INES) == {"ask_now"}


def test_never_silences_a_person_or_a_domain(shell: Told) -> None:
    assert "about Dana Ruiz" in shell.run("never", "dana")
    assert shell.kinds(DANA) == set()
    said = shell.run("never", "kiosk.example")
    assert "anybody at kiosk.example" in said
    assert "Kwame Asante <kwame@kiosk.example>" in said
    assert shell.standing() == []


def test_undo_takes_back_one_word_after_the_other(shell: Told) -> None:
    before = (shell.standing(), shell.ledger(DANA), shell.ledger(KWAME))
    shell.run("dismiss", shell.key("keep_promise", KWAME))
    shell.run("done", shell.key("thank", DANA))
    shell.run("never", "kwame")
    shell.run("log", "kwame", "give", "help", "painted the door")
    for verb in ("log", "never", "done", "dismiss"):
        assert f"Taken back: {verb}" in shell.run("undo")
    assert (shell.standing(), shell.ledger(DANA), shell.ledger(KWAME)) == before
    shell.run("undo", code=1)


def test_undo_of_wrong_takes_back_all_its_corrections(shell: Told) -> None:
    before = (shell.standing(), shell.ledger(DANA))
    shell.run("wrong", shell.key("thank", DANA), "--because", "wrong-person")
    assert (shell.standing(), shell.ledger(DANA)) != before
    shell.run("undo")
    assert (shell.standing(), shell.ledger(DANA)) == before


def test_undo_gives_a_snoozed_one_its_old_life_back(shell: Told) -> None:
    key = shell.key("thank", DANA)
    shell.run("snooze", key, "--days", 3)
    shell.run("done", "dana")
    shell.run("undo")
    with shell.store() as store:
        assert store.decisions.lives(key=key)[key].state == "snoozed"


@pytest.mark.parametrize("command", ["log", "correct", "done", "wrong", "snooze", "dismiss", "never", "undo"])
def test_every_word_has_help_with_an_example(shell: Told, command: str) -> None:
    assert f"Example: recipflow {command}" in shell.run(command, "--help")


def test_a_message_that_is_not_theirs_counts_nothing_with_them_and_can_be_taken_back(shell: Told) -> None:
    before = shell.ledger(DANA)
    shell.run("correct", "2@letters", "dana", "--not-them")
    after = shell.ledger(DANA)
    assert "2@letters.example" not in {one["message"] for one in after["ledger"]}
    shell.run("undo")
    assert shell.ledger(DANA) == before
    shell.run("correct", "2@letters", "dana", code=2)
    assert "--not-them" in shell.err


def test_what_they_paid_back_asks_for_no_thanks_and_is_no_gift(shell: Told) -> None:
    shell.run("log", "give", "kwame", "cash", "the 40 EUR he needed", "--amount", 40, "EUR")
    shell.run("log", "receive", "kwame", "cash", "the 40 EUR", "--amount", 40, "EUR", "--paid-back")
    shell.at += timedelta(days=3)
    assert "thank" not in shell.kinds(KWAME)
    assert "gave back what was lent" in shell.run("show", "kwame")
    assert [one["direction"] for one in shell.json("gifts", "kwame")["gifts"]] == ["given"]
    assert "thank" in shell.kinds(DANA)
    shell.run("correct", "2@letters", "dana", "give", "cash", "--paid-back")
    assert "thank" not in shell.kinds(DANA)
    shell.run("undo")
    assert "thank" in shell.kinds(DANA)


def test_a_sentence_that_says_yes_and_when_is_taken_back_by_one_word_and_given_back_by_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = letter(1, ANN, DANA, "Hi Dana,\n\nCould you review the attached contract in detail?\n\nAnn", day=9)
    yes = letter(2, DANA, ANN, "Hi Ann,\n\nYes, I'll send it by Friday.\n\nDana", day=10, answers=1)
    shell = told(capsys, tmp_path, monkeypatch, [ask, yes])
    before = shell.ledger(DANA)
    assert {one["act"] for one in before["ledger"]} == {"ask", "grant", "promise"}
    for what in ("grant", "promise"):
        said = shell.run("correct", "2@letters", "dana", what, "--not")
        assert said.startswith("Noted: in that message Dana Ruiz ")
        assert "did not say yes to you" in said
        assert "promised you nothing" in said
        assert {one["act"] for one in shell.ledger(DANA)["ledger"]} == {"ask"}
        shell.run("undo")
        assert shell.ledger(DANA) == before


def test_what_they_paid_back_and_what_a_favour_was_worth_is_said_in_one_line(shell: Told) -> None:
    shell.run("correct", "2@letters", "dana", "give", "cash", "--size", 3)
    given = next(one for one in shell.ledger(DANA)["ledger"] if one["act"] == "give")
    assert (given["by"], given["kind"], given["size"]) == ("them", "cash", 3.0)
