"""Whether all the mail an account holds is here: what is missing is fetched, and said to have been missing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from recipflow.connector import Fetching
from recipflow.heads import batches
from recipflow.model import Message
from recipflow.store import Account, Store
from recipflow.workflow import Intake, take_in

LOOK_BACK = timedelta(days=30)
"""How far back is compared: an account that lost something lost it lately."""
EVERY = timedelta(hours=20)
"""Once a day, also for somebody who syncs each morning a little earlier."""
JUST_NOW = timedelta(hours=1)
"""What arrived so shortly before the last pull may have come between two looks: that is no gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Messages that were in the account and not here, by the day (UTC) they were sent on; they were fetched."""

    found: datetime
    days: Mapping[date, int] = field(default_factory=dict)

    @property
    def messages(self) -> int:
        return sum(self.days.values())


def reconcile(
    store: Store, account: Account, connector: Fetching, intake: Intake, *, now: datetime
) -> Gap | None:
    """Compare an account with what is stored of it, at most once a day; the gap, if there was one.

    What is never stored (mail with private or forgotten people) is looked at again each time, and is no gap.
    """
    if not _is_due(store, account, now):
        return None
    there = intake.patient(lambda: list(connector.present(now - LOOK_BACK, now=now)))
    missing = sorted(set(there) - store.sources.refs(account.id))
    new = [
        key
        for batch in batches(missing)
        for key in take_in(store, account, connector, intake, batch, now=now).new
    ]
    gap = Gap(found=now, days=_days(store, new, before=(account.last_sync or now) - JUST_NOW))
    with store.transaction():
        store.note(_key("reconciled", account), now.isoformat())
        if gap.days:
            store.note(_key("gap", account), _as_text(gap))
    return gap if gap.days else None


def last_gap(store: Store, account: Account) -> Gap | None:
    """The gap that was found last in this account."""
    noted = store.noted(_key("gap", account))
    if noted is None:
        return None
    found = json.loads(noted)
    return Gap(
        found=datetime.fromisoformat(found["found"]),
        days={date.fromisoformat(day): count for day, count in found["days"].items()},
    )


def said_of(gap: Gap) -> str:
    """ "3 messages of 2026-03-12 to 2026-03-14 had been missed; fetched on 2026-03-15." """
    days = sorted(gap.days)
    of = f"{days[0]:%Y-%m-%d}" + (f" to {days[-1]:%Y-%m-%d}" if len(days) > 1 else "")
    many = "1 message" if gap.messages == 1 else f"{gap.messages:,} messages"
    return f"{many} of {of} had been missed; fetched on {gap.found:%Y-%m-%d}."


def _is_due(store: Store, account: Account, now: datetime) -> bool:
    noted = store.noted(_key("reconciled", account))
    return noted is None or now - datetime.fromisoformat(noted) >= EVERY


def _days(store: Store, keys: list[int], *, before: datetime) -> dict[date, int]:
    sent = (
        item.interaction.at for item in store.interactions.get(keys) if isinstance(item.interaction, Message)
    )
    return dict(sorted(Counter(at.date() for at in sent if at < before).items()))


def _as_text(gap: Gap) -> str:
    days = {day.isoformat(): count for day, count in gap.days.items()}
    return json.dumps({"found": gap.found.isoformat(), "days": days})


def _key(what: str, account: Account) -> str:
    return f"{what}:{account.id}"
