"""The line above a quote that says who wrote it and when."""

from __future__ import annotations

from recipflow.text.phrases import STARTS, VERBS

LONGEST = 320  # characters
_MOST_LINES = 4
_LONGEST_BARE = 9  # words of an attribution without date or address


def has_verb(low: str) -> bool:
    """Whether a line in lower case says that somebody wrote."""
    return any(verb in low for verb in VERBS)


def begins_dated(text: str) -> bool:
    """Whether the line begins as an attribution does: with a date, or the word before one."""
    return text[0].isdigit() or text[:12].lower().startswith(STARTS)


def lines_above(kept: list[str], text: str) -> int:
    """How many of the lines just kept belong to the attribution that ends in `text`."""
    if begins_dated(text) and has_verb(" " + text.lower()):
        return 0
    for back in range(1, min(_MOST_LINES, len(kept)) + 1):
        above = kept[-back].strip()
        if not above or above[-1] in ".!?" or len(above) > 100:
            break
        if begins_dated(above) or ("<" in above and has_verb(above.lower())):
            return back
    return 1 if len(text) < 16 and kept and "@" in kept[-1] else 0


def is_attribution(begun: str, whole: str, *, marked: bool) -> bool:
    """Whether the joined line `whole` (lower case), whose first line is `begun`, introduces a quote.

    `marked` says that a quote follows at once; without one, it takes a date or an address.
    """
    if len(whole) > LONGEST or not has_verb(whole):
        return False
    dated = any(char.isdigit() for char in whole)
    if not marked:
        return dated and (begins_dated(begun) or "@" in whole)
    return dated or "@" in whole or len(whole.split()) <= _LONGEST_BARE
