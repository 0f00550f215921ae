"""Whether much of what is given in this mailbox is more than duty: where favours are frequent, what looks like one is one.

The judge is calibrated on mail of both kinds, and certainties hold for the mixture alone. In twelve owners' office mail the
mean certainty that a give is a favour is .05, in invented mailboxes of people who live by favours .3 (bench/RESULTS.md).
"""

from __future__ import annotations

import sqlite3

LATEST = 1000
"""Gives that are looked at, the last that came: what it costs must not grow."""
OFTEN = 0.14
"""Mean certainty from which favours are frequent: between what was measured of the two kinds. Ours."""
SELDOM = 0.05
"""What is assumed of gives not seen yet."""
AT_FIRST = 50
"""So many of them: some thirty gives must have been seen before a mailbox is held to be generous."""

_KEY = "generous"
_MEAN = """
SELECT (total(sure) + ?) / (count(*) + ?) FROM (
    SELECT notable_confidence AS sure FROM act WHERE act = 'give' AND kind IS NOT 'meeting'
    ORDER BY interaction DESC, number DESC LIMIT ?
)"""


def generous(db: sqlite3.Connection) -> bool:
    """As it was noticed last."""
    return db.execute("SELECT 1 FROM meta WHERE key = ? AND value = '1'", (_KEY,)).fetchone() is not None


def notice(db: sqlite3.Connection) -> None:
    """Look at what was read; where that changes the answer, all ledgers are to be folded anew."""
    (mean,) = db.execute(_MEAN, (SELDOM * AT_FIRST, AT_FIRST, LATEST)).fetchone()
    now = mean >= OFTEN
    if now is not generous(db):
        db.execute("REPLACE INTO meta VALUES (?, ?)", (_KEY, str(int(now))))
        db.execute("INSERT OR IGNORE INTO refold SELECT address FROM address")
