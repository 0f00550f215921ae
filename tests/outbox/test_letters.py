"""A letter is delivered once, through dropped connections, deaths at every step, and two processes at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recipflow.errors import AuthNeeded, TryLater
from recipflow.outbox import deliver_letter, digest_key, digest_token, stage_letter
from recipflow.outbox.letters import AGAIN_AFTER, LEASE, LOOK_AFTER, TOO_OLD, Outcome
from recipflow.store import DeliveryState, Store
from recipflow.testing.couriers import LETTER, NOW
from recipflow.testing.memory import NEVER, Fault, Killed, MemoryMail, MemoryMailbox
from tests.outbox.killing import KillableStore

KEY = digest_key("mail", NOW.date())


class Clock:
    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Scene:
    """A mailbox, a database, and a clock; processes come and go."""

    def __init__(self, *, lag: timedelta = timedelta(0), blind: bool = False) -> None:
        self.mailbox, self.clock, self.store = MemoryMailbox(), Clock(), KillableStore()
        self.lag, self.blind = lag, blind
        with self.store.transaction():
            stage_letter(self.store, KEY, "mail", LETTER, NOW)

    def courier(self, faults: Callable[[str], Fault] = NEVER) -> MemoryMail:
        return MemoryMail(self.mailbox, self.clock, faults=faults, lag=self.lag, blind=self.blind)

    def deliver(self, faults: Callable[[str], Fault] = NEVER, owner: str = "one") -> Outcome | None:
        self.store.dying = faults
        try:
            return deliver_letter(self.store, KEY, self.courier(faults), owner=owner, clock=self.clock)
        except Killed:
            return None
        finally:
            self.store.dying = NEVER

    @property
    def state(self) -> DeliveryState:
        known = self.store.deliveries.get(KEY)
        assert known
        return known.state

    def until_settled(self) -> None:
        """Every minute somebody tries what is due, as the daemon does."""
        for _ in range(200):
            if self.state not in (DeliveryState.STAGED, DeliveryState.SENDING):
                return
            if self.store.deliveries.due(self.clock.at):
                self.deliver(owner="last")
            self.clock.at += timedelta(minutes=1)
        raise AssertionError("it is never settled")


def once(at: str, fault: Fault) -> Callable[[str], Fault]:
    """That fault in the first call of that name."""
    left = [fault]
    return lambda call: left.pop() if call == at and left else Fault.NONE


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    with closing(made.store):
        yield made


faults = st.sampled_from(Fault)
steps = st.lists(
    st.tuples(
        st.sampled_from(["one", "two"]),
        st.lists(faults, min_size=6, max_size=6),
        st.integers(min_value=0, max_value=40),
    ),
    max_size=6,
)


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=steps, lag=st.integers(min_value=0, max_value=10))
def test_whatever_goes_wrong_a_letter_comes_exactly_once(
    steps: list[tuple[str, list[Fault], int]], lag: int
) -> None:
    """`lag`: minutes until a mailbox shows what was sent to it."""
    scene = Scene(lag=timedelta(minutes=lag))
    for owner, wrong, minutes in steps:
        left = list(wrong)
        scene.deliver(lambda _: left.pop() if left else Fault.NONE, owner)  # noqa: B023
        scene.clock.at += timedelta(minutes=minutes)
        assert len(scene.mailbox.letters) <= 1
    scene.until_settled()
    assert scene.state is DeliveryState.DELIVERED
    assert scene.mailbox.tokens() == [LETTER.token]
    scene.store.close()


@settings(max_examples=200, deadline=None)
@given(steps=steps)
def test_where_nobody_can_look_it_comes_at_least_once(steps: list[tuple[str, list[Fault], int]]) -> None:
    scene = Scene(blind=True)
    for owner, wrong, minutes in steps:
        left = list(wrong)
        scene.deliver(lambda _: left.pop() if left else Fault.NONE, owner)  # noqa: B023
        scene.clock.at += timedelta(minutes=minutes)
    scene.until_settled()
    assert set(scene.mailbox.tokens()) == {LETTER.token}
    if len(scene.mailbox.letters) > 1:
        known = scene.store.deliveries.get(KEY)
        assert known
        assert "twice" in known.problem
    scene.store.close()


@pytest.mark.parametrize("call", ["send", "sent", "commit"])
@pytest.mark.parametrize("fault", Fault)
def test_one_fault_at_any_step_delays_it_and_no_more(scene: Scene, call: str, fault: Fault) -> None:
    scene.deliver(once(call, fault))
    scene.until_settled()
    assert scene.mailbox.tokens() == [LETTER.token]


def test_a_letter_that_may_have_been_sent_is_looked_for_before_it_is_sent_again(scene: Scene) -> None:
    scene.deliver(once("send", Fault.LOST_AFTER))
    assert scene.state is DeliveryState.SENDING
    scene.clock.at += LOOK_AFTER
    outcome = scene.deliver()
    assert outcome
    assert outcome.delivered
    assert not outcome.found
    assert len(scene.mailbox.letters) == 1


def test_a_lost_one_is_sent_again_only_when_it_would_long_be_there(scene: Scene) -> None:
    scene.deliver(once("send", Fault.LOST_BEFORE))
    scene.clock.at += LOOK_AFTER
    scene.deliver()
    assert scene.mailbox.letters == []
    scene.clock.at = NOW + AGAIN_AFTER
    scene.deliver()
    assert len(scene.mailbox.letters) == 1


def test_another_computers_digest_of_the_day_is_not_sent_again(scene: Scene) -> None:
    scene.mailbox.letters.append((NOW - timedelta(minutes=3), LETTER))
    outcome = scene.deliver()
    assert outcome
    assert outcome.found
    assert len(scene.mailbox.letters) == 1
    assert digest_token("ann@haven.example", NOW.date()) == digest_token("ann@haven.example", NOW.date())


def test_two_processes_do_not_work_on_one_letter_until_the_lease_of_a_dead_one_ends(scene: Scene) -> None:
    scene.deliver(once("send", Fault.KILLED_BEFORE), owner="one")
    assert scene.deliver(owner="two") is None
    scene.clock.at += LEASE
    assert scene.deliver(owner="two")


def test_a_busy_provider_is_asked_again_when_it_says(scene: Scene) -> None:

    class Busy(MemoryMail):
        def send(self, letter: object) -> str:
            raise TryLater("busy", after=1800)

    deliver_letter(scene.store, KEY, Busy(scene.mailbox, scene.clock), owner="one", clock=scene.clock)
    assert scene.state is DeliveryState.STAGED
    assert scene.store.deliveries.next_try() == NOW + timedelta(minutes=30)


def test_an_account_that_needs_the_user_is_tried_within_the_hour_and_keeps_why(scene: Scene) -> None:

    class Locked(MemoryMail):
        def send(self, letter: object) -> str:
            raise AuthNeeded("the password was changed", command="recipflow connect imap")

    deliver_letter(scene.store, KEY, Locked(scene.mailbox, scene.clock), owner="one", clock=scene.clock)
    known = scene.store.deliveries.get(KEY)
    assert known
    assert (known.problem, known.next_try) == ("the password was changed", NOW + timedelta(hours=1))


def test_a_courier_with_a_fault_of_its_own_counts_as_uncertain(scene: Scene) -> None:

    class Broken(MemoryMail):
        def send(self, letter: object) -> str:
            raise RuntimeError("no such attribute")

    deliver_letter(scene.store, KEY, Broken(scene.mailbox, scene.clock), owner="one", clock=scene.clock)
    assert scene.state is DeliveryState.SENDING
    scene.until_settled()
    assert len(scene.mailbox.letters) == 1


def test_what_is_not_sent_within_its_day_is_given_up(scene: Scene) -> None:
    scene.clock.at += TOO_OLD + timedelta(minutes=1)
    scene.deliver()
    assert scene.state is DeliveryState.FAILED
    assert scene.mailbox.letters == []


def test_a_newer_letter_takes_the_place_of_one_that_never_left(scene: Scene) -> None:
    tomorrow = digest_key("mail", NOW.date() + timedelta(days=1))
    with scene.store.transaction():
        assert stage_letter(scene.store, tomorrow, "mail", LETTER, NOW + timedelta(days=1))
        assert not stage_letter(scene.store, tomorrow, "mail", LETTER, NOW + timedelta(days=1))
    assert scene.state is DeliveryState.FAILED


@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
def test_what_follows_from_its_being_there_is_kept_with_it_or_not_at_all(scene: Scene, fault: Fault) -> None:
    left = [fault, Fault.NONE, Fault.NONE]  # the third commit is the one that settles it
    scene.store.dying = lambda _: left.pop()
    with pytest.raises(Killed):
        deliver_letter(
            scene.store,
            KEY,
            scene.courier(),
            owner="one",
            clock=scene.clock,
            delivered=lambda one: scene.store.note("delivered", one.key),
        )
    settled = scene.state is DeliveryState.DELIVERED
    assert settled is (fault is Fault.KILLED_AFTER)
    assert (scene.store.noted("delivered") == KEY) is settled


def test_the_words_of_a_letter_are_not_kept_once_it_is_there(scene: Scene) -> None:
    scene.deliver()
    known = scene.store.deliveries.get(KEY)
    assert known
    assert known.content == ""


def test_a_fresh_outbox_has_nothing_to_do() -> None:
    with Store() as store:
        assert store.deliveries.next_try() is None
        assert store.deliveries.due(NOW) == ()
