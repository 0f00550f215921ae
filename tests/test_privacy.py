"""Private people leave no trace, guarded ones no window, logs no words of the mail, and no mail forges a page."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import product
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from recipflow import backups, config
from recipflow.cli import daily, options
from recipflow.daemon import logs
from recipflow.daemon.engine import Engine
from recipflow.home import Home, find
from tests.cli.running import Shell
from tests.letters import ANN, DANA, INES, KWAME, MORNING, calendar, correspondence, letter, mailbox

TODAY = datetime.fromisoformat(MORNING)
SECRETS = (
    DANA,
    "Dana Ruiz",
    "Umbrella garden",
    "letters.example>secret",
    "harbour.example",
    "the whole weekend",
)
WINDOWS = {"ask_now", "ask_soon", "stale"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(
        daily, "instant", lambda text, zone=None: options.instant(text, zone) if text else TODAY
    )
    monkeypatch.setattr("recipflow.session.now", lambda: TODAY)
    return tmp_path / "home"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], home: Path) -> Shell:
    shell = Shell(capsys)
    shell.run("init", "--me", ANN, "--tz", "Europe/Lisbon", "--yes")
    return shell


def secretive() -> list[EmailMessage]:
    """Dana writes with Ann, is copied and named by Kwame, and answered by him."""
    secret, about = "<17@harbour.example>", "Umbrella garden"
    return [
        *correspondence(),
        letter(
            17,
            DANA,
            ANN,
            "Could you water the umbrella plants? I spent the whole weekend on it.",
            day=5,
            Message_ID=secret,
            Subject=about,
        ),
        letter(
            18,
            ANN,
            DANA,
            "Of course, Dana Ruiz!",
            day=6,
            In_Reply_To=secret,
            Subject=about,
        ),
        letter(19, KWAME, ANN, "Good idea.", day=7, Cc=f"Dana Ruiz <{DANA}>", Subject="Paint"),
        letter(
            20,
            KWAME,
            ANN,
            "I agree with you both.",
            day=8,
            Subject="Paint",
            In_Reply_To=secret,
            References=f"<1@letters.example> {secret}",
        ),
        letter(
            21,
            KWAME,
            ANN,
            f"Ask Dana Ruiz at {DANA.upper()} about the colour, she knows.",
            day=8,
            Subject="Colour",
        ),
        letter(22, INES, ANN, "Hello", day=9, Reply_To=DANA, Sender=DANA, Subject="Hello"),
    ]


def tagged(home: Path, *tags: str, address: str = DANA, **more: str) -> None:
    config.append(home / "config.toml", "contacts", {"addresses": [address], "tags": list(tags)} | more)


def on_disk(home: Path) -> bytes:
    """Every byte recipflow keeps, but what the user wrote into config.toml."""
    return b"\n".join(
        one.read_bytes() for one in sorted(home.rglob("*")) if one.is_file() and one.name != "config.toml"
    )


def traces(home: Path) -> list[str]:
    kept = on_disk(home).lower()
    assert KWAME.encode() in kept
    return [word for word in SECRETS if word.lower().encode() in kept]


def test_of_a_private_person_nothing_is_on_the_disk_after_a_sync(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    tagged(home, "private", name="Dana Ruiz")
    meetings = calendar(tmp_path / "meetings.ics")
    meetings.write_bytes(
        meetings.read_bytes().replace(
            b"END:VEVENT", f"ATTENDEE;CN=Dana Ruiz:mailto:{DANA}\r\nEND:VEVENT".encode()
        )
    )
    shell.run("connect", "files", mailbox(tmp_path / "mail.mbox", secretive()), meetings, "--yes")
    shell.run("sync")
    assert "Dana" not in shell.run("today", "--all")
    assert "Dana" not in shell.run("contacts")
    shell.run("export")
    assert [word for word in SECRETS if word.lower() in shell.out.lower()] == []
    assert traces(home) == []


def test_of_a_private_person_nothing_is_in_digests_events_logs_and_copies_either(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    tagged(home, "private", name="Dana Ruiz")
    ways = {
        "digest.via": f"maildir:{home / 'digests'}",
        "reminders.via": f"file:{home / 'events.ics'}",
        "notices.enabled": True,
    }
    config.change(home / "config.toml", ways)
    config.append(home / "config.toml", "contacts", {"addresses": [KWAME], "watched": True})
    mails = [*secretive(), *warm(KWAME, 50)]
    unreadable = letter(23, DANA, ANN, "When?", Subject="Umbrella garden")
    del unreadable["Date"]
    # What answers a secret letter comes before it, and again after it.
    box = mailbox(tmp_path / "mail.mbox", [mail for mail in mails if mail["Cc"] or mail["References"]])
    shell.run("connect", "files", box, "--yes")
    shell.run("sync")
    mailbox(box, [*mails, unreadable], "ab")
    shown = _some_days(find({"RECIPFLOW_HOME": str(home)}))
    shell.run("sync", "--again")
    backups.daily(home / "recipflow.db", TODAY.date(), keep=3)
    kept = {one.relative_to(home).parts[0] for one in home.rglob("*") if one.is_file()}
    assert {"digests", "events.ics", "recipflow.log", "recipflow.db.daily-2026-03-16"} <= kept, kept
    assert traces(home) == []
    assert [word for word in SECRETS if word.lower() in str(shown).lower()] == []


def _some_days(home: Home) -> list[object]:
    """All that the daemon does by itself on some mornings, with its log; the notices it showed."""
    logs.start(home.logs, debug=False, terminal=False)
    shown: list[object] = []
    for day, hour in product((-12, -8, -4, -1, 0, 4), range(3)):
        at = TODAY + timedelta(days=day, hours=hour)
        engine = Engine(home, clock=lambda at=at: at, show=lambda *said: shown.append(said))  # type: ignore[misc]
        for name in engine.accounts():
            engine.pull(name)
        engine.advise()
        engine.remind()
        engine.digest()
        engine.deliver()
    return shown


def test_who_becomes_private_and_never_wrote_is_blotted_out_of_what_was_said_and_written_before(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    about = letter(21, KWAME, ANN, f"Ask Dana Ruiz at {DANA.upper()}, she knows.", day=8)
    mails = [letter(20, ANN, KWAME, "Who knows about the shop?", day=7), about]
    shell.run("connect", "files", mailbox(tmp_path / "mail.mbox", mails), "--yes")
    shell.run("sync")
    shell.run("contacts", "add", DANA, "--name", "Dana Ruiz")
    shell.run("log", "give", DANA, "lunch in the Umbrella garden")
    shell.run("log", "give", KWAME, "lunch with Dana Ruiz")
    assert len(traces(home)) >= 3
    tagged(home, "private", name="Dana Ruiz")
    shell.run("sync")
    assert traces(home) == []


def test_who_becomes_private_later_is_gone_from_the_disk_with_the_next_sync(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    shell.run("connect", "files", mailbox(tmp_path / "mail.mbox", secretive()), "--yes")
    shell.run("sync")
    shell.run("today")
    assert len(traces(home)) >= 4
    tagged(home, "private", name="Dana Ruiz")
    shell.run("sync")
    shell.run("today")
    assert traces(home) == []


def test_what_somebody_who_becomes_private_took_part_in_reads_as_if_they_had_not(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    both = letter(20, ANN, DANA, "Here is the whole plan, with my notes.", day=7, To=f"{DANA}, {KWAME}")
    named = letter(21, KWAME, ANN, "It is here.", day=8, Subject="Dana Ruiz sent the plan")
    alike = letter(22, KWAME, ANN, "And here.", day=9, Subject="sent the plan")
    theirs = calendar(tmp_path / "meetings.ics")
    guests = "".join(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{one}\r\n" for one in (ANN, "bex@harbour.example"))
    theirs.write_text(
        re.sub(
            r"ORGANIZER.*(?=END:VEVENT)",
            f"ORGANIZER:mailto:{DANA}\r\n{guests}",
            theirs.read_text(),
            flags=re.DOTALL,
        )
    )
    mails = mailbox(tmp_path / "mail.mbox", [*correspondence(), both, named, alike])
    shell.run("connect", "files", mails, theirs, "--yes")
    shell.run("sync")
    tagged(home, "private", name="Dana Ruiz")
    shell.run("sync")
    shell.run("rebuild", "--verify")


def warm(who: str = DANA, first: int = 1) -> list[EmailMessage]:
    """Ann gave somebody something one remembers, was thanked, and waited: a window opens."""
    give = (
        "Hi,\n\nI spent the whole of Sunday on your plan and rewrote the two chapters about the shop for you. "
        "Attached is the new version with my notes.\n\nAnn"
    )
    return [
        letter(first, who, ANN, "Hi Ann,\n\nCould you have a look at my plan for the shop?"),
        letter(first + 1, ANN, who, give, day=1, answers=first),
        letter(
            first + 2,
            who,
            ANN,
            "Dear Ann,\n\nThank you so much, that was incredibly kind of you!",
            day=3,
            answers=first + 1,
        ),
    ]


def windows(shell: Shell) -> Iterator[str]:
    """The kinds of window that stand on any day of these weeks, shown or not."""
    for days in range(-12, 40, 2):
        at = (TODAY + timedelta(days=days)).isoformat()
        yield from (
            one["kind"] for one in shell.json("today", "--at", at)["nudges"] if one["kind"] in WINDOWS
        )
    yield from (one["kind"] for one in shell.json("today", "--all")["nudges"] if one["kind"] in WINDOWS)


@pytest.fixture
def warmed(shell: Shell, tmp_path: Path) -> Shell:
    shell.run("connect", "files", mailbox(tmp_path / "mail.mbox", warm()), "--yes")
    return shell


def test_without_a_guard_a_window_opens(warmed: Shell) -> None:
    warmed.run("sync")
    assert set(windows(warmed)) & {"ask_now", "ask_soon"}


@pytest.mark.parametrize("tag", ["never", "dependant"])
def test_the_guarded_have_no_window_anywhere(warmed: Shell, home: Path, tag: str) -> None:
    tagged(home, tag)
    warmed.run("sync")
    assert set(windows(warmed)) <= ({"stale"} if tag == "dependant" else set())


def test_close_people_have_no_window_and_no_numbers(warmed: Shell, home: Path) -> None:
    tagged(home, profile="close")
    warmed.run("sync")
    assert set(windows(warmed)) & {"ask_now", "ask_soon"} == set()
    shown = warmed.run("show", "dana", "--numbers")
    assert not any(word in shown for word in ("goodwill", "readiness", "owed", "pace"))
    found = warmed.json("show", "dana", "--numbers")
    assert not found.get("numbers")
    assert "goodwill" not in str(found).lower()
    for nudge in warmed.json("today", "--all")["nudges"]:
        assert not warmed.json("why", nudge["key"], "--numbers").get("numbers")


def test_logs_name_nobody(shell: Shell, home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = letter(30, DANA, ANN, "x", Subject="Umbrella garden").as_bytes().replace(b"Date:", b"Date: x")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "broken.eml").write_bytes(broken[:200] + b"\xff\x00" + broken[200:])
    with caplog.at_level(logging.INFO):
        mailbox(folder / "mail.mbox", secretive())
        shell.run("connect", "files", folder, "--yes")
        for command in (["sync"], ["today"], ["contacts"], ["rebuild", "--verify"], ["doctor"]):
            shell.run(*command)
    assert "@" not in caplog.text
    assert "Umbrella" not in caplog.text


NAME = "Dana\n\x1b[31mFORGED\x1b[0m \u202ethgir\u202c <script>alert(1)</script>\r\u2028FORGED \x9b2J"


def hostile() -> list[EmailMessage]:
    """As `correspondence`, with every word that is shown turned against the reader."""
    mails = []
    for mail in correspondence():
        raw = (
            mail.as_bytes()
            .replace(b"Dana Ruiz", _encoded(NAME))
            .replace(b"Kwame Asante", _encoded("Kwame" + NAME[4:]))
        )
        raw = raw.replace(b"the two chapters", b"the two <b onclick=x>chapters</b> \x1b]0;FORGED\x07 \x1b[2J")
        raw = raw.replace(b"Letter ", _encoded("<img src=x onerror=y>\nFORGED ") + b" ")
        mails.append(_Raw(raw))
    return mails  # type: ignore[return-value]


class _Raw:
    """A mail as it came."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def as_bytes(self) -> bytes:
        return self._raw


