"""The real daemon in a process of its own: started, told, disturbed, stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from recipflow import config
from recipflow.daemon.engine import Engine
from recipflow.daemon.lock import held, running
from recipflow.daemon.running import Daemon
from recipflow.daemon.watchers import Telling, Watchers
from recipflow.daemon.watching import Watch
from recipflow.errors import UserError
from recipflow.home import Home, find
from recipflow.settings import AccountTable
from tests.letters import ANN, DANA, mailbox

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
SOON = 30.0

#: Connectors as strangers' packages bring them: one that tells by itself, one that hangs, one that fails.
STRANGE = """
import threading, time
from pathlib import Path
from recipflow_connectors.files import connect

class Watching:
    def __init__(self, settings, secrets):
        self.files = connect({"paths": [settings["path"]]}, None)
        self.stopped = threading.Event()
        self.path = Path(settings["path"])
        self.size = -1
    def pull(self, cursor, *, now):
        return self.files.pull(cursor, now=now)
    def wait(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.stopped.is_set():
            before, self.size = self.size, self.path.stat().st_size
            if self.size != before:  # the first time at once: who knows what came before
                return True
            self.stopped.wait(0.02)
        return False
    def stop(self):
        self.stopped.set()

class Polled:
    def __init__(self, settings, secrets):
        self.files = connect({"paths": [settings["path"]]}, None)
    def pull(self, cursor, *, now):
        return self.files.pull(cursor, now=now)

class Hanging:
    def __init__(self, settings, secrets): pass
    def pull(self, cursor, *, now):
        time.sleep(3600)

class Failing(Hanging):
    def pull(self, cursor, *, now):
        raise RuntimeError("a fault of my own: " + "dana@harbour.example")

class Crashing(Hanging):
    def pull(self, cursor, *, now):
        import os, signal
        os.kill(os.getpid(), signal.SIGSEGV)
"""
KINDS = ("Watching", "Polled", "Hanging", "Failing", "Crashing")


def strangers(folder: Path) -> Path:
    """A package with those connectors, installed where PYTHONPATH finds it."""
    about = folder / "strange-1.0.dist-info"
    about.mkdir(parents=True, exist_ok=True)
    (folder / "strange.py").write_text(STRANGE, encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: strange\nVersion: 1.0\n", encoding="utf-8")
    entries = "".join(f"{kind.lower()} = strange:{kind}\n" for kind in KINDS)
    (about / "entry_points.txt").write_text(f"[recipflow.connectors]\n{entries}", encoding="utf-8")
    return folder


def now_mail(number: int, sender: str, to: str, text: str, **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Message-ID"] = f"<{number}@letters.example>"
    mail["Date"] = format_datetime(datetime.now(UTC) - timedelta(minutes=90 - number))
    mail["From"] = f"<{sender}>"
    mail["To"] = f"<{to}>"
    mail["Subject"] = f"Letter {number}"
    mail["X-Gmail-Labels"] = "Sent" if sender == ANN else "Inbox"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


class Running:
    """A daemon at work."""

    def __init__(self, home: Home, process: subprocess.Popen[bytes]) -> None:
        self.home, self.process = home, process

    def log(self) -> list[dict[str, Any]]:
        if not self.home.logs.exists():
            return []
        return [json.loads(line) for line in self.home.logs.read_text("utf-8").splitlines()]

    def did(self, action: str) -> bool:
        return any(line.get("action") == action for line in self.log())

    def wait(self, until: Callable[[], object]) -> None:
        give_up = time.monotonic() + SOON
        while not until():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < give_up, self.log()
            time.sleep(0.05)


@contextmanager
def daemon(root: Path, **settings: Any) -> Iterator[Running]:
    """A daemon that is killed in the end if it is still there."""
    home = find({"RECIPFLOW_HOME": str(root)})
    if not home.config.exists():
        config.create(home.config, {"me.addresses": [ANN], "me.tz": "UTC", "digest.hour": 0, **settings})
    process = subprocess.Popen(
        [sys.executable, "-m", "recipflow", "run"],
        env=os.environ | {"RECIPFLOW_HOME": str(root), "PYTHONPATH": str(strangers(root / "site"))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield Running(home, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def account(connector: str, **more: str) -> dict[str, str]:
    return {"name": connector, "connector": connector, **more}


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    first = now_mail(1, ANN, DANA, "Hi Dana,\n\nCould you have a look at my plan for the shop?\n\nAnn")
    return mailbox(tmp_path / "mail.mbox", [first])


def ask() -> EmailMessage:
    return now_mail(
        5,
        DANA,
        ANN,
        "Hi Ann,\n\nCould you tell me which paint you used on the door?\n\nDana",
        In_Reply_To="<1@letters.example>",
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_five_seconds_of_being_told(tmp_path: Path, mails: Path, number: int) -> None:
    with daemon(tmp_path / "home", accounts=[account("watching", path=str(mails))]) as one:
        one.wait(lambda: one.did("advised"))
        told = time.monotonic()
        one.process.send_signal(number)
        assert one.process.wait(SOON) == 0
        assert time.monotonic() - told < 5.0
        assert one.log()[-1]["action"] == "stopped"
    assert running(one.home.database) is None


@pytest.mark.parametrize("kind", ["watching", "polled"])
def test_it_stops_in_time_though_connectors_hang_fail_and_crash_and_none_harms_another(
    tmp_path: Path, mails: Path, kind: str
) -> None:
    accounts = [account(one) for one in ("hanging", "failing", "crashing")] + [account(kind, path=str(mails))]
    with daemon(tmp_path / "home", accounts=accounts, **{"digest.via": f"maildir:{tmp_path / 'box'}"}) as one:
        one.wait(lambda: one.did("advised"))
        one.wait(lambda: one.did("account_stopped"))
        told = time.monotonic()
        one.process.send_signal(signal.SIGTERM)
        assert one.process.wait(SOON) == 0
        assert time.monotonic() - told < 5.0
        assert one.log()[-1]["action"] == "stopped"


def test_the_log_tells_nothing_about_anybody(tmp_path: Path, mails: Path) -> None:
    accounts = [account("failing"), account("watching", path=str(mails))]
    with daemon(tmp_path / "home", accounts=accounts) as one:
        one.wait(lambda: one.did("advised"))
        one.process.send_signal(signal.SIGTERM)
        one.process.wait(SOON)
        text = one.home.logs.read_text("utf-8")
    assert "dana" not in text.lower()
    assert "ann@" not in text.lower()
    assert "Letter" not in text


def test_a_second_daemon_on_the_same_database_is_refused_and_named(tmp_path: Path, mails: Path) -> None:
    with daemon(tmp_path / "home", accounts=[account("watching", path=str(mails))]) as one:
        one.wait(lambda: one.did("started"))
        with daemon(tmp_path / "home") as two:
            _, said = two.process.communicate(timeout=SOON)
            assert two.process.returncode == 1
            assert f"process {one.process.pid}" in said.decode()


def test_a_killed_daemon_leaves_no_lock_behind(tmp_path: Path, mails: Path) -> None:
    with daemon(tmp_path / "home", accounts=[account("watching", path=str(mails))]) as one:
        one.wait(lambda: one.did("started"))
        one.process.kill()
        one.process.wait(SOON)
        assert running(one.home.database) is None
        with daemon(tmp_path / "home") as two:
            two.wait(lambda: sum(line.get("action") == "started" for line in two.log()) == 2)


def test_what_arrives_is_advised_upon_without_waiting_for_a_poll(tmp_path: Path, mails: Path) -> None:
    """How soon is in bench/RESULTS.md."""
    box = tmp_path / "box"
    accounts = [account("watching", path=str(mails))]
    with daemon(
        tmp_path / "home", accounts=accounts, **{"digest.via": f"maildir:{box}", "daemon.poll_minutes": 1440}
    ) as one:
        one.wait(lambda: one.did("advised"))
        seen = len(one.log())
        with mails.open("ab") as file:
            file.write(b"From - Mon Mar  2 09:00:00 2026\n" + ask().as_bytes() + b"\n")
        one.wait(lambda: any(line.get("action") == "advised" for line in one.log()[seen:]))


@pytest.fixture
def engine(tmp_path: Path, mails: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("RECIPFLOW_HOME", str(tmp_path / "home"))
    return _engine(tmp_path / "home", mails)


@contextmanager
def at_rest(engine: Engine) -> Iterator[Daemon]:
    """A daemon in this process whose jobs are planned and do not begin."""
    one = Daemon(engine)
    one._children.look()
    one._around.other_config()
    one._arrange(engine.settings())
    one._jobs.start(paused=True)
    try:
        yield one
    finally:
        one._jobs.stop()
        one._watchers.stop()


def test_another_configuration_is_taken_up_and_one_with_faults_is_not(tmp_path: Path, engine: Engine) -> None:
    other = mailbox(tmp_path / "other.mbox", [ask()])
    with at_rest(engine) as one:
        assert {"pull mail", "digest", "daily", "due"} <= one._jobs.all().keys()
        one._check()
        assert "config" not in one._jobs.all()
        config.append(
            engine.home.config, "accounts", {"name": "other", "connector": "files", "paths": [str(other)]}
        )
        one._check()
        assert "config" in one._jobs.all()
        one._take_up()
        assert "pull other" in one._jobs.all()
        engine.home.config.write_text("this is = no toml =", encoding="utf-8")
        one._take_up()
        assert "pull other" in one._jobs.all()


def test_what_accounts_offer_is_asked_again_until_it_is_known(engine: Engine) -> None:
    with at_rest(engine) as one:
        one._unsettled = True  # as after a look that failed
        one._check()
        assert "config" in one._jobs.all()
        one._take_up()
        assert not one._unsettled


def test_a_calendar_is_left_alone_for_a_quarter_of_an_hour_and_mail_is_not(
    tmp_path: Path, engine: Engine
) -> None:
    calendar = {"name": "meetings", "connector": "ics", "path": str(tmp_path / "meetings.ics")}
    config.append(engine.home.config, "accounts", calendar)
    with at_rest(engine) as one:
        every = {name: job.trigger.interval for name, job in one._jobs.all().items() if "pull" in name}
    assert every == {"pull mail": timedelta(minutes=5), "pull meetings": timedelta(minutes=15)}


def test_after_a_sleep_every_account_is_pulled_once(engine: Engine) -> None:
    with at_rest(engine) as one:
        later = datetime.now(UTC) + timedelta(days=21)
        engine.clock = lambda: later
        one._around._clock = engine.clock
        one._check()
        pull = one._jobs.all()["pull mail"]
        assert pull.next_run_time <= datetime.now(UTC)
        assert (pull.coalesce, pull.misfire_grace_time) == (True, None)


def test_a_clock_set_back_makes_no_timer_late(engine: Engine) -> None:
    """Timers go by the wall clock: those set while it was an hour ahead would ring an hour late."""
    with at_rest(engine) as one:
        for job in one._jobs.all().values():
            job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
        earlier = datetime.now(UTC) - timedelta(hours=1)
        engine.clock = lambda: earlier
        one._around._clock = engine.clock
        one._check()
        assert one._jobs.all()["pull mail"].next_run_time <= datetime.now(UTC)
        one._take_up()
        coming = {name: job.next_run_time for name, job in one._jobs.all().items()}
        assert coming["due"] <= datetime.now(UTC) + timedelta(minutes=1)


def test_an_account_that_moved_to_another_server_is_waited_for_there(tmp_path: Path) -> None:
    opened: list[str] = []
    watchers = Watchers(
        Telling(lambda name: opened.append(name), lambda _: {}, lambda *_: None, lambda _: None)
    )
    watchers._mail["box"] = first = Watch("box", lambda: None, lambda: None)
    table = AccountTable.model_validate({"name": "box", "connector": "imap", "host": "a.example"})
    watchers._tables = {"box": table}
    watchers.arrange({"box": table}, {"box": ["watches"]})
    assert (watchers._mail["box"], opened) == (first, [])
    moved = AccountTable.model_validate({"name": "box", "connector": "imap", "host": "b.example"})
    watchers.arrange({"box": moved}, {"box": ["watches"]})
    assert opened == ["box"]
    assert first._stopped.is_set()


def test_the_lock_is_one_processs_at_a_time(tmp_path: Path) -> None:
    database = tmp_path / "recipflow.db"
    with held(database):
        assert running(database) == os.getpid()
        with pytest.raises(UserError, match="running already"), held(database):
            pass
    assert running(database) is None


def _engine(root: Path, mails: Path) -> Engine:
    home = find({"RECIPFLOW_HOME": str(root)})
    accounts = [{"name": "mail", "connector": "files", "paths": [str(mails)]}]
    config.create(home.config, {"me.addresses": [ANN], "me.tz": "UTC", "accounts": accounts})
    return Engine(home)
