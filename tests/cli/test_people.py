"""contacts, show, why, why-not: where it stands in words, both sides, and what advice stands on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recipflow import config
from recipflow.explain.grounds import reasons, told_of
from recipflow.model import NudgeKind, Side
from tests.cli.told import Told, told
from tests.letters import ANN, DANA, KWAME, NAMES, correspondence, letter

DANA_AT_HOME = "dana.ruiz@home.example"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    return told(capsys, tmp_path, monkeypatch, correspondence())


@pytest.mark.parametrize("person", ["dana", "kwame"])
def test_the_numbers_are_there_with_their_constants_where_nothing_is_shown_and_nothing_owed(
    shell: Told, person: str
) -> None:
    asked = shell.json("why-not", person, "--numbers")["numbers"]
    assert asked == shell.json("show", person, "--numbers")["numbers"]
    assert {"goodwill", "owed", "freshness, days"} <= set(asked)
    said = shell.run("why-not", person, "--numbers")
    assert "Numbers" in said
    assert "half-life of small favours, days" in said
    assert "numbers" not in shell.json("why-not", person)


def test_contacts_are_listed_the_one_last_heard_first(shell: Told) -> None:
    listed = shell.json("contacts")["contacts"]
    assert [one["id"] for one in listed] == [KWAME, DANA]
    assert listed[0]["last_theirs"].startswith("2026-03-12")
    assert "Kwame Asante <kwame@kiosk.example> you wrote on 11 March, heard on 12 March" in shell.run(
        "contacts"
    )


def test_a_person_may_be_named_by_any_part_that_is_unique(shell: Told) -> None:
    for words in ("dana", "Ruiz", DANA, "harbour"):
        assert shell.json("show", words)["contact"]["id"] == DANA


def test_where_it_is_not_clear_who_is_meant_the_candidates_are_listed(shell: Told) -> None:
    shell.run("show", "a", code=1)
    assert "'a' may be one of 2:" in shell.err
    assert "Dana Ruiz <dana@harbour.example>" in shell.err
    shell.run("show", "dama", code=1)
    assert "Did you mean:" in shell.err
    assert "Dana Ruiz" in shell.err


def test_both_sides_stand_side_by_side_with_quotes_and_dates(
    shell: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    said = shell.run("show", "dana")
    assert "You Dana Ruiz" in said
    assert "2 March: asked for" in said
    assert "4 March: gave" in said
    assert "A word of thanks?" in said
    assert "have not said thanks yet" in said


def test_an_answer_that_brought_what_was_asked_for_stands_on_their_side_however_plain(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = [
        letter(1, ANN, DANA, "Hi Dana, could you send me the price list of the printers? Ann"),
        letter(2, DANA, ANN, "Hi Ann, the price list is attached. Dana", day=1, answers=1),
        letter(3, DANA, ANN, "Hi Ann, the minutes are attached. Dana", day=3),
    ]
    shell = told(capsys, tmp_path, monkeypatch, mails)
    theirs = [one["quote"] for one in shell.json("show", "dana")["ledger"] if one["by"] == "them"]
    assert theirs == ["Hi Ann, the price list is attached."]
    assert len(shell.json("show", "dana", "--all")["ledger"]) == 3


def test_an_introduction_in_two_sentences_is_one_favour_quoted_by_the_one_that_says_who(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Ann, meet Zoe, who runs the gallery.\n\nI'll leave you two to it.\n\nDana"
    mails = [
        letter(0, ANN, DANA, "Hello Dana, the shop opens in May. Ann"),
        letter(1, DANA, ANN, text, Cc="Zoe Ode <zoe@gallery.example>"),
    ]
    shell = told(capsys, tmp_path, monkeypatch, mails)
    shell.at = shell.at.fromisoformat("2026-03-05T08:00+00:00")
    shown = shell.json("show", "dana")
    assert [(one["act"], one["quote"]) for one in shown["ledger"]] == [
        ("give", "Ann, meet Zoe, who runs the gallery.")
    ]
    assert "meet Zoe" in shell.run("today")
    assert "leave you two" not in shell.out


def test_all_names_the_messages_that_correct_wants(shell: Told) -> None:
    assert "2@letters" not in shell.run("show", "dana")
    assert "<2@letters.example>" in shell.run("show", "dana", "--all")


def test_of_whom_the_user_wants_no_advice_that_is_said_once_and_is_the_whole_reason(shell: Told) -> None:
    shell.run("never", "dana")
    assert shell.run("show", "dana").count("You wanted no advice about Dana Ruiz.") == 1
    assert shell.json("why-not", "dana")["reasons"] == []
    assert "no favour is waiting" not in shell.run("why-not", "dana")


def test_no_number_is_shown_unless_it_is_asked_for(shell: Told) -> None:
    assert "goodwill" not in shell.run("show", "dana")
    assert "numbers" not in shell.json("show", "dana")
    assert all("size" not in act for act in shell.json("show", "dana")["ledger"])
    assert "goodwill" in shell.run("show", "dana", "--numbers")
    figures = shell.json("show", "dana", "--numbers")["numbers"]
    assert figures["half-life of small favours, days"] == pytest.approx(3.5)


def test_of_close_friends_no_number_is_shown_even_then(shell: Told) -> None:
    config.append(shell.home / "config.toml", "contacts", {"addresses": [DANA], "profile": "close"})
    said = shell.run("show", "dana", "--numbers")
    assert "goodwill" not in said
    assert "Dana Ruiz is close: nobody keeps books here." in said
    assert shell.json("show", "dana", "--numbers")["numbers"] == {}


def test_why_leads_from_the_advice_to_the_sentence_and_its_message(shell: Told) -> None:
    key = shell.key("thank", DANA)
    chain = shell.json("why", key)
    (ground,) = chain["grounds"]
    assert (ground["message"], ground["subject"]) == ("2@letters.example", "Letter 2")
    assert any(act["act"] in ("give", "grant") and act["because"] for act in ground["acts"])
    said = shell.run("why", key)
    assert "4 March: “Letter 2” <2@letters.example>" in said
    assert "It stands since" in said
    assert "may change by itself" in said


def test_why_takes_a_person_of_whom_one_thing_stands(shell: Told) -> None:
    assert shell.json("why", "dana")["nudge"]["kind"] == "thank"
    shell.run("why", "00000000", code=1)
    assert "recipflow today --all" in shell.err


def test_why_shows_sizes_and_certainties_only_under_numbers(shell: Told) -> None:
    key = shell.key("thank", DANA)
    assert "certainty" not in shell.run("why", key)
    assert "certainty" in shell.run("why", key, "--numbers")


def test_why_not_has_a_reason_for_every_kind_that_is_not_shown(shell: Told) -> None:
    answer = shell.json("why-not", "dana")
    reasons = {one["kind"]: one["reason"] for one in answer["reasons"]}
    assert "thank" not in reasons
    assert reasons["keep_promise"] == "no promise of yours is open"
    assert len(reasons) == len(NudgeKind) - 1
    assert answer["stands"] == ["Dana Ruiz helped you on 4 March. A word of thanks?"]
    assert "Your word: no promise of yours is open." in shell.run("why-not", "dana")


def test_why_not_says_what_the_user_put_away(shell: Told) -> None:
    key = shell.key("thank", DANA)
    shell.run("snooze", key, "--days", 3)
    reasons = {one["kind"]: one for one in shell.json("why-not", "dana")["reasons"]}
    assert reasons["thank"]["reason"] == "it stands, but it is snoozed"
    assert reasons["thank"]["until"].startswith("2026-03-19")


def test_guards_are_said_first(shell: Told) -> None:
    shell.run("never", "dana")
    assert shell.json("why-not", "dana")["guards"] == ["You wanted no advice about Dana Ruiz."]


def test_one_can_stand_at_an_earlier_instant(shell: Told) -> None:
    assert "no favour is waiting for thanks" in shell.run("why-not", "dana", "--at", "2026-03-03")
    earlier = shell.json("show", "dana", "--at", "2026-03-03")
    assert [act["act"] for act in earlier["ledger"]] == ["ask"]


def test_addresses_of_one_person_are_suggested_with_the_evidence_and_never_merged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NAMES, DANA_AT_HOME, NAMES[DANA])
    again = letter(7, DANA_AT_HOME, ANN, "Hi Ann, this is my new address.", day=12, answers=2)
    shell = told(capsys, tmp_path, monkeypatch, [*correspondence(), again])
    (suggested,) = shell.json("contacts")["suggested_merges"]
    assert set(suggested["addresses"]) == {DANA, DANA_AT_HOME}
    assert "a thread goes on from one to the other" in suggested["evidence"]
    assert f"recipflow merge {DANA_AT_HOME} {DANA}" in shell.run("contacts")
    assert [one["addresses"] for one in shell.json("contacts")["contacts"] if one["id"] == DANA] == [[DANA]]


def test_without_a_home_the_way_to_one_is_told(
    shell: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "elsewhere"))
    for command in (("contacts",), ("show", "dana"), ("why", "k"), ("why-not", "dana")):
        shell.run(*command, code=1)
        assert "recipflow init" in shell.err


def test_a_rules_reason_is_turned_round_when_they_did_it() -> None:
    assert told_of("you said what you need from them", Side.THEM) == "they said what they need from you"
    assert told_of("you asked for their time", Side.THEM) == "they asked for your time"
    assert told_of("you said that it did you good", Side.THEM) == "they said that it did them good"
    assert told_of("you asked them to vouch", Side.ME) == "you asked them to vouch"
    assert told_of("you said thank you", Side.THEM) == "they said thank you"
    assert told_of("you sent them a present", Side.THEM) == "they sent you a present"


def test_every_reason_of_the_packs_turns_round_and_back_again() -> None:
    said = set(reasons({}).values())
    turned = {because: told_of(because, Side.THEM) for because in said}
    assert len(said) > 40
    assert {because for because in said if told_of(turned[because], Side.THEM) != because} == set()
    assert all(turned[because].startswith("they ") for because in said if because.startswith("you "))
    assert not [one for one in turned.values() if re.search(r"\b(?:thank|to|for|from|of|with) they\b", one)]
