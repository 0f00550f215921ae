"""Letters from the user to the user through Gmail: sent once, found again by the token in their subject."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from functools import cached_property

from recipflow.connector import Letter
from recipflow.errors import UserError
from recipflow_connectors.composing import composed
from recipflow_connectors.google.box import SEND, Box
from recipflow_connectors.google.wire import Api

#: Clocks differ, and `since` may be the instant of sending itself.
_AROUND = timedelta(hours=1)


class Letters:
    """Of a mailbox that may send: to the account's own addresses, and to no other."""

    _api: Api
    _box: Box

    def send(self, letter: Letter) -> str:
        """Send it; its id. UserError when the address is not the user's own at Google."""
        if letter.address.lower() not in self._own:
            told = f"{letter.address} is none of this account's own addresses: nothing is sent there."
            raise UserError(f"{told} Its own are {', '.join(self._own)}.")
        raw = urlsafe_b64encode(composed(letter, letter.address).as_bytes()).decode("ascii")
        asked = self._api.methods("users", "messages").send(userId="me", body={"raw": raw})
        return str(self._api.ask(asked, SEND, writes=True)["id"])

    def sent(self, token: str, *, since: datetime) -> str | None:
        """The id of the letter with that token in its subject, sent since then."""
        after = int((since - _AROUND).timestamp())
        found = self._box.all_listed(f'in:sent subject:"{token}" after:{after}')
        return next((one.id for one in found), None)

    @cached_property
    def _own(self) -> tuple[str, ...]:
        return self._box.addresses()
