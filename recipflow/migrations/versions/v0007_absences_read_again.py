"""Calendars read before absences were kept are read once more, and what may be one counts as older than itself.

A version that says it is an absence would else be no newer than the one stored, which does not.
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"

_DAY = 6 * 3600
"""An event so long, in seconds, may be an absence (`recipflow.store.away`)."""


def upgrade() -> None:
    op.execute(
        "UPDATE meeting SET version = '' WHERE NOT away AND (all_day OR ends - starts >= "  # noqa: S608  (a number of ours)
        f"{_DAY}) AND (SELECT count(DISTINCT party) FROM part WHERE part.interaction = meeting.interaction) <= 1"
    )
    op.execute(
        "UPDATE account SET cursor = NULL WHERE id IN (SELECT account FROM interaction WHERE type = 'meeting') "
        "AND id NOT IN (SELECT account FROM interaction WHERE type = 'message')"
    )
