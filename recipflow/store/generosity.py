"""Whether much of what is given in this mailbox is more than duty: where favours are frequent, what looks like one is one.

The judge is calibrated on mail of both kinds, and certainties hold for the mixture alone. In twelve owners' office mail the
mean certainty that a give is a favour is .05, in invented mailboxes of people who live by favours .3 (bench/RESULTS.md).
"""

from __future__ import annotations

import sqlite3

LATEST = 1000
"""Gives that are looked at, the last by when they were written: what comes first in a first sync is the newest."""
OFTEN = 0.14
"""Mean certainty from which favours are frequent: between what was measured of the two kinds. Ours."""
STILL = 0.12
"""Mean down to which they stay so: at one bar alone all ledgers would be folded time and again. Ours."""
SELDOM = 0.05
"""What is assumed of gives not seen yet."""
AT_FIRST = 50
"""So many of them: some thirty gives must have been seen before a mailbox is held to be generous."""

_KEY = "generous"
_MEAN = """
SELECT (total(sure) + ?) / (count(*) + ?) FROM (
    SELECT notable_confidence AS sure FROM interaction i CROSS JOIN act ON act.interaction = i.id
    WHERE act = 'give' AND kind IS NOT 'meeting' ORDER BY i.at DESC, i.id DESC, number DESC LIMIT ?
)"""
"""CROSS JOIN, so that it goes down the index of times and sorts nothing."""


def generous(db: sqlite3.Connection) -> bool:
    """As it was noticed last."""
    return db.execute("SELECT 1 FROM meta WHERE key = ? AND value = '1'", (_KEY,)).fetchone() is not None


def notice(db: sqlite3.Connection) -> None:
    """Look at what was read; where that changes the answer, all ledgers are to be folded anew.

    The answer depends on the one before. It outlives what is derived, so that a rebuild comes to the same.
    """
    (mean,) = db.execute(_MEAN, (SELDOM * AT_FIRST, AT_FIRST, LATEST)).fetchone()
    before = generous(db)
    now = mean >= (STILL if before else OFTEN)
    if now is not before:
        db.execute("REPLACE INTO meta VALUES (?, ?)", (_KEY, str(int(now))))
        db.execute("INSERT OR IGNORE INTO refold SELECT address FROM address")
