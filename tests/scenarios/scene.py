"""A small life in mail: a folder of .eml files, read by the program as it is installed, on a day of the scene's choosing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from recipflow import cli, config
from recipflow.cli import daily, options
from recipflow.cli.checking import AGAINST
from tests.cli.running import Shell

ANN = "ann@haven.example"
RUTH = "ruth@mill.example"
START = datetime.fromisoformat("2026-03-02T09:00+00:00")  #: a Monday


class Scene(Shell):
    """What Ann and one or two others write, and what recipflow makes of it. Days count from a Monday."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        super().__init__(capsys)
        self.folder = folder
        self.now = START
        self._count = 0
        (folder / "mail").mkdir()
        self.run("init", "--me", ANN, "--tz", "Europe/London", "--yes")

    def person(self, address: str, **said: Any) -> None:
        """Say something of somebody in config.toml."""
        config.append(self.folder / "home" / "config.toml", "contacts", {"addresses": [address]} | said)

    def mail(
        self,
        sender: str,
        to: str | Iterable[str],
        text: str,
        *,
        day: float,
        answers: str | None = None,
        subject: str = "",
    ) -> str:
        """One mail, as an .eml file; its name, to answer it."""
        self._count += 1
        name = f"{self._count}@scene.example"
        mail = EmailMessage()
        mail["Message-ID"] = f"<{name}>"
        mail["Date"] = format_datetime(START + timedelta(days=day, minutes=self._count))
        mail["From"] = _named(sender)
        mail["To"] = _named(to) if isinstance(to, str) else ", ".join(map(_named, to))
        mail["Subject"] = subject or f"Note {self._count}"
        if answers:
            mail["In-Reply-To"] = mail["References"] = f"<{answers}>"
        mail.set_content(text)
        (self.folder / "mail" / f"{self._count:03}.eml").write_bytes(mail.as_bytes())
        return name

    def meeting(self, other: str, *, day: float, title: str = "Coffee") -> None:
        """An hour in the calendar that both accepted; Ann asked for it."""
        at = START + timedelta(days=day)
        known = START - timedelta(days=30)
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//scene//EN",
            "BEGIN:VEVENT",
            f"UID:{day}@scene.example",
            f"DTSTAMP:{known:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{at:%Y%m%dT%H%M%SZ}",
            f"DTEND:{at + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{title}",
            f"ORGANIZER:mailto:{ANN}",
            f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{other}",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
        (self.folder / "mail" / f"meeting-{day}.ics").write_text(
            "\r\n".join(lines), encoding="utf-8", newline=""
        )

    def draft(self, text: str) -> Path:
        path = self.folder / "draft.txt"
        path.write_text(text, encoding="utf-8")
        return path

    def on(self, day: float) -> Scene:
        """It is that day, and the mail is read up to then."""
        self.now = START + timedelta(days=day)
        if not (self.folder / "connected").exists():
            self.run("connect", "files", self.folder / "mail", "--yes")
            (self.folder / "connected").touch()
        self.run("sync")
        return self

    def says(self, contact: str) -> dict[str, str]:
        """All that stands about somebody, by kind, in words."""
        return {
            one["kind"]: one["because"]
            for one in self.json("today")["nudges"]
            if contact in one["contact"]["addresses"]
        }

    def step(self, contact: str) -> tuple[str | None, str]:
        """The step of the loop, and why."""
        (one,) = self.json("loop", contact)["loop"]
        return one["step"], one["because"]

    def patterns(self, contact: str) -> set[str]:
        (one,) = self.json("loop", contact)["loop"]
        return {pattern["name"] for pattern in one["patterns"]}

    def against(self, contact: str, *words: object) -> dict[str, str]:
        """What stands against a draft, by name, in words."""
        with pytest.raises(SystemExit) as stopped:
            cli.main(["check", "--to", contact, *map(str, words), "--json"])
        out, err = self._capsys.readouterr()
        assert stopped.value.code in (0, AGAINST), err
        found: list[dict[str, str]] = json.loads(out)["warnings"]
        assert bool(found) is (stopped.value.code == AGAINST)
        return {one["name"]: one["because"] for one in found}


def scene(capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """An empty stage; its clock is the scene's."""
    monkeypatch.setenv("RECIPFLOW_HOME", str(folder / "home"))
    stage: dict[str, Scene] = {}

    def present() -> datetime:
        return stage["it"].now if stage else START

    def instant(text: str | None, zone: tzinfo | None = None) -> datetime:
        return options.instant(text, zone) if text else present()

    monkeypatch.setattr("recipflow.session.now", present)
    monkeypatch.setattr(daily, "instant", instant)
    stage["it"] = Scene(capsys, folder)
    return stage["it"]


def _named(address: str) -> str:
    first = address.partition("@")[0].split(".")[0].capitalize()
    return f"{first} {address.partition('@')[2].split('.')[0].capitalize()} <{address}>"
