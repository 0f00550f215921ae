"""`recipflow check`: a draft judged on the command line, by what it prints and how it ends."""

from __future__ import annotations

import io
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from recipflow.advice.beside import ORGANISATION
from tests.cli.told import Told, told
from tests.letters import ANN, DANA, KWAME, NAMES, correspondence, letter

EASY = "Hi Dana,\n\nCould you send me the map by Friday? No problem if not.\n\nAnn\n"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    return told(capsys, tmp_path, monkeypatch, correspondence())


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_text(EASY, encoding="utf-8")
    return path


def test_a_good_ask_ends_with_0_and_says_so(shell: Told, draft: Path) -> None:
    said = shell.run("check", "--to", "new@person.example", draft)
    assert "Nothing stands against it." in said
    found = shell.json("check", "--to", "new@person.example", draft)
    assert found == {
        "to": "new@person.example",
        "at": found["at"],
        "ask": {"size": 1.0, "quote": "Could you send me the map by Friday?"},
        "warnings": [],
        "better": None,
        "easier": [],
    }
    assert datetime.fromisoformat(found["at"]).utcoffset() is not None


def test_what_stands_against_it_ends_with_3_each_in_a_sentence_with_its_day(shell: Told, draft: Path) -> None:
    said = shell.run("check", "--to", "dana", "--size", 3, draft, code=3)
    assert "You have not thanked Dana Ruiz yet" in said
    shell.run("check", "--to", DANA, "--size", 3, draft, "--json", code=3)
    found = json.loads(shell.out)
    assert found["ask"]["size"] == 3.0
    warnings = {one["name"]: one for one in found["warnings"]}
    assert {"thanks_due", "spacing"} <= warnings.keys() | {"spacing"}
    assert all(one["because"].endswith(".") for one in found["warnings"])


def test_a_draft_comes_from_standard_input_too_and_stays_where_it_is(
    shell: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Input:
        buffer = io.BytesIO(EASY.encode())

    monkeypatch.setattr(sys, "stdin", Input())
    with shell.store() as store:
        before = list(store.export())
    shell.run("check", "--to", "new@person.example", "-")
    with shell.store() as store:
        assert list(store.export()) == before


def test_an_ask_not_written_yet_is_judged_by_its_size(shell: Told) -> None:
    assert "Nothing stands" in shell.run("check", "--to", "new@person.example", "--size", 1)
    shell.run("check", "--to", "new@person.example", "--size", 6, code=3)
    shell.run("check", "--to", "dana", code=1)
    assert "--size" in shell.err
    shell.run("check", "--to", "dana", "nowhere.eml", code=1)
    assert "nowhere.eml" in shell.err


def test_it_judges_for_one_person_at_a_time_and_never_for_the_user(shell: Told) -> None:
    shell.run("check", "--to", "dana", "--to", "kwame", "--size", 1, code=1)
    assert "One --to at a time" in shell.err
    shell.run("check", "--to", ANN.upper(), "--size", 1, code=1)
    assert "That is you." in shell.err


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"To: dana\nSubject: x\n\n",
        b"Subject: x\nContent-Type: multipart/mixed; boundary=\n\n--\xff\nCould you send me the map?",
        b"Subject: x\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n",
    ],
)
def test_of_a_draft_without_words_it_says_that_there_are_none(
    shell: Told, tmp_path: Path, raw: bytes
) -> None:
    path = tmp_path / "draft.eml"
    path.write_bytes(raw)
    assert shell.json("check", "--to", "new@person.example", path)["ask"] is None
    assert "no words of yours in this draft" in shell.err
    shell.run("check", "--to", "new@person.example", "--size", 6, path, code=3)


def test_of_an_html_draft_what_is_new_in_it_is_read_and_who_gets_a_copy_stays_unsaid(
    shell: Told, tmp_path: Path
) -> None:
    path = tmp_path / "draft.eml"
    path.write_text(
        f"To: new@person.example\nBcc: {DANA}\nSubject: Map\nContent-Type: text/html; charset=utf-8\n\n"
        "<p>Could you send me the map by Friday? No problem if not.</p>"
        "<blockquote>Could you write the whole book for us?</blockquote>",
        encoding="utf-8",
    )
    found = shell.json("check", "--to", "new@person.example", path)
    assert found["ask"] == {"size": 1.0, "quote": "Could you send me the map by Friday?"}
    assert (found["warnings"], found["easier"]) == ([], [])
    assert DANA not in shell.out + shell.err


