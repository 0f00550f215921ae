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
            command=" ".join(map(_word, program.command)),
            environment=environment,
            sandbox=_NAMESPACES.format(writes=writes, tmp=_own_tmp(program)) if program.sandboxed else "",
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


# Of the sandboxing options, those that a user's own manager can give without privileges (systemd.exec(5)).
# Type=exec, and not simple, makes a start that the system refuses one that systemctl tells of.
# No PrivateNetwork, for mail comes by the network; no MemoryDenyWriteExecute, for ctypes needs it.
_UNIT = """\
[Unit]
Description=recipflow: whom to thank, what to give back, when to ask

[Service]
Type=exec
ExecStart={command}
{environment}Restart=on-failure
RestartSec=30
TimeoutStopSec=10
UMask=0077
Nice=10
MemoryMax=512M
NoNewPrivileges=true
{sandbox}RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
SystemCallArchitectures=native
SystemCallFilter=@system-service

[Install]
WantedBy=default.target
"""

# These need namespaces of the user's own. Before systemd 254 a user's manager makes them for PrivateUsers alone: without
# it half of these do nothing, and the other half let no program begin ("status=218/CAPABILITIES").
_NAMESPACES = """\
PrivateUsers=true
ProtectSystem=strict
ProtectHome=read-only
{writes}PrivateTmp={tmp}
PrivateDevices=true
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectKernelLogs=true
ProtectControlGroups=true
ProtectClock=true
ProtectHostname=true
"""


def _own_tmp(program: Program) -> str:
    """Whether /tmp may be another one to it: not where it, or something of its own, lies there."""
    used = (Path(program.command[0]), *program.writes)
    return "false" if any(one.is_relative_to(tmp) for one in used for tmp in ("/tmp", "/var/tmp")) else "true"  # noqa: S108


def _plain(text: str) -> str:
    """As a unit file takes it within quotes: % begins a specifier."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _word(text: str) -> str:
    """A word of a command line, in which $ begins a variable, too."""
    quoted = _plain(text).replace("$", "$$")
    return f'"{quoted}"' if any(one.isspace() for one in text) or quoted != text else text
