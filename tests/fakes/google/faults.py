"""What can go wrong between here and Google, on demand or at random from a seed; and the quota, if it is enforced."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from tests.fakes.google.answers import Refused

WINDOW = 60.0
#: https://developers.google.com/workspace/gmail/api/reference/quota, of projects made since May 2026.
COSTS = {
    "gmail.users.getProfile": 1,
    "gmail.users.history.list": 2,
    "gmail.users.labels.list": 1,
    "gmail.users.messages.list": 5,
    "gmail.users.messages.get": 20,
    "gmail.users.messages.attachments.get": 20,
    "gmail.users.messages.send": 100,
    "gmail.users.threads.list": 10,
    "gmail.users.threads.get": 40,
    "gmail.users.drafts.list": 5,
    "gmail.users.drafts.get": 20,
    "gmail.users.settings.sendAs.list": 1,
}


class Fault(Enum):
    """One way for one request to go wrong."""

    BUSY = "429 with Retry-After"
    FORBIDDEN_BUSY = "403 userRateLimitExceeded"
    BROKEN_BEFORE = "503, nothing done"
    BROKEN_AFTER = "500, though it was done"
    SLOW = "an answer after a while"
    TRUNCATED = "an answer cut short"
    RESET = "a connection reset before anything was done"
    RESET_AFTER = "a connection reset though it was done"

    @property
    def hits_first(self) -> bool:
        """Whether the request is never carried out."""
        return self in (Fault.BUSY, Fault.FORBIDDEN_BUSY, Fault.BROKEN_BEFORE, Fault.RESET)

    @property
    def refusal(self) -> Refused | None:
        return {
            Fault.BUSY: Refused(
                429, "rateLimitExceeded", "Too many concurrent requests.", domain="usageLimits", after=2
            ),
            Fault.FORBIDDEN_BUSY: Refused(
                403, "userRateLimitExceeded", "User Rate Limit Exceeded.", domain="usageLimits"
            ),
            Fault.BROKEN_BEFORE: Refused(503, "backendError", "Service unavailable."),
            Fault.BROKEN_AFTER: Refused(500, "backendError", "Backend Error"),
        }.get(self)


@dataclass(slots=True)
class Faults:
    """Which request goes wrong, and how: those that were asked for, in order; else at random with `rate`."""

    rate: float = 0.0
    seed: int = 0
    kinds: tuple[Fault, ...] = tuple(kind for kind in Fault if kind is not Fault.SLOW)
    latency: float = 0.05
    spared: tuple[str, ...] = (
        "/token",
    )  #: what goes wrong only when asked to: google-auth waits in earnest there
    always: Fault | None = None  #: every request, until it is None again
    hit: int = 0
    _asked: deque[tuple[str, Fault]] = field(default_factory=deque)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def next(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method (by the end of its id) go wrong in these ways."""
        self._asked.extend((method, fault) for fault in faults)

    def strike(self, method: str) -> Fault | None:
        found = self._found(method)
        self.hit += found is not None
        return found

    def _found(self, method: str) -> Fault | None:
        for place, (wanted, fault) in enumerate(self._asked):
            if method.endswith(wanted):
                del self._asked[place]
                return fault
        if method in self.spared:
            return None
        if self.always:
            return self.always
        if self.rate and self._random.random() < self.rate:
            return self._random.choice(self.kinds)
        return None


@dataclass(slots=True)
class Quota:
    """At most so many units within any minute, as `clock` tells it; what is refused costs nothing."""

    units: int
    clock: Callable[[], float]
    spent: int = 0
    refused: int = 0
    _recent: deque[tuple[float, int]] = field(default_factory=deque)
    _within: int = 0

    def charge(self, method: str) -> None:
        now, cost = self.clock(), COSTS.get(method, 0)
        while self._recent and self._recent[0][0] <= now - WINDOW:
            self._within -= self._recent.popleft()[1]
        if self._within + cost > self.units:
            self.refused += 1
            raise Refused(
                403, "rateLimitExceeded", "Quota exceeded for quota metric 'Queries'.", domain="usageLimits"
            )
        self._recent.append((now, cost))
        self._within += cost
        self.spent += cost
