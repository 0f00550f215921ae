"""Pictures for docs/: the digest in light, dark and on a phone, and a calendar with reminders, made from the demo.

    python bench/screenshots.py [--out docs/images]

Needs Chromium (apt-get install chromium). The pages are what would be mailed and written on the demo's last morning;
the calendar is drawn here from the very events a calendar program would get.
"""

from __future__ import annotations

import argparse
import html
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from recipflow import config  # noqa: E402
from recipflow.daily import morning  # noqa: E402
from recipflow.demo import unpack  # noqa: E402
from recipflow.model import NormName  # noqa: E402
from recipflow.testing.memory import MemoryEvents  # noqa: E402
from tests.daemon.simulation import Computer, Provider, from_files  # noqa: E402

MORNING = datetime(2026, 10, 29, 7, 5, tzinfo=UTC)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DESK, PHONE = (760, 1240), (390, 1500)


def main() -> None:
    out = _out()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        page, events = _pages(Path(place))
        digest, calendar = Path(place) / "digest.html", Path(place) / "calendar.html"
        digest.write_text(page, encoding="utf-8")
        calendar.write_text(_calendar(events), encoding="utf-8")
        _shoot(digest, out / "digest-light.png", DESK)
        _shoot(digest, out / "digest-dark.png", DESK, dark=True)
        _shoot(digest, out / "digest-phone.png", PHONE)
        _shoot(calendar, out / "calendar.png", (900, 520))


def _pages(place: Path) -> tuple[str, MemoryEvents]:
    """The digest of the morning as HTML, and the events that stand then."""
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
    computer = Computer(place / "home", provider, MORNING - timedelta(days=1), settings)
    computer.work()
    computer.now = MORNING
    computer.work()
    with computer.session() as session:
        made = morning.prepare(session, MORNING)
        tokens = {nudge.key: "a" * 16 for nudge in made.chosen.nudges}
        return morning.letter(session, made, tokens).html, provider.events


def _calendar(events: MemoryEvents) -> str:
    """A week, as any calendar program shows it."""
    ahead = (MORNING.date() + timedelta(days=number) for number in range(9))
    days = [day for day in ahead if day.weekday() < 5][:5]
    cells = []
    for day in days:
        that = sorted(
            (one for one in events.events.values() if one.starts.date() == day), key=lambda one: one.starts
        )
        rows = "".join(f"<li><b>{one.starts:%H:%M}</b> {html.escape(one.title)}</li>" for one in that)
        cells.append(f"<td><h2>{day:%a %d %b}</h2><ul>{rows}</ul></td>")
    return _WEEK.format(cells="".join(cells))


_WEEK = """<!doctype html><meta charset="utf-8"><style>
body {{ font: 14px system-ui, sans-serif; margin: 24px; background: #fff; color: #22261f }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed }}
td {{ border: 1px solid #d9d6cc; height: 420px; vertical-align: top; padding: 8px }}
h2 {{ font-size: 13px; margin: 0 0 8px; color: #565c50 }} ul {{ list-style: none; margin: 0; padding: 0 }}
li {{ background: #e4f0e9; border-left: 4px solid #2c5e46; border-radius: 4px; padding: 4px 6px; margin: 0 0 6px }}
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
