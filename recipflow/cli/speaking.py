"""The frame of every command by which the user says something: before it all is up to date, after it, too."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recipflow.session import Session


@contextmanager
def speaking() -> Iterator[tuple[Session, datetime]]:
    """The session and the present instant; what was said meanwhile is derived in the end."""
    from recipflow.home import find
    from recipflow.session import Session, now

    with Session.open(find(os.environ)) as session:
        moment = now()
        session.catch_up(moment)
        yield session, moment
        session.refresh()
        session.derive(moment)
