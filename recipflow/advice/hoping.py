"""Whether what the user gave was of use: nobody knows better, and a yes makes a window of it."""

from __future__ import annotations

from collections.abc import Iterator

from recipflow.advice.view import Finding, Turn, View
from recipflow.model import ActType, Asking

KNOWN_AFTER = 3.0
"""Days after which the user may have seen whether it helped. Ours."""
FORGOTTEN = 21.0
"""Days after which a question about it comes too late. Ours."""
WORTH_ASKING = 1.0
"""Gives below this (fu) move nothing, whatever the answer."""


def helped(view: View) -> Iterator[Finding]:
    """A give of mine that was more than routine, of which they said nothing, though they wrote since."""
    if view.colleague:
        return
    heard = view.relationship.last_theirs or 0.0
    for gift in view.relationship.hopes:
        opens, closes = gift.at + KNOWN_AFTER, gift.at + FORGOTTEN
        if gift.size < WORTH_ASKING or view.now >= closes:
            continue
        if view.now < opens:
            yield Turn(opens)
        elif heard > gift.at:
            yield view.question(Asking.MY_GIVE, gift, ActType.GIVE, opens=opens, closes=closes)
