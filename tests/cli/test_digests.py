"""`recipflow digest` and `catch-up`: the mail looked at, sent when the user asks, and what is too old for it."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from recipflow import config
from recipflow.daily import margins
from recipflow.home import find
from recipflow.session import Session
from recipflow.store import DeliveryForm, DeliveryState
from recipflow.store.moving import SENT_HERE
from tests.cli.running import Shell
from tests.cli.told import Told, told
from tests.letters import ANN, DANA, INES, KWAME, correspondence, letter, mailbox


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    return told(capsys, tmp_path, monkeypatch, correspondence())


@pytest.fixture
def page(shell: Told) -> Path:
    """Where the digest goes."""
    page = shell.home.parent / "digest.html"
    config.change(shell.home / "config.toml", {"digest.via": f"file:{page}", "digest.detail": "quotes"})
    return page


def test_it_is_sent_once_a_day_when_the_user_asks(shell: Told, page: Path) -> None:
    assert shell.run("digest", "--send-now") == "Sent."
    assert "Dana Ruiz helped you on 4\N{NO-BREAK SPACE}March" in page.read_text(encoding="utf-8")
    shell.run("digest", "--send-now", code=1)
    assert shell.err == "Today's digest was sent already; the next one comes tomorrow.\n"


@pytest.fixture
def reminded(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Ann may ask Inês something, and has reminders enclosed in the digest."""
    gave = "I went through your whole plan on Sunday and wrote six pages of notes for you, attached."
    mails = [
        *correspondence(),
        letter(40, ANN, INES, f"Hi Inês,\n\n{gave}\n\nAnn", day=4),
        letter(41, INES, ANN, "Thank you so much Ann, this helps me a lot!", day=5, answers=40),
    ]
    shell = told(capsys, tmp_path, monkeypatch, mails)
    file = shell.home / "config.toml"
    config.change(file, {"digest.via": f"maildir:{tmp_path / 'Mail'}", "reminders.via": "digest"})
    config.append(file, "contacts", {"addresses": [INES], "watched": True, "profile": "business"})
    return shell


def test_sent_by_hand_it_brings_the_reminders_along_where_that_is_their_way(
    reminded: Told, tmp_path: Path
) -> None:
    config.change(reminded.home / "config.toml", {"reminders.alarm": 10})
    assert reminded.run("digest", "--send-now") == "Sent."
    (mail,) = [one for one in (tmp_path / "Mail").rglob("*") if one.is_file()]
    (enclosed,) = [one for one in message_from_bytes(mail.read_bytes()).walk() if one.get_filename()]
    assert enclosed.get_filename() == "reminders.ics"
    assert "TRIGGER:-PT10M" in str(enclosed.get_payload(decode=True))


def test_events_are_taken_out_after_reminders_were_turned_off(reminded: Told) -> None:
    reminded.run("digest", "--send-now")
    there = reminded.run("calendar", "list")
    assert "Inês Loja (note to self)" in there
    assert "it is not seen what you do with an event" in there
    config.change(reminded.home / "config.toml", {"reminders.via": ""})
    said = reminded.run("calendar", "clean", "--yes")
    assert said == "1 event is removed, and nothing of yours."
    reminded.run("calendar", "list", code=1)
    assert "there are no events of ours" in " ".join(reminded.err.split())


def test_events_that_are_taken_out_while_reminders_are_on_are_said_to_come_back(reminded: Told) -> None:
    reminded.run("digest", "--send-now")
    assert 'They come back unless you set via = ""' in reminded.run("calendar", "clean", "--yes")


def test_what_was_said_before_is_not_mailed_again_by_itself_but_when_the_user_asks(
    shell: Told, page: Path
) -> None:
    shell.run("digest", "--send-now")
    shell.at += timedelta(days=1)
    preview = shell.run("digest")
    assert "Dana Ruiz helped you on 4 March" in preview
    assert preview.endswith(
        "None of it is new: it comes with the next news, on 23 March at the latest, so no mail would be sent."
    )
    assert shell.run("digest", "--send-now") == "Sent."


def test_a_look_at_today_takes_nothing_from_the_first_mail_of_all(shell: Told, page: Path) -> None:
    assert "Dana Ruiz helped you on 4 March" in shell.run("today")
    preview = shell.run("digest")
    assert "Dana Ruiz helped you on 4 March" in preview
    assert "no mail would be sent" not in preview
    shell.run("digest", "--send-now")
    shell.at += timedelta(days=1)
    assert "None of it is new" in shell.run("digest")


def test_a_day_on_which_nothing_was_worth_a_mail_can_still_be_asked_for(shell: Told, page: Path) -> None:
    from recipflow.daily import morning
    from recipflow.home import find
    from recipflow.session import Session

    shell.run("digest", "--send-now")
    shell.at += timedelta(days=1)
    page.unlink()
    with Session.open(find({"RECIPFLOW_HOME": str(shell.home)})) as session:
        made = morning.stage(session, shell.at, lambda _: 0)
        assert made is not None
        assert made.state.value == "nothing"
    assert shell.run("digest", "--send-now") == "Sent."
    assert page.exists()


