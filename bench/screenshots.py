"""Pictures for docs/: the digest in light, dark and on a phone, and a calendar with reminders, made from the demo.

    python bench/screenshots.py [--out docs/images]

Needs Chromium (apt-get install chromium). The pages are what would be mailed on one of the demo's last mornings; the
calendar is drawn here, from the meetings of one of its weeks and the very events a calendar program would get in it.
"""

from __future__ import annotations

import argparse
import html
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from recipflow import config  # noqa: E402
from recipflow.demo import unpack  # noqa: E402
from recipflow.model import Meeting, NormName  # noqa: E402
from tests.daemon.simulation import Computer, Provider, from_files  # noqa: E402

MORNING = datetime(2026, 10, 29, 7, 5, tzinfo=UTC)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MONDAY = datetime(2025, 11, 17, 6, tzinfo=UTC)
"""A week with some reminders and meetings in it."""
ZONE = ZoneInfo("Europe/Lisbon")
DESK, PHONE = (760, 1240), (390, 1500)


def main() -> None:
    out = _out()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        digest, calendar = place / "digest.html", place / "calendar.html"
        digest.write_text(_digest(place), encoding="utf-8")
        calendar.write_text(_calendar(place), encoding="utf-8")
        _shoot(digest, out / "digest-light.png", DESK)
        _shoot(digest, out / "digest-dark.png", DESK, dark=True)
        _shoot(digest, out / "digest-phone.png", PHONE)
        _shoot(calendar, out / "calendar.png", (980, 330))


def _digest(place: Path) -> str:
    """The last one that was mailed up to the morning, as HTML."""
    computer = _computer(place / "digest", MORNING - timedelta(days=3))
    computer.work()
    computer.now = MORNING
    computer.work()
    _, letter = computer.provider.mailbox.letters[-1]
    return letter.html


def _computer(place: Path, start: datetime) -> Computer:
    place.mkdir()
    files = unpack(place)
    me, people = config.people_from_json(files.people, NormName.NEUTRAL)
    assert me
    provider = Provider(items=from_files([files.mail, files.calendar], MORNING + timedelta(days=60)))
    contacts = [
        {
            "addresses": list(one.addresses),
            "name": one.name,
            **({"profile": one.profile.value} if one.profile else {}),
        }
        for one in people
    ]
    settings = {
        "me.addresses": list(me.addresses),
        "me.name": me.name,
        "me.tz": me.tz,
        "contacts": contacts,
        "reminders.via": "box",
        "digest.detail": "quotes",
    }
    return Computer(place / "home", provider, start, settings)


def _calendar(place: Path) -> str:
    """A week, as any calendar program shows it: meetings in grey, reminders in green."""
    computer = _computer(place / "calendar", MONDAY)
    computer.until(MONDAY + timedelta(days=4), timedelta(hours=12))
    ours = [(one.starts, one.title, "ours") for one in computer.provider.events.events.values()]
    meetings = [one for _, one in computer.provider.items if isinstance(one, Meeting)]
    others = [(one.starts, one.summary, "") for one in meetings if not (one.all_day or one.cancelled)]
    days = [MONDAY.date() + timedelta(days=number) for number in range(5)]
    return _WEEK.format(cells="".join(_day(day, [*ours, *others]) for day in days))


def _day(day: date, events: list[tuple[datetime, str, str]]) -> str:
    that = sorted({one for one in events if one[0].astimezone(ZONE).date() == day})
    rows = "".join(
        f'<li class="{kind}"><b>{starts.astimezone(ZONE):%H:%M}</b> {html.escape(title)}</li>'
        for starts, title, kind in that
    )
    return f"<td><h2>{day:%a %d %b}</h2><ul>{rows}</ul></td>"


_WEEK = """<!doctype html><meta charset="utf-8"><style>
body {{ font: 14px system-ui, sans-serif; margin: 24px; background: #fff; color: #22261f }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed }}
td {{ border: 1px solid #d9d6cc; height: 190px; vertical-align: top; padding: 8px }}
h2 {{ font-size: 13px; margin: 0 0 8px; color: #565c50 }} ul {{ list-style: none; margin: 0; padding: 0 }}
li {{ background: #f1efe8; border-left: 4px solid #b8b4a6; border-radius: 4px; padding: 4px 6px; margin: 0 0 6px }}
li.ours {{ background: #e4f0e9; border-color: #2c5e46 }}
</style><table><tr>{cells}</tr></table>"""


def _shoot(page: Path, picture: Path, size: tuple[int, int], *, dark: bool = False) -> None:
    assert CHROMIUM, "Chromium is needed: apt-get install chromium"
    flags = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
    ]
    flags += (
        ["--blink-settings=preferredColorScheme=0"] if dark else ["--blink-settings=preferredColorScheme=1"]
    )
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                CHROMIUM,
                *flags,
                f"--user-data-dir={profile}",
                f"--window-size={size[0]},{size[1]}",
                f"--screenshot={picture}",
                page.as_uri(),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
            env=os.environ | {"HOME": profile},
        )
    print(picture)


def _out() -> Path:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    return Path(parser.parse_args().out)


if __name__ == "__main__":
    main()
