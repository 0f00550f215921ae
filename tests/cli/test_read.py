"""`recipflow read`: what the rules see, message by message, as they come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recipflow.demo import unpack
from tests.cli.running import Shell
from tests.letters import ANN, DANA, KWAME, calendar, correspondence, letter, mailbox

ACT = {
    "contact", "by", "act", "kind", "routine", "notable", "size", "counts", "quote", "rule", "confidence",
    "notable_confidence", "large_confidence",
}  # fmt: skip


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "home"))
    return Shell(capsys)


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return mailbox(tmp_path / "mail.mbox", correspondence())


def test_every_message_and_meeting_is_a_line(shell: Shell, mail: Path, tmp_path: Path) -> None:
    lines = shell.lines("read", mail, calendar(tmp_path / "c.ics"), "--me", ANN)
    assert [line.get("message_id") or line.get("uid") for line in lines] == [
        *(f"{number}@letters.example" for number in range(1, 7)),
        "lunch@letters.example",
    ]
    for line in lines:
        keys = set(line) - {"message_id", "uid"}
        assert keys == {"date", "machine", "language", "new_text", "acts"}
    assert shell.err == ""


def test_an_act_says_who_did_what_to_whom_and_on_which_words(shell: Shell, mail: Path) -> None:
    lines = shell.lines("read", mail, "--me", ANN)
    assert (lines[1]["date"], lines[1]["language"]) == ("2026-03-04T09:02:00+00:00", "en")
    give = lines[1]["acts"][0]
    assert set(give) == ACT
    assert (give["contact"], give["by"], give["act"], give["notable"]) == (DANA, "them", "give", True)
    assert give["quote"].startswith("I spent the whole weekend")
    assert 0.5 <= give["confidence"] <= 1
    promise = next(act for act in lines[2]["acts"] if act["act"] == "promise")
    assert (promise["contact"], promise["by"]) == (KWAME, "me")


def test_machines_do_nothing_and_unread_languages_are_named(shell: Shell, mail: Path) -> None:
    lines = shell.lines("read", mail, "--me", ANN)
    assert (lines[4]["machine"], lines[4]["acts"]) == ("newsletter", [])
    assert (lines[5]["machine"], lines[5]["language"], lines[5]["acts"]) == (None, "it", [])


def test_thanks_have_no_size(shell: Shell, tmp_path: Path) -> None:
    thanks = letter(1, DANA, ANN, "Thank you so much for the notes, they helped me a lot.", answers=9)
    (line,) = shell.lines("read", mailbox(tmp_path / "t.mbox", [thanks]), "--me", ANN)
    act = next(act for act in line["acts"] if act["act"] == "thanks")
    assert (act["kind"], act["size"]) == (None, None)


def test_one_act_is_written_for_each_person_it_concerns(shell: Shell, tmp_path: Path) -> None:
    ask = letter(1, ANN, DANA, "Could you send me the plan by Friday?", To=f"{DANA}, {KWAME}")
    (line,) = shell.lines("read", mailbox(tmp_path / "t.mbox", [ask]), "--me", ANN)
    assert {act["contact"] for act in line["acts"] if act["act"] == "ask"} == {DANA, KWAME}


def test_a_contact_goes_by_the_primary_address_of_the_people_file(
    shell: Shell, mail: Path, tmp_path: Path
) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps([{"addresses": ["dana@home.example", DANA]}]))
    lines = shell.lines("read", mail, "--me", ANN, "--people", people)
    assert {act["contact"] for act in lines[1]["acts"]} == {"dana@home.example"}


def test_without_an_address_the_user_is_guessed_and_told(shell: Shell, mail: Path) -> None:
    given, guessed = shell.lines("read", mail, "--me", ANN), shell.lines("read", mail)
    assert given == guessed
    assert f"Taken for you: {ANN}." in shell.err


def test_what_is_set_aside_is_told_as_it_comes_and_counted_at_the_end(
    shell: Shell, mail: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.4 hello")
    shell.lines("read", tmp_path, "--me", ANN)
    assert "notes.pdf: a PDF, not mail" in shell.err
    assert shell.err.endswith("1 set aside, and not read.\n")


def test_drafts_are_not_acts(shell: Shell, tmp_path: Path) -> None:
    draft = letter(1, ANN, DANA, "Could you send me the plan?", X_Gmail_Labels="Drafts")
    lines = shell.lines("read", mailbox(tmp_path / "t.mbox", [draft]), "--me", ANN)
    assert all(line["acts"] == [] for line in lines)


def test_people_read_sentences(shell: Shell, mail: Path) -> None:
    shown = shell.run("read", mail, "--me", ANN)
    assert "2026-03-04 09:02 Dana Ruiz: Letter 2 give · help · notable, by dana@harbour.example" in shown
    assert "in 5 messages of people and 0 meetings; of machines: 1 message." in shown


def test_the_users_own_rules_are_read_by(shell: Shell, mail: Path, tmp_path: Path) -> None:
    rules = tmp_path / "home" / "rules"
    rules.mkdir(parents=True)
    (rules / "broken.toml").write_text("[[rule]\n")
    shell.run("read", mail, "--me", ANN, code=1)
    assert "broken.toml" in shell.err


def test_the_demo_mailbox_is_read_whole(shell: Shell, tmp_path: Path) -> None:
    demo = unpack(tmp_path)
    lines = shell.lines("read", demo.mail, "--me", "noor@haddad.example", "--me", "noor.haddad@gmail.com")
    assert len(lines) == 660
    assert sum(line["machine"] is not None for line in lines) > 100
    assert not any(line["acts"] for line in lines if line["machine"])
    assert {"en", "pt", "de", "es"} <= {line["language"] for line in lines}
