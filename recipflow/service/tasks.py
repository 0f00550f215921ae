"""A task of the Windows Task Scheduler that begins when the user signs in, with no more rights than theirs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from recipflow.service import Program

NAME = "recipflow"


class Tasks:
    def __init__(self, data: Path | None = None) -> None:
        root = data or Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        self.path = root / "recipflow" / "recipflow-task.xml"

    def text(self, program: Program) -> str:
        """Whoever registers it is whom it runs as; a variable is set by the command itself, for tasks have none."""
        command, arguments = program.command[0], program.command[1:]
        if program.environment:
            sets = " && ".join(f'set "{name}={value}"' for name, value in program.environment)
            inner = subprocess.list2cmdline(program.command)
            command, arguments = "cmd.exe", ("/d", "/c", f"{sets} && {inner}")
        line = " ".join(arguments) if program.environment else subprocess.list2cmdline(arguments)
        return _TASK.format(command=escape(command), arguments=escape(line))

    def starting(self) -> Sequence[Sequence[str]]:
        return (
            ("schtasks", "/Create", "/TN", NAME, "/XML", str(self.path), "/F"),
            ("schtasks", "/Run", "/TN", NAME),
        )

    def stopping(self) -> Sequence[Sequence[str]]:
        return (("schtasks", "/End", "/TN", NAME), ("schtasks", "/Delete", "/TN", NAME, "/F"))

    def asking(self) -> Sequence[str]:
        return ("schtasks", "/Query", "/TN", NAME)


# Windows stops a task after three days, and on battery, unless told otherwise.
_TASK = """\
<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>recipflow: whom to thank, what to give back, when to ask</Description></RegistrationInfo>
  <Triggers><LogonTrigger><Enabled>true</Enabled><Delay>PT30S</Delay></LogonTrigger></Triggers>
  <Principals>
    <Principal id="Author"><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>7</Priority>
    <RestartOnFailure><Interval>PT1M</Interval><Count>255</Count></RestartOnFailure>
    <Hidden>true</Hidden>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec><Command>{command}</Command><Arguments>{arguments}</Arguments></Exec>
  </Actions>
</Task>
"""