def test_a_quiet_day_is_said_to_be_one(shell: Told, page: Path) -> None:
    shell.run("digest", "--send-now")
    shell.at += timedelta(days=5)  # Saturday
    assert "Today is a quiet day, and what stands can wait, so no mail would be sent." in shell.run("digest")


def test_without_anybody_to_take_it_the_way_out_and_the_file_are_named(shell: Told) -> None:
    shell.run("digest", "--send-now", code=1)
    assert "file:PATH or maildir:PATH" in shell.err
    assert f"config.toml lies here: {shell.home / 'config.toml'}" in shell.err


def test_where_nothing_stands_no_answer_is_offered(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "home"))
    empty = Shell(capsys)
    empty.run("init", "--me", ANN, "--yes")
    shown = empty.run("digest")
    assert "There is nothing to say today, so no mail would be sent." in shown
    assert "To answer" not in shown
    assert "Read 0 of 0" not in shown


def test_what_is_too_old_is_put_away_at_once_and_taken_back(shell: Told) -> None:
    shell.at += timedelta(days=80)
    shown = shell.run("catch-up")
    assert shown.startswith("Older things, ")
    assert "catch-up --dismiss" in shown
    shell.run("catch-up", "--dismiss")
    assert "put away. Take it back: recipflow undo" in " ".join(shell.out.split())
    assert shell.run("catch-up", "--dismiss") == "Nothing older waits, so nothing was put away."
    assert "Nothing older waits." in shell.run("catch-up")
    assert "--dismiss" not in shell.out
    shell.run("undo")
    assert shell.run("catch-up") == shown


def test_what_was_sent_by_hand_was_sent_by_this_computer(shell: Told, page: Path) -> None:
    shell.run("digest", "--send-now")
    with shell.store() as store:
        sent = store.deliveries.last(DeliveryForm.LETTER, DeliveryState.DELIVERED)
        assert sent
        assert store.noted(SENT_HERE) == sent.key


def test_what_is_too_old_comes_in_the_digest_of_the_day_it_was_put_off_to(shell: Told, page: Path) -> None:
    shell.at += timedelta(days=80)
    thank = shell.key("thank", DANA)
    assert thank not in shell.run("digest")
    shell.run("snooze", thank, "--days", "3")
    shell.at += timedelta(days=2)
    assert thank not in shell.run("digest")
    shell.at += timedelta(days=1)
    assert thank in shell.run("digest")
    assert shell.run("digest", "--send-now") == "Sent."
    shell.at += timedelta(days=1)
    assert thank not in shell.run("digest")


def test_a_page_that_cannot_be_written_is_told(shell: Told, page: Path) -> None:
    shell.run("digest", "--html", shell.home / "page.html")
    shell.run("today", "--html", shell.home / "today.html")
    assert all((shell.home / name).stat().st_mode & 0o077 == 0 for name in ("page.html", "today.html"))
    shell.run("digest", "--html", "/no/such/place/digest.html", code=1)
    assert shell.err == "/no/such/place/digest.html: cannot be written: No such file or directory\n"


def test_sync_takes_in_what_the_user_wrote_to_themselves(shell: Told, page: Path) -> None:
    shell.run("digest", "--send-now")
    done = re.search(r"recipflow%20done%20([0-9a-f]{8})%20([a-z2-7]{16})", page.read_text(encoding="utf-8"))
    assert done
    said, note = (
        letter(60, ANN, ANN, "Send this mail as it is.", day=14),
        letter(61, ANN, ANN, "Kwame helped me 1h", day=14),
    )
    said.replace_header("Subject", f"recipflow done {done[1]} {done[2]}")
    mailbox(shell.mbox, [said, note], "ab")
    shell.at += timedelta(hours=2)
    shell.run("sync")
    assert done[1] not in {key for key, _, _ in shell.standing()}
    shell.run("sync")
    helped = [act for act in shell.ledger(KWAME)["ledger"] if act.get("size") == 4.0]
    assert len(helped) == 1


@pytest.mark.parametrize(
    ("older", "said"),
    [(1, "One older thing waits on a page of its own"), (2, "2 older things wait on one page")],
)
def test_what_is_older_is_offered_in_words_for_one_and_for_several(
    shell: Told, older: int, said: str
) -> None:
    with Session.open(find(os.environ)) as session:
        assert f"{said}, to look at once or not at all: recipflow catch-up" in margins.notes(
            session, shell.at.date(), older
        )


def test_it_goes_to_the_address_of_the_account_that_takes_it_and_so_do_the_answers(
    shell: Told, tmp_path: Path
) -> None:
    file, at_home = shell.home / "config.toml", "ann@home.example"
    server = {
        "name": "sending",
        "connector": "smtp",
        "vault": "smtp:ann",
        "address": at_home,
        "host": "127.0.0.1",
    }
    config.append(file, "accounts", server)
    config.change(file, {"me.addresses": [ANN, at_home], "digest.via": "sending"})
    said = shell.run("digest", "--preview", "--html", tmp_path / "page.html")
    assert "only in one that was sent do Done, Snooze, Wrong and Never count" in said
    assert f'href="mailto:{at_home}?' in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "is not known to be yours" not in shell.run("doctor", code=1)
    config.change(file, {"digest.to": "office@haven.example"})
    assert "recipflow init --me office@haven.example" in shell.run("doctor", code=1)
