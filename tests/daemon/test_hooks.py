"""A hook that hangs leaves nothing behind, and one that can do nothing is told of."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from recipflow import hooks
from recipflow.daemon.checking import findings
from recipflow.model import NudgeKind
from recipflow.settings import Hook
from recipflow.store import DeliveryForm, Store
from tests.daemon.simulation import Computer, Provider

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PARENT = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', sys.argv[1]]); time.sleep(60)"
CHILD = "import os, sys, time; open({path!r}, 'w').write(str(os.getpid())); time.sleep(60)"


def settings(**more: Any) -> dict[str, Any]:
    return {"me.addresses": ["ann@example.org"], "me.tz": "UTC", **more}


@pytest.fixture
def provider() -> Provider:
    return Provider()


def soon(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    until = monotonic() + seconds
    while not holds() and monotonic() < until:
        sleep(0.05)
    return holds()


def runs(process: int) -> bool:
    """Whether it does; one that ended and that nobody asked about yet does not."""
    stat = Path(f"/proc/{process}/stat")
    if sys.platform == "linux":
        return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def delivered(hook: Hook) -> None:
    """One event goes to the hook."""
    with Store() as store:
        with store.transaction():
            hooks.stage(store, [hook], "key", NudgeKind.THANK, "dana@example.org", "{}", NOW)
        (one,) = store.deliveries.of(DeliveryForm.EVENT)
        hooks.deliver(store, one, [hook], NOW)


def hanging(tmp_path: Path, seconds: float) -> tuple[Hook, Path]:
    """A hook that begins another program and waits, and the file with the process of that one."""
    file = tmp_path / "child"
    program = (sys.executable, "-c", PARENT, CHILD.format(path=str(file)))
    return Hook(on=("*",), run=program, seconds=seconds), file


@pytest.mark.skipif(os.name != "posix", reason="Windows knows no groups of processes")
def test_what_a_hook_started_is_stopped_with_it(tmp_path: Path) -> None:
    hook, file = hanging(tmp_path, 3.0)
    delivered(hook)
    assert soon(lambda: not runs(int(file.read_text())))


@pytest.mark.skipif(os.name != "posix", reason="Windows knows no groups of processes")
def test_a_hook_ends_with_the_daemon(tmp_path: Path) -> None:
    hook, file = hanging(tmp_path, 60.0)
    thread = threading.Thread(target=delivered, args=(hook,))
    thread.start()
    assert soon(lambda: file.exists() and file.read_text() != "")
    hooks.end()
    thread.join(20)
    assert not thread.is_alive()
    assert soon(lambda: not runs(int(file.read_text())))


def problems(computer: Computer) -> str:
    with computer.session() as session:
        return "\n".join(found.problem for found in findings(session, computer.now))


def test_a_hook_without_a_program_is_told_of_before_it_is_needed(tmp_path: Path, provider: Provider) -> None:
    hook = [{"on": ["*"], "run": ["/no/such/program"]}, {"on": ["*"], "run": [sys.executable, "-c", ""]}]
    told = problems(Computer(tmp_path, provider, NOW, settings(hook=hook)))
    assert "The hook /no/such/program: there is no such program that may be run." in told
    assert sys.executable not in told


def test_a_hook_that_failed_the_last_time_is_told_of(tmp_path: Path, provider: Provider) -> None:
    failing = [sys.executable, "-c", "raise SystemExit(3)"]
    computer = Computer(
        tmp_path, provider, NOW, settings(hook=[{"on": ["*"], "run": failing, "name": "bell"}])
    )
    assert "bell" not in problems(computer)
    with computer.session() as session:
        with session.store.transaction():
            hooks.stage(session.store, session.settings.hook, "k", NudgeKind.THANK, "", "{}", NOW)
        (one,) = session.store.deliveries.of(DeliveryForm.EVENT)
        hooks.deliver(session.store, one, session.settings.hook, NOW)
    assert "The hook bell failed the last time: it ended with 3." in problems(computer)


def test_notices_that_can_not_be_shown_are_told_of(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"notices.enabled": True}
    monkeypatch.setitem(sys.modules, "desktop_notifier", None)
    assert "need one more package" in problems(Computer(tmp_path, provider, NOW, settings(**wanted)))
