"""What describes the service to each system is sound, runs the right program, and goes again without a trace."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from recipflow.errors import UserError
from recipflow.home import find
from recipflow.service import Program, here, installing
from recipflow.service.launchd import Launchd
from recipflow.service.systemd import Systemd
from recipflow.service.tasks import Tasks

NAMES = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
PROGRAM = Program(
    command=("/opt/my tools/recipflow", "run"),
    environment=(("RECIPFLOW_HOME", '/home/ann/100% "mine"'),),
    writes=(Path("/home/ann/.local/share/recipflow"),),
    log=Path("/home/ann/.local/state/recipflow.log"),
)
PLAIN = Program(command=("/usr/bin/recipflow", "run"), environment=(), writes=(), log=Path("/tmp/r.log"))


class Ran:
    """Stands for the system: keeps what was run, and answers as told."""

    def __init__(self, code: int = 0) -> None:
        self.commands: list[Sequence[str]] = []
        self.code = code

    def __call__(self, command: Sequence[str]) -> tuple[int, str]:
        self.commands.append(command)
        return self.code, "it said no" if self.code else ""


def test_a_unit_quotes_what_systemd_would_read_otherwise(tmp_path: Path) -> None:
    text = Systemd(tmp_path).text(PROGRAM)
    assert 'ExecStart="/opt/my tools/recipflow" run\n' in text
    assert 'Environment="RECIPFLOW_HOME=/home/ann/100%% \\"mine\\""\n' in text
    assert 'ReadWritePaths="/home/ann/.local/share/recipflow"\n' in text


def test_a_program_that_lies_in_a_folder_for_temporary_files_still_sees_it(tmp_path: Path) -> None:
    assert "PrivateTmp=true" in Systemd(tmp_path).text(PROGRAM)
    there = replace(PROGRAM, command=("/tmp/venv/bin/recipflow", "run"))
    assert "PrivateTmp=false" in Systemd(tmp_path).text(there)


def test_a_unit_keeps_the_program_from_the_rest_of_the_computer(tmp_path: Path) -> None:
    text = Systemd(tmp_path).text(PROGRAM)
    for option in ("NoNewPrivileges=true", "ProtectSystem=strict", "ProtectHome=read-only", "UMask=0077"):
        assert option in text
    assert (
        "PrivateUsers=true" in text
    )  # without it a user's manager can give no namespace, nor take a capability
    assert "Type=exec" in text  # so that systemctl tells of a sandbox that could not be made
    assert "Restart=on-failure" in text
    assert "User=" not in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("program", [PROGRAM, PLAIN], ids=["quoted", "plain"])
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path, program: Program) -> None:
    unit = tmp_path / "recipflow.service"
    real = Program(
        command=(shutil.which("true") or "/bin/true", *program.command[1:]),
        environment=program.environment,
        writes=program.writes,
        log=program.log,
    )
    unit.write_text(Systemd(tmp_path).text(real))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(unit)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    said = [line for line in done.stderr.splitlines() if "recipflow" in line]
    assert said == []


def test_an_agent_of_launchd_is_a_sound_property_list(tmp_path: Path) -> None:
    described = plistlib.loads(Launchd(tmp_path).text(PROGRAM).encode())
    assert described["ProgramArguments"] == ["/opt/my tools/recipflow", "run"]
    assert described["EnvironmentVariables"] == {"RECIPFLOW_HOME": '/home/ann/100% "mine"'}
    assert described["RunAtLoad"] is True
    assert described["KeepAlive"] == {"SuccessfulExit": False}


def test_a_task_of_windows_is_sound_and_never_ends_by_itself(tmp_path: Path) -> None:
    task = ElementTree.fromstring(Tasks(tmp_path).text(PLAIN))
    assert task.findtext("t:Settings/t:ExecutionTimeLimit", namespaces=NAMES) == "PT0S"
    assert task.findtext("t:Settings/t:StopIfGoingOnBatteries", namespaces=NAMES) == "false"
    assert task.findtext(".//t:RunLevel", namespaces=NAMES) == "LeastPrivilege"
    assert task.findtext(".//t:Command", namespaces=NAMES) == "/usr/bin/recipflow"
    assert task.findtext(".//t:Arguments", namespaces=NAMES) == "run"


def test_a_task_sets_the_home_it_is_for(tmp_path: Path) -> None:
    task = ElementTree.fromstring(Tasks(tmp_path).text(PROGRAM))
    arguments = task.findtext(".//t:Arguments", namespaces=NAMES) or ""
    assert 'set "RECIPFLOW_HOME=/home/ann/100% "mine""' in arguments
    assert arguments.endswith('"/opt/my tools/recipflow" run')


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_each_system_has_its_own_service(platform: str) -> None:
    assert here(platform).path.name.startswith(("recipflow", "org.recipflow"))


def test_a_system_nobody_knows_is_told_what_to_do_instead() -> None:
    with pytest.raises(UserError, match="recipflow run"):
        here("plan9")


def test_installing_writes_the_file_and_starts_it_and_uninstalling_leaves_nothing(tmp_path: Path) -> None:
    service, ran = Systemd(tmp_path / "config"), Ran()
    program = installing.program(find({"RECIPFLOW_HOME": str(tmp_path / "home")}), environment={})
    installing.install(service, program, ran)
    assert service.path.read_text("utf-8") == service.text(program)
    assert ran.commands == list(service.starting())
    assert installing.runs(service, ran)
    assert installing.remove(service, ran)
    assert not service.path.exists()
    assert not installing.remove(service, ran)
    assert not installing.runs(service, ran)


def test_installed_anew_it_is_stopped_first(tmp_path: Path) -> None:
    """launchd refuses an agent that it has already."""
    service, ran = Launchd(tmp_path), Ran()
    installing.install(service, PLAIN, ran)
    assert ran.commands == list(service.starting())
    ran.commands.clear()
    installing.install(service, PLAIN, ran)
    assert ran.commands == [*service.stopping(), *service.starting()]


def test_where_no_sandbox_can_be_made_it_runs_without_and_says_so(tmp_path: Path) -> None:
    service = Systemd(tmp_path)

    def no_namespaces(command: Sequence[str]) -> tuple[int, str]:
        refused = "restart" in command and "PrivateUsers=true" in service.path.read_text("utf-8")
        return (1, "Job for recipflow.service failed") if refused else (0, "")

    assert not installing.install(service, PLAIN, no_namespaces)
    text = service.path.read_text("utf-8")
    assert "ProtectSystem" not in text
    assert "NoNewPrivileges=true" in text
    assert "SystemCallFilter=@system-service" in text
    assert installing.install(service, PLAIN, Ran())


@pytest.mark.skipif(os.name != "posix", reason="Windows gives its tasks the user's variables by itself")
def test_the_service_knows_what_the_shell_knew_of_proxies_and_certificates(tmp_path: Path) -> None:
    known = {
        "RECIPFLOW_HOME": str(tmp_path),
        "ALL_PROXY": "http://proxy.example:8080",
        "no_proxy": "example.org",
        "SSL_CERT_FILE": "/etc/ours.pem",
        "PATH": "/opt/bin:/usr/bin",
        "RECIPFLOW_PASSWORD": "secret",
        "NO_PROXY": "",
    }
    kept = dict(installing.program(find(known), environment=known).environment)
    assert kept == {
        name: value for name, value in known.items() if name not in ("RECIPFLOW_PASSWORD", "NO_PROXY")
    }


def test_what_describes_the_service_is_for_the_user_alone(tmp_path: Path) -> None:
    """The address of a proxy may hold a password."""
    service = Systemd(tmp_path)
    installing.install(service, PLAIN, Ran())
    assert os.name != "posix" or service.path.stat().st_mode & 0o077 == 0


def test_what_the_system_has_against_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="it said no"):
        installing.install(Systemd(tmp_path), PLAIN, Ran(code=1))


def test_the_folders_that_are_written_to_are_open_to_the_service(tmp_path: Path) -> None:
    assert installing.written_to("file:/home/ann/today.html", "maildir:/home/ann/Mail", "gmail") == (
        Path("/home/ann"),
        Path("/home/ann/Mail"),
    )
