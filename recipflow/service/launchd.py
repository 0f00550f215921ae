"""An agent of launchd's, in the user's own session."""

from __future__ import annotations

import os
import plistlib
from collections.abc import Sequence
from pathlib import Path

from recipflow.service import Program

LABEL = "org.recipflow.daemon"


class Launchd:
    def __init__(self, home: Path | None = None) -> None:
        self.path = (home or Path.home()) / "Library" / "LaunchAgents" / f"{LABEL}.plist"

    def text(self, program: Program) -> str:
        described = {
            "Label": LABEL,
            "ProgramArguments": list(program.command),
            "EnvironmentVariables": dict(program.environment),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 30,
            "ProcessType": "Background",
            "LowPriorityIO": True,
            "Umask": 0o077,
            "ExitTimeOut": 10,
            "StandardOutPath": "/dev/null",
            "StandardErrorPath": str(program.log.with_suffix(".stderr")),
        }
        return plistlib.dumps(described).decode("utf-8")

    def starting(self) -> Sequence[Sequence[str]]:
        return (
            ("launchctl", "bootstrap", self._domain, str(self.path)),
            ("launchctl", "kickstart", "-k", f"{self._domain}/{LABEL}"),
        )

    def stopping(self) -> Sequence[Sequence[str]]:
        return (("launchctl", "bootout", f"{self._domain}/{LABEL}"),)

    def asking(self) -> Sequence[str]:
        return ("launchctl", "print", f"{self._domain}/{LABEL}")

    @property
    def _domain(self) -> str:
        return f"gui/{os.getuid() if hasattr(os, 'getuid') else 0}"