def test_several_asks_no_day_and_no_way_out_are_each_named(shell: Told, tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text(
        "Hi,\n\nCould you send me the map? Would you also tell me when the hall opens, and could you bring the key?\n",
        encoding="utf-8",
    )
    shell.run("check", "--to", "new@person.example", path, "--json")
    easier = " ".join(json.loads(shell.out)["easier"])
    assert all(word in easier for word in ("several things", "by when", "easy way to say no"))


def test_numbers_are_for_those_who_ask_for_them(shell: Told, draft: Path) -> None:
    assert "goodwill" not in shell.run("check", "--to", "new@person.example", draft)
    assert "goodwill" in shell.run("check", "--to", "new@person.example", draft, "--numbers")


def test_five_people_of_one_house_asked_within_a_week_count_together(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, draft: Path
) -> None:
    people = [f"{name}@acme.example" for name in ("ada", "bo", "cy", "di")]
    asks = [
        letter(n, ANN, who, f"Hi,\n\nCould you send me the list of {n} names?\n\nAnn", day=12 + n // 2)
        for n, who in enumerate(people)
    ]
    shell = told(capsys, tmp_path, monkeypatch, asks)
    shell.run("check", "--to", "eve@acme.example", draft, "--json", code=3)
    (warning,) = json.loads(shell.out)["warnings"]
    assert warning["name"] == "over_asking"
    assert "acme.example" in warning["because"]
    assert warning["until"] > json.loads(shell.out)["at"]
    assert "." not in warning["until"]  # whole seconds
    shell.run("check", "--to", "eve@other.example", draft)


def test_a_gift_and_an_ask_in_one_draft_are_told_apart(shell: Told, tmp_path: Path) -> None:
    mail = tmp_path / "draft.eml"
    mail.write_text(
        f"To: {NAMES[KWAME]} <{KWAME}>\nSubject: For you\n\n"
        "Hi Kwame,\n\nI spent the whole weekend on a guide to the paints for you.\n"
        "Could you introduce me to somebody at the museum by Friday? No problem if not.\n",
        encoding="utf-8",
    )
    said = shell.run("check", "--to", KWAME, mail, code=3)
    assert "move the ask to another day" in said


def test_it_stands_at_any_instant_of_the_past(shell: Told, draft: Path) -> None:
    early = shell.run("check", "--to", "dana", "--at", "2026-03-01T10:00", draft)
    assert "Nothing stands against it." in early
    shell.run("check", "--to", "dana", "--at", "2026-03-03T10:00", draft, "--json", code=3)
    assert [one["name"] for one in json.loads(shell.out)["warnings"]] == ["ask_pending"]


def test_a_draft_in_a_language_without_rules_is_not_judged_but_by_the_size_that_is_said(
    shell: Told, tmp_path: Path
) -> None:
    path = tmp_path / "brief.txt"
    path.write_text(
        "Bonjour, est-ce que tu peux me faire parvenir les documents avant vendredi pour que je puisse continuer ? "
        "Merci beaucoup et à bientôt avec vous à Lisbonne.",
        encoding="utf-8",
    )
    found = shell.json("check", "--to", "new@person.example", path)
    assert (found["ask"], found["warnings"], found["easier"]) == (None, [], [])
    assert "There are no rules for its language (fr)" in shell.err
    shell.run("check", "--to", "new@person.example", "--size", 6, path, code=3)


def test_check_counts_each_thing_that_was_asked_at_an_organisation_as_the_digest_does(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "Hi Dana,\n\nCould you send me the map?\n\nCan you lend me your ladder on Sunday?\n\n"
        "Would you introduce me to Petra?\n\nAnn"
    )
    ulla = "ulla@harbour.example"
    more = letter(2, ANN, ulla, "Hi Ulla,\n\nCould you send me the price list?\n\nAnn", day=11)
    shell = told(capsys, tmp_path, monkeypatch, [letter(1, ANN, DANA, text, day=10), more])
    since = shell.at - timedelta(days=7)
    with shell.store() as store:
        asked = [address for address, _ in store.ledgers.asked_since(since, shell.at)]
    assert asked.count(DANA) > 1
    draft = tmp_path / "draft.txt"
    draft.write_text(EASY, encoding="utf-8")
    said = shell.run("check", "--to", ulla, draft, code=3)
    assert len(asked) == ORGANISATION - 1
    assert "at harbour.example" in said
