"""Forgetting somebody everywhere we keep anything: the database, config.toml, the log."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from recipflow import config
from recipflow.derive import rebuild
from recipflow.files import write_whole
from recipflow.session import Session
from recipflow.store import Erased


def forget(
    session: Session, addresses: Collection[str], now: datetime, *, spare: Path | None = None
) -> Erased:
    """Erase these addresses' person for good. What remains of others is computed anew, as if they had never been.

    The database comes last: until it has forgotten them, the same command finds them again and goes on.
    """
    config.remove_contacts(session.home.config, addresses)
    _clean(session.home.logs, addresses)
    session.reload()
    erased = session.store.forget(addresses, me=session.me, spare=spare)
    session.refresh()
    session.derive(now)
    rebuild(session.store, session.context, now)
    return erased


def forget_again(session: Session, before: Path, now: datetime) -> int:
    """Forget those whom the database that lay here before had forgotten; says how many addresses had come back."""
    back = session.store.forgotten_by(before)
    if back:
        forget(session, back, now, spare=before)
    return len(back)


def _clean(log: Path, addresses: Collection[str]) -> None:
    """Drop the lines of the log that name them; above DEBUG there are none."""
    for file in sorted(log.parent.glob(f"{log.name}*")) if log.parent.is_dir() else ():
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        kept = [line for line in lines if not any(one in line.lower() for one in addresses)]
        if len(kept) < len(lines):
            write_whole(file, "".join(kept))
