"""`recipflow service` says what came of it, and not what was meant to."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from recipflow.cli import service
from recipflow.daemon.lock import held
from tests.cli.connected import home, shell
from tests.cli.running import Shell

__all__ = ["home", "shell"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a systemctl stands in for that of Linux")


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in that does as it is told, and starts nothing: of a program nobody runs it says so."""
    there = tmp_path / "bin" / "systemctl"
    there.parent.mkdir()
    there.write_text('#!/bin/sh\ncase "$*" in *is-active*) exit 3;; esac\n')
    there.chmod(0o755)
    monkeypatch.setenv("PATH", f"{there.parent}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(service, "BEGINS", 0.3)
    return there


def test_a_service_that_does_not_begin_is_not_said_to_run(shell: Shell, systemctl: Path) -> None:
    shell.run("service", "install", code=1)
    assert "does not run" in shell.err
    assert "recipflow run" in shell.err
    said = shell.run("service", "status", code=1)
    assert "Installed" in said
    assert "recipflow run says what is in its way" in said


def test_where_it_runs_by_hand_the_service_waits_for_it(shell: Shell, systemctl: Path, home: Path) -> None:
    with held(home / "recipflow.db"):
        said = shell.run("service", "install")
        assert "recipflow run is at work" in said
        assert "started by hand" in shell.run("service", "status")


def test_without_namespaces_it_says_that_nothing_keeps_it_apart(
    shell: Shell, systemctl: Path, home: Path
) -> None:
    systemctl.write_text(
        '#!/bin/sh\ncase "$*" in *is-active*) exit 3;;\n'
        '*restart*) ! grep -q PrivateUsers "$XDG_CONFIG_HOME/systemd/user/recipflow.service";; esac\n'
    )
    with held(home / "recipflow.db"):
        assert "access to all your files" in shell.run("service", "install")
