"""Everything that can go wrong in a way somebody should hear of.

RecipflowError
├── UserError        the user can mend it; lists every problem, shown without a traceback
├── AuthNeeded       the user must act before this account goes on
├── TryLater         it passes by itself
├── CursorExpired    the provider forgot where we were: rescan by date
├── Uncertain        it may have been done, or not: look before repeating
├── Changed          somebody else changed it meanwhile: look again
└── CannotLook       what was sent cannot be seen here
"""

from __future__ import annotations

from collections.abc import Iterable


class RecipflowError(Exception):
    """Something recipflow expected to be able to go wrong."""


class UserError(RecipflowError):
    """The user can mend this; each problem names the file, key or message, and the way out."""

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class AuthNeeded(RecipflowError):
    """The user must act before this account can go on: a token was revoked, a consent is missing."""

    def __init__(self, reason: str, *, command: str) -> None:
        super().__init__(reason)
        self.command = command


class TryLater(RecipflowError):
    """The provider is busy, or the network away; `after` is in seconds, None when nobody said."""

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class CursorExpired(RecipflowError):
    """The provider no longer knows the cursor: rescan by date, so that no gap is left."""


class Uncertain(RecipflowError):
    """A write whose answer was lost: it may have been done, or not. Look before repeating."""


class Changed(RecipflowError):
    """What was to be changed or removed is no longer as it was: somebody else changed it. Look again."""


class CannotLook(RecipflowError):
    """This courier cannot see what it sent."""
