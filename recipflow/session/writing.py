"""Mail that others send in the user's name: whom it counts for, as far as the user said, and who is to be asked about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from recipflow.counted import counted
from recipflow.derive import Context
from recipflow.foreign import one_line
from recipflow.model import Message
from recipflow.store import Store
from recipflow.writers import authored

if TYPE_CHECKING:
    from recipflow.session import Session

_WRITTEN_BY = "written_by"


def written_otherwise(store: Store, context: Context) -> bool:
    """Whether stored mail counts for another than before; from then on it counts as the user says now."""
    said = json.dumps([sorted(context.me), sorted(context.assistants)])
    if store.noted(_WRITTEN_BY) == said:
        return False
    store.note(_WRITTEN_BY, said)
    changed = False
    for key, one, *_ in store.writers.sent():
        if isinstance(one, Message):
            counts = authored(one, context.machines, context.me, context.assistants)
            if (counts.sender, counts.headers) != (one.sender, one.headers):
                store.writers.put(key, counts)
            changed = changed or counts.sender != one.sender
    return changed


def undecided(session: Session) -> dict[str, int]:
    """Who sent mail in the user's name of whom the user said nothing yet, with how many messages."""
    known = session.me | session.settings.me.assistants.keys()
    return {one: many for one, many in session.store.writers.count().most_common() if one not in known}


def asked_about(writer: str, messages: int) -> str:
    """What there is to decide about one of them."""
    who = one_line(writer)
    return (
        f"{who} sent {counted(messages, 'mail')} in your name. Until you say so, that does not count as yours. Below [me] "
        f'in config.toml: assistants = {{ "{who}" = true }} if it is to count, = false if not. If {who} is an address of '
        f"yours: recipflow init --me {who}"
    )
