"""Running at login, by the system's own means: systemd, launchd or the Task Scheduler; never as root."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from recipflow.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is to be run, and where it may write."""

    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    writes: tuple[Path, ...]
    log: Path
    sandboxed: bool = True  #: kept from the rest of the computer, where the system has means to


class Service(Protocol):
    """One system's way of running a program at login."""

    path: Path  #: the file that describes the service to the system

    def text(self, program: Program) -> str:
        """What stands in that file."""
        ...

    def starting(self) -> Sequence[Sequence[str]]:
        """The commands that take the file up and start it."""
        ...

    def stopping(self) -> Sequence[Sequence[str]]:
        """The commands that stop it, before its file is removed."""
        ...

    def asking(self) -> Sequence[str]:
        """The command that ends with 0 while it runs."""
        ...


def here(platform: str = sys.platform) -> Service:
    """The service of this system; a UserError where there is none we know."""
    if platform == "linux":
        from recipflow.service.systemd import Systemd

        return Systemd()
    if platform == "darwin":
        from recipflow.service.launchd import Launchd

        return Launchd()
    if platform == "win32":
        from recipflow.service.tasks import Tasks

        return Tasks()
    raise UserError(f"On {platform} nothing is known that runs a program at login: use recipflow run.")
