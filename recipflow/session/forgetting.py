"""Forgetting somebody everywhere we keep anything: the database, config.toml, the log."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from recipflow import config
from recipflow.derive import rebuild
from recipflow.session import Session
from recipflow.store import Erased


def forget(session: Session, addresses: Collection[str], now: datetime) -> Erased:
    """Erase these addresses' person for good. What remains of others is computed anew, as if they had never been."""
    config.remove_contacts(session.home.config, addresses)
    session.reload()
    erased = session.store.forget(addresses, me=session.me)
    session.refresh()
    session.derive(now)
    rebuild(session.store, session.context, now)
    _clean(session.home.logs, addresses)
    return erased


def _clean(log: Path, addresses: Collection[str]) -> None:
    """Drop the lines of the log that name them; above DEBUG there are none."""
    for file in log.parent.glob(f"{log.name}*") if log.parent.is_dir() else ():
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        kept = [line for line in lines if not any(one in line.lower() for one in addresses)]
        if len(kept) < len(lines):
            file.write_text("".join(kept), encoding="utf-8")