def _encoded(text: str) -> bytes:
    return b"=?utf-8?q?" + b"".join(b"=%02X" % byte for byte in text.encode()) + b"?="


def test_hostile_mail_neither_marks_up_the_page_nor_controls_the_terminal(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    shell.run("connect", "files", mailbox(tmp_path / "mail.mbox", hostile()), "--yes")
    shell.run("sync")
    shell.run("today", "--all", "--html", tmp_path / "today.html")
    told = [shell.out]
    assert "FORGED" in shell.out
    keys = [one["key"] for one in shell.json("today")["nudges"]]
    assert keys
    for command in (["contacts"], ["show", DANA, "--all"], ["why", keys[0]], ["why-not", KWAME], ["doctor"]):
        shell.run(*command)
        told.append(shell.out)
    shell.run("read", tmp_path / "mail.mbox", "--me", ANN)
    told.append(shell.out + shell.err)
    for text in told:
        assert {one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp")} <= {"\n"}
        assert not any(line.startswith("FORGED") for line in text.splitlines())
    page = LexborHTMLParser((tmp_path / "today.html").read_text(encoding="utf-8"))
    assert "FORGED" in page.text()
    assert page.css("script, img, iframe, object, embed, form, [onclick], [onerror], b[onclick], base") == []
    assert not set(page.text()) & set("\x1b\x9b\u202e\u2028\x07")


def test_asking_about_a_private_person_leaves_no_trace_and_nothing_is_planned_with_them(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    tagged(home, "private", name="Dana Ruiz")
    box = mailbox(tmp_path / "mail.mbox", secretive())
    shell.run("connect", "files", box, "--yes")
    shell.run("sync")
    draft = tmp_path / "draft.txt"
    draft.write_text("Could you water the Umbrella garden by Friday? No problem if not.", encoding="utf-8")
    shell.run("check", "--to", DANA, "--size", 1, draft)
    for refused in (
        ("plan", DANA, "--ask", "the Umbrella garden"),
        ("contacts", "add", DANA, "--name", "Dana Ruiz"),
    ):
        shell.run(*refused, code=1)
        assert "is private: nothing about them is kept" in shell.err
    for words in (
        ("loop",),
        ("loop", "--json"),
        ("plan", "list"),
        ("gifts",),
        ("review",),
        ("gifts", "--csv", "-"),
    ):
        shell.run(*words)
        assert not [word for word in SECRETS if word.lower() in shell.out.lower()], words
    assert traces(home) == []


def test_what_was_planned_logged_and_given_goes_when_somebody_becomes_private_or_is_forgotten(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    box = mailbox(tmp_path / "mail.mbox", secretive())
    shell.run("connect", "files", box, "--yes")
    shell.run("sync")
    shell.run("plan", "dana", "--ask", "the Umbrella garden", "--give", "a bottle of wine")
    shell.run("log", "give", "dana", "lunch in the Umbrella garden", "--amount", 80, "EUR")
    shell.run("today")
    assert traces(home)
    tagged(home, "private", name="Dana Ruiz")
    shell.run("sync")
    shell.run("today")
    assert traces(home) == []


def test_of_a_close_friend_no_number_and_no_window_is_shown_anywhere(
    shell: Shell, home: Path, tmp_path: Path
) -> None:
    config.append(home / "config.toml", "contacts", {"addresses": [DANA], "profile": "close"})
    box = mailbox(tmp_path / "mail.mbox", correspondence())
    shell.run("connect", "files", box, "--yes")
    shell.run("sync")
    for words in (
        ("show", "dana", "--numbers"),
        ("why-not", "dana", "--numbers"),
        ("loop", "dana"),
        ("check", "--to", "dana", "--size", 1, "--numbers", "--at", "2026-03-01"),
        ("plan", "dana", "--ask", "a chapter"),
    ):
        said = shell.run(*words)
        assert not [
            one for one in ("goodwill", "owed", "readiness", "window opens", "is fine") if one in said
        ], words
    assert shell.json("loop", "dana")["loop"][0]["number"] in (0, 5)
    nudges = shell.json("today")["nudges"]
    assert not {one["kind"] for one in nudges if DANA in one["contact"]["addresses"]} - {
        "thank",
        "keep_promise",
        "reply_owed",
        "follow_up",
        "awaited",
        "report_back",
        "compliance",
    }


def test_of_a_person_or_a_house_the_user_wants_no_advice_on_nothing_is_advised_by_any_command(
    shell: Shell, tmp_path: Path
) -> None:
    box = mailbox(tmp_path / "mail.mbox", correspondence())
    shell.run("connect", "files", box, "--yes")
    shell.run("sync")
    shell.run("never", "kiosk.example")
    assert KWAME not in str(shell.json("today"))
    assert "You wanted no advice about Kwame Asante." in shell.run("loop", "kwame")
    assert "kwame" not in shell.run("loop").lower()
