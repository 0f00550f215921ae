"""What is slow to load, loaded when it is first used: `today` reads no mail, and needs no rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property

from recipflow.machine_rules import MachineRule
from recipflow.machines import Machines
from recipflow.model import Meeting, Message
from recipflow.reading import Reader, Reading


class LateReader(Reader):
    """A reader whose packs are loaded at the first interaction; only then their faults are found."""

    def __init__(self, load: Callable[[], Reader]) -> None:
        self._load = load

    @cached_property
    def _reader(self) -> Reader:
        return self._load()

    def read(self, message: Message, me: frozenset[str]) -> Reading:
        return self._reader.read(message, me)

    def read_meeting(self, meeting: Meeting, me: frozenset[str]) -> Reading:
        return self._reader.read_meeting(meeting, me)


class LateMachines(Machines):
    """Machines whose rules are loaded at the first message."""

    def __init__(self, load: Callable[[], Machines]) -> None:
        self._load = load

    @cached_property
    def _machines(self) -> Machines:
        return self._load()

    def rule(self, message: Message, me: frozenset[str]) -> MachineRule | None:
        return self._machines.rule(message, me)

    def away_until(self, message: Message) -> date | None:
        return self._machines.away_until(message)
