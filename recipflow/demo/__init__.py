"""The built-in mailbox: thirteen months of a designer in Lisbon, every person and message invented."""

from __future__ import annotations

import lzma
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

MORNING = datetime(2026, 10, 19, 8, tzinfo=UTC)
"""A morning late in the year on which there is something to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFiles:
    """The mailbox as files, like anybody's."""

    mail: Path
    calendar: Path
    people: Path


def unpack(into: Path) -> DemoFiles:
    """Write the mailbox into the existing folder `into`."""
    packed = files(__name__)
    unpacked = DemoFiles(mail=into / "mail.mbox", calendar=into / "calendar.ics", people=into / "people.json")
    with (
        packed.joinpath("mail.mbox.xz").open("rb") as small,
        lzma.open(small) as mail,
        unpacked.mail.open("wb") as out,
    ):
        shutil.copyfileobj(mail, out)
    for path in (unpacked.calendar, unpacked.people):
        path.write_bytes(packed.joinpath(path.name).read_bytes())
    return unpacked
