"""What goes wrong on demand: by a rule for certain requests, or at random from a seed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple


class Fault(NamedTuple):
    """What happens to an answer."""

    status: int = 0  #: answered instead of the request being done
    retry_after: str = ""
    code: str = "generalException"
    after: int = 0  #: answered although the request was done
    cut: bool = False  #: half the body, then the end
    reset: bool = False  #: the connection is reset instead of an answer
    reset_after: bool = False  #: the same, when the request was done
    delay: float = 0.0


@dataclass
class Planned:
    """A fault for the next `times` requests whose `METHOD path` the pattern matches."""

    match: str
    fault: Fault
    times: int = 1


_WEATHER = (
    Fault(status=429, retry_after="0", code="ApplicationThrottled"),
    Fault(status=503, retry_after="0", code="serviceNotAvailable"),
    Fault(status=504, code="UnknownError"),
    Fault(after=500),
    Fault(cut=True),
    Fault(reset=True),
    Fault(reset_after=True),
)


@dataclass
class Faults:
    """Those planned, and with a `rate` others at random."""

    planned: list[Planned] = field(default_factory=list)
    rate: float = 0.0
    dice: Random = field(default_factory=lambda: Random(1))
    count: int = 0

    def plan(self, match: str, times: int = 1, **fault: int | str | bool | float) -> None:
        self.planned.append(Planned(match, Fault(**fault), times))  # type: ignore[arg-type]

    def take(self, line: str) -> Fault:
        for one in self.planned:
            if one.times > 0 and re.search(one.match, line):
                one.times -= 1
                self.count += 1
                return one.fault
        if self.rate and self.dice.random() < self.rate:
            self.count += 1
            return self.dice.choice(_WEATHER)
        return Fault()
