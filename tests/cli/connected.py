"""A home of its own, and a shell in it that asks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Shell


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("RECIPFLOW_PASSWORD", raising=False)
    return tmp_path / "home"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], home: Path) -> Shell:
    shell = Shell(capsys)
    shell.run("init", "--tz", "UTC", "--yes")
    return shell
