"""A home that has read its mail, at a morning of the test's choosing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from recipflow.cli import daily, options
from recipflow.store import Store
from tests.cli.running import Shell
from tests.letters import ANN, MORNING, mailbox


class Told(Shell):
    """A shell after init, connect and sync; `at` is the present."""

    def __init__(self, capsys: pytest.CaptureFixture[str], home: Path, mails: Iterable[EmailMessage]) -> None:
        super().__init__(capsys)
        self.home = home
        self.mbox = home.parent / "mail.mbox"
        self.at = datetime.fromisoformat(MORNING)
        mailbox(self.mbox, mails)
        self.run("init", "--me", ANN, "--tz", "Europe/Lisbon", "--yes")
        self.run("connect", "files", self.mbox, "--yes")
        self.run("sync")

    def key(self, kind: str, contact: str) -> str:
        """The key of the advice of that kind about that contact; it must stand."""
        return next(key for key, found, who in self.standing() if (found, who) == (kind, contact))

    def standing(self) -> list[tuple[str, str, str]]:
        """Key, kind and contact of all that stands and is shown."""
        return [
            (one["key"], one["kind"], one["contact"]["addresses"][0])
            for one in self.json("today")["nudges"]
            if one["shown"]
        ]

    def kinds(self, contact: str) -> set[str]:
        return {kind for _, kind, who in self.standing() if who == contact}

    def ledger(self, contact: str) -> Any:
        return self.json("show", contact, "--numbers")

    def store(self) -> Store:
        return Store(self.home / "recipflow.db")


def told(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mails: Iterable[EmailMessage],
) -> Told:
    """A home in `tmp_path`, its clock in the hands of the test."""
    home = tmp_path / "home"
    monkeypatch.setenv("RECIPFLOW_HOME", str(home))
    clock: dict[str, Told] = {}
    begun = datetime.fromisoformat(MORNING)

    def present() -> datetime:
        return clock["told"].at if clock else begun

    def instant(text: str | None, zone: tzinfo | None = None) -> datetime:
        return options.instant(text, zone) if text else present()

    monkeypatch.setattr("recipflow.session.now", present)
    monkeypatch.setattr(daily, "instant", instant)
    clock["told"] = Told(capsys, home, mails)
    return clock["told"]
