"""A process killed for real at each step of the outbox, with a provider that lives on: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recipflow.daemon.engine import Engine
from recipflow.demo import unpack
from recipflow.home import Home, find
from recipflow.outbox import digest_key
from recipflow.session import Session
from recipflow.store import Delivery, DeliveryForm, DeliveryState, LifeState
from recipflow.store.moving import SENT_HERE
from tests.daemon.golden import settings
from tests.daemon.simulation import Computer, Provider
from tests.fakes.google import Google
from tests.worlds.google import AtGoogle, at_google

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
ME = ("noor@haddad.example", "noor.haddad@gmail.com")
READ, MORNING = datetime(2025, 11, 19, 6, 50, tzinfo=UTC), datetime(2025, 11, 19, 7, 5, tzinfo=UTC)


@dataclass
class Killer:
    """Between the provider and the process: kills it at a request, before that is done or after."""

    at: int = 0
    after: bool = False
    kill: Callable[[], None] = lambda: None
    asked: int = 0

    def armed(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        def answering(*request: Any) -> Any:
            self.asked += 1
            fatal = self.asked == self.at
            if fatal and not self.after:
                self.kill()
            answered = answer(*request)
            if fatal and self.after:
                self.kill()
            return answered

        return answering


@dataclass
class Scene:
    """A morning at which a digest and an event are due, to be begun as often as one likes."""

    world: AtGoogle
    prepared: Path
    home: Home
    killer: Killer
    daemon: subprocess.Popen[str]
    ends: Counter[int] = field(default_factory=Counter)

    def begin(self) -> None:
        """As before that morning."""
        shutil.rmtree(self.home.database.parent)
        shutil.copytree(self.prepared, self.home.database.parent)
        _empty(self.world.google)

    def work(self, step: int = 0, at: datetime = MORNING) -> int:
        """One wake in a process of its own; how many steps it took, 0 when it was killed."""
        self.world.now = at
        assert self.daemon.stdin
        assert self.daemon.stdout
        self.daemon.stdin.write(f"{step} {at.isoformat()}\n")
        self.daemon.stdin.flush()
        number = int(self.daemon.stdout.readline())
        self.killer.kill = lambda: os.kill(number, signal.SIGKILL)
        code, taken = map(int, self.daemon.stdout.readline().split())
        self.ends[code] += 1
        assert code in (0, -signal.SIGKILL)
        return taken

    def until_done(self) -> None:
        """It is started again at once, and whenever something is due."""
        at = MORNING
        for _ in range(20):
            self.work(at=at)
            due = self._due(at)
            if due is None:
                return
            at = max(at, due)
        raise AssertionError("it comes to no end")

    def _due(self, at: datetime) -> datetime | None:
        return Engine(self.home, clock=lambda: at).due().outbox

    def outcome(self) -> Mapping[str, Any]:
        with Session.open(self.home) as session:
            rows = session.store.deliveries
            states = [(row.key, row.state) for form in FORMS for row in rows.of(form)]
            shown = [life.shown_count for life in session.store.decisions.lives().values()]
            new = [one.key for one in session.store.decisions.lives().values() if one.state is LifeState.NEW]
        letters = [(one.token, one.keys) for one in self.world.posted()]
        return {
            "letters": letters,
            "events": sorted(self.world.put_up()),
            "states": states,
            "shown": shown,
            "new": new,
        }


FORMS = (DeliveryForm.LETTER, DeliveryForm.REMINDER)


def _empty(google: Google) -> None:
    for one in list(google.mail.mails):
        google.mail.delete(one)
    for ref in [ref for ref, one in google.calendars.all.items() if one.by_app]:
        del google.calendars.all[ref]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("killed")
    files = unpack(folder)
    with at_google(files, ME) as world:
        computer = Computer(folder / "home", Provider(), READ, settings(files.people), world=world)
        world.arrive(READ)
        for account in world.reads:
            computer.engine().pull(account)
        world.now = MORNING
        computer.engine().pull("mail")
        _sent_yesterday(computer)
        shutil.copytree(folder / "home", folder / "prepared")
        killer = Killer()
        world.google.answer = killer.armed(world.google.answer)  # type: ignore[method-assign]
        home = find({"RECIPFLOW_HOME": str(folder / "home")})
        with _dying(folder / "home") as daemon:
            yield Scene(world, folder / "prepared", home, killer, daemon)


def _sent_yesterday(computer: Computer) -> None:
    """So it is this computer's turn to send: the letter leaves in the wake that is killed, not minutes later."""
    with computer.session() as session, session.store.transaction():
        via, at = session.settings.digest.via, MORNING - timedelta(1)
        key = digest_key(via, at.date())
        sent = Delivery(
            key=key,
            form=DeliveryForm.LETTER,
            channel=via,
            state=DeliveryState.DELIVERED,
            staged_at=at,
            settled_at=at,
        )
        session.store.deliveries.put([sent])
        session.store.note(SENT_HERE, key)


@contextmanager
def _dying(home: Path) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "tests.outbox.dying", str(home)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout
        assert daemon.stdout.readline() == "ready\n"
        yield daemon
        assert daemon.stdin
        daemon.stdin.close()


@pytest.fixture(scope="module")
def calm(scene: Scene) -> tuple[int, int, Mapping[str, Any]]:
    """Its steps, its requests, and what it came to."""
    scene.begin()
    scene.killer.asked = 0
    steps = scene.work()
    asked = scene.killer.asked
    scene.until_done()
    return steps, asked, scene.outcome()


def test_undisturbed_a_letter_is_sent_and_events_are_put_up(calm: tuple[int, int, Mapping[str, Any]]) -> None:
    steps, requests, outcome = calm
    assert steps > 20
    assert requests > 8
    assert len(outcome["letters"]) == 1
    assert len(outcome["events"]) >= 2
    assert {state for _, state in outcome["states"]} == {DeliveryState.DELIVERED}


def test_killed_before_any_beginning_or_end_of_a_transaction(
    scene: Scene, calm: tuple[int, int, Mapping[str, Any]]
) -> None:
    steps, _, outcome = calm
    for step in range(1, steps + 1):
        scene.begin()
        assert scene.work(step) == 0
        scene.until_done()
        assert scene.outcome() == outcome, f"step {step} of {steps}"


@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "after it is done"])
def test_killed_at_any_request(scene: Scene, calm: tuple[int, int, Mapping[str, Any]], after: bool) -> None:
    _, requests, outcome = calm
    for number in range(1, requests + 1):
        scene.begin()
        scene.killer.asked, scene.killer.at, scene.killer.after = 0, number, after
        assert scene.work() == 0
        scene.killer.at = 0
        scene.until_done()
        assert scene.outcome() == outcome, f"request {number} of {requests}"
