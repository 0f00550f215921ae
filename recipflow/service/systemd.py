"""A unit of the user's own systemd, that sees no more of the computer than it needs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from recipflow.service import Program

NAME = "recipflow.service"


class Systemd:
    def __init__(self, config: Path | None = None) -> None:
        root = config or Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        self.path = root / "systemd" / "user" / NAME

    def text(self, program: Program) -> str:
        environment = "".join(
            f'Environment="{name}={_plain(value)}"\n' for name, value in program.environment
        )
        writes = "".join(f'ReadWritePaths="{_plain(str(path))}"\n' for path in program.writes)
        return _UNIT.format(
            command=" ".join(map(_word, program.command)), environment=environment, writes=writes
        )

    def starting(self) -> Sequence[Sequence[str]]:
        return (
            ("systemctl", "--user", "daemon-reload"),
            ("systemctl", "--user", "enable", NAME),
            ("systemctl", "--user", "restart", NAME),
        )

    def stopping(self) -> Sequence[Sequence[str]]:
        return (("systemctl", "--user", "disable", "--now", NAME),)

    def asking(self) -> Sequence[str]:
        return ("systemctl", "--user", "is-active", "--quiet", NAME)


# Of the sandboxing options, those that work for a user's own manager without privileges (systemd.exec(5)).
# No PrivateNetwork, for mail comes by the network; no MemoryDenyWriteExecute, for ctypes needs it.
_UNIT = """\
[Unit]
Description=recipflow: whom to thank, what to give back, when to ask
After=network-online.target

[Service]
Type=simple
ExecStart={command}
{environment}Restart=on-failure
RestartSec=30
TimeoutStopSec=10
UMask=0077
Nice=10
MemoryMax=512M
NoNewPrivileges=true
ProtectSystem=strict
ProtectHome=read-only
{writes}PrivateTmp=true
PrivateDevices=true
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectKernelLogs=true
ProtectControlGroups=true
ProtectClock=true
ProtectHostname=true
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
SystemCallArchitectures=native
SystemCallFilter=@system-service

[Install]
WantedBy=default.target
"""


def _plain(text: str) -> str:
    """As a unit file takes it within quotes: % begins a specifier."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _word(text: str) -> str:
    """A word of a command line, in which $ begins a variable, too."""
    quoted = _plain(text).replace("$", "$$")
    return f'"{quoted}"' if any(one.isspace() for one in text) or quoted != text else text
