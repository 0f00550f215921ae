"""Public holidays, worked out once a year in a process of its own: the library weighs more than all the daemon."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

from recipflow.errors import UserError
from recipflow.store import Store

_SECONDS = 60.0
_PROGRAM = """
import json, sys, holidays
country, _, part = sys.argv[1].partition("-")
known = holidays.country_holidays(country, subdiv=part or None, years=int(sys.argv[2]))
print(json.dumps([day.isoformat() for day in sorted(known)]))
"""


def is_holiday(store: Store, country: str | None, day: date) -> bool:
    """Whether that day is a public holiday there; a UserError where no holidays are known."""
    return country is not None and day.isoformat() in _of_year(store, country, day.year)


def _of_year(store: Store, country: str, year: int) -> list[str]:
    note = f"holidays {country} {year}"
    kept = store.noted(note)
    if kept is None:
        kept = _worked_out(country, year)
        store.note(note, kept)
    days: list[str] = json.loads(kept)
    return days


def _worked_out(country: str, year: int) -> str:
    try:
        done = _run(country, year)
    except subprocess.TimeoutExpired:
        raise UserError(
            "The public holidays could not be worked out in time; today counts as none."
        ) from None
    if done.returncode:
        raise UserError(f"config.toml: digest.country: no public holidays are known of {country!r}.")
    return done.stdout.strip()


def _run(country: str, year: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  (our own interpreter, and arguments that were checked)
        [sys.executable, "-c", _PROGRAM, country, str(year)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
    )
