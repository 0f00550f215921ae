"""How much of people's mail could be read, told from the store's counts."""

from __future__ import annotations

from collections.abc import Collection

from recipflow.digest.model import Coverage
from recipflow.model import UNKNOWN
from recipflow.store import Counts

_NAMES = {
    "ar": "Arabic",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "zh": "Chinese",
}


def coverage(counts: Counts, languages: Collection[str]) -> Coverage:
    """What was read of the messages that people wrote, `languages` being those with a pack."""
    unread = unread_languages(counts, languages)
    why = {_name(code): number for code, number in unread.items()}
    if counts.sealed:
        why["encrypted or pictures only"] = counts.sealed
    written = sum(counts.languages.values())
    return Coverage(messages=written, read=max(0, written - sum(why.values())), unread=why)


def as_json(counts: Counts, languages: Collection[str]) -> dict[str, object]:
    """The counts for scripts; `share` is how much of people's mail was read, from 0 to 1."""
    covered = coverage(counts, languages)
    return {
        "messages": counts.messages,
        "meetings": counts.meetings,
        "people": counts.people,
        "machines": sum(counts.machines.values()),
        "machine_kinds": dict(sorted(counts.machines.items())),
        "unread_languages": unread_languages(counts, languages),
        "sealed": counts.sealed,
        "share": round(covered.read / covered.messages, 4) if covered.messages else 1.0,
        "set_aside": counts.set_aside,
    }


def unread_languages(counts: Counts, languages: Collection[str]) -> dict[str, int]:
    """Messages of people by the code of each language without a pack; what is too short to tell is read."""
    return {
        code: number
        for code, number in sorted(counts.languages.items())
        if code not in languages and code not in ("", UNKNOWN)
    }


def _name(code: str) -> str:
    return f"in {_NAMES.get(code, code)}"
