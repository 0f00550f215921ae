"""Where Thunderbird keeps its mail, on Linux, macOS and Windows."""

from __future__ import annotations

import configparser
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_DIRECTORY = re.compile(r'user_pref\("mail\.server\.server\d+\.directory", "((?:[^"\\]|\\.)*)"\)')


def profiles(
    home: Path, environ: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> tuple[Path, ...]:
    """The profile directories that profiles.ini names, or that lie where profiles do."""
    found: dict[Path, None] = {}
    for base in _bases(home, environ, platform):
        for profile in (*_named(base), *_lying(base)):
            if profile.is_dir():
                found.setdefault(profile.resolve())
    return tuple(found)


def stores(profile: Path) -> tuple[Path, ...]:
    """The directories of a profile that hold mail, those moved elsewhere too, and its own calendar."""
    usual = [profile / name for name in ("Mail", "ImapMail", "calendar-data")]
    moved = [one for one in _moved(profile) if not any(one.is_relative_to(other) for other in usual)]
    return tuple(one for one in (*usual, *moved) if one.is_dir())


def _bases(home: Path, environ: Mapping[str, str], platform: str) -> tuple[Path, ...]:
    if platform == "win32":
        return (Path(environ.get("APPDATA") or home / "AppData" / "Roaming") / "Thunderbird",)
    if platform == "darwin":
        return (home / "Library" / "Thunderbird",)
    return (
        home / ".thunderbird",
        home / "snap" / "thunderbird" / "common" / ".thunderbird",
        home / ".var" / "app" / "org.mozilla.Thunderbird" / ".thunderbird",
        home / ".icedove",
    )


def _named(base: Path) -> Iterator[Path]:
    names = configparser.RawConfigParser(strict=False)
    try:
        names.read_string((base / "profiles.ini").read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return
    for section in names.sections():
        path = names.get(section, "Path", fallback="")
        if path and section.startswith("Profile"):
            relative = names.get(section, "IsRelative", fallback="1") == "1"
            yield base / path if relative else Path(path)


def _lying(base: Path) -> Iterator[Path]:
    for place in (base, base / "Profiles"):
        if place.is_dir():
            yield from (one.parent for one in sorted(place.glob("*/Mail")))


def _moved(profile: Path) -> Iterator[Path]:
    try:
        text = (profile / "prefs.js").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for found in _DIRECTORY.finditer(text):
        yield Path(re.sub(r"\\(.)", r"\1", found[1]))
