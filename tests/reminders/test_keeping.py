"""Events follow the facts and the user, and nothing doubles, is lost or overwritten, whatever goes wrong on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from recipflow.connector import Busy
from recipflow.errors import TryLater, Uncertain
from recipflow.model import NudgeKind
from recipflow.reminders.keeping import Keeper
from recipflow.reminders.seeing import Seen
from recipflow.reminders.slots import Hours
from recipflow.reminders.wanted import Wanted
from recipflow.store import DeliveryForm, DeliveryState
from recipflow.testing.memory import NEVER, Fault, Killed, MemoryCalendar, MemoryEvents
from tests.outbox.killing import KillableStore

MONDAY = datetime(2026, 3, 16, 7, tzinfo=UTC)
HOURS = Hours(zone=UTC, days=range(5), begins=time(9), ends=time(17), length=timedelta(minutes=15))


def wanted(key: str, days: int = 0, length: int = 4) -> Wanted:
    opens = MONDAY + timedelta(days=days)
    return Wanted(
        key=key,
        kind=NudgeKind.ASK_NOW,
        contact=f"{key}@x.example",
        name=key.title(),
        opens=opens,
        closes=opens + timedelta(days=length),
    )


class Scene:
    """A calendar, a database, and the windows that stand."""

    def __init__(self) -> None:
        self.store, self.calendar = KillableStore(), MemoryEvents(foreign={"lunch": "Lunch"})
        self.wanted: dict[str, Wanted] = {}
        self.now = MONDAY
        self.told: list[Seen] = []

    def want(self, *all_of: Wanted) -> None:
        self.wanted = {one.key: one for one in all_of}

    def keeper(self, faults: Callable[[str], Fault] = NEVER) -> Keeper:
        self.courier = MemoryCalendar(self.calendar, faults=faults)
        return Keeper(
            store=self.store,
            channel="calendar",
            courier=self.courier,
            hours=HOURS,
            title=lambda name: f"{name} (note to self)",
            owner="daemon",
            told=self.told.append,
        )

    def keep(self, faults: Callable[[str], Fault] = NEVER) -> bool:
        self.store.dying = faults
        try:
            return self.keeper(faults).keep(self.wanted, self.now)
        except (Killed, TryLater, Uncertain):
            return False
        finally:
            self.store.dying = NEVER

    def settle(self) -> None:
        for _ in range(4):
            self.keep()

    @property
    def events(self) -> dict[str, datetime]:
        """Begin by title."""
        return {one.title: one.starts for one in self.calendar.events.values()}

    def state(self, key: str) -> DeliveryState | None:
        known = self.store.deliveries.get(key)
        return known.state if known else None

    def id(self) -> str:
        (one,) = self.calendar.events
        return one


@pytest.fixture
def empty() -> Iterator[Scene]:
    made = Scene()
    with closing(made.store):
        yield made


@pytest.fixture
def scene(empty: Scene) -> Scene:
    empty.want(wanted("dana"))
    empty.keep()
    return empty


def test_a_window_becomes_an_event_with_a_neutral_title_and_nothing_but_the_key(scene: Scene) -> None:
    (event,) = scene.calendar.events.values()
    assert (event.title, event.note) == ("Dana (note to self)", "recipflow why dana")
    assert event.starts == MONDAY.replace(hour=9)


def test_a_hundred_identical_runs_make_no_duplicate_and_write_nothing(scene: Scene) -> None:
    before = dict(scene.calendar.events)
    for _ in range(100):
        assert scene.keep()
        assert "write" not in scene.courier.calls
        assert "remove" not in scene.courier.calls
    assert scene.calendar.events == before


def test_nothing_is_asked_of_the_calendar_when_nothing_is_wanted(empty: Scene) -> None:
    assert empty.keep()
    assert empty.courier.calls == []


def test_when_the_window_moves_the_event_moves(scene: Scene) -> None:
    scene.want(wanted("dana", days=2))
    scene.keep()
    assert scene.events == {"Dana (note to self)": MONDAY.replace(hour=9) + timedelta(days=2)}


def test_an_event_whose_time_is_put_off_beyond_the_window_goes_and_comes_again_when_it_is_not(
    scene: Scene,
) -> None:
    late = replace(wanted("dana"), opens=MONDAY + timedelta(days=30))
    scene.want(late)
    scene.settle()
    assert scene.events == {}
    scene.want(wanted("dana", days=1))
    scene.settle()
    assert scene.events == {"Dana (note to self)": MONDAY.replace(hour=9) + timedelta(days=1)}


def test_an_event_that_stays_for_want_of_another_place_is_in_no_other_ones_way(scene: Scene) -> None:
    scene.calendar.busy.append(Busy(MONDAY, MONDAY + timedelta(days=60)))
    scene.keep()
    scene.calendar.busy.clear()
    scene.want(wanted("dana"), wanted("kwame"))
    scene.settle()
    assert sorted(scene.events.values()) == [MONDAY.replace(hour=9), MONDAY.replace(hour=9, minute=15)]


def test_when_a_meeting_takes_the_slot_the_event_gives_way(scene: Scene) -> None:
    scene.calendar.busy.append(Busy(MONDAY.replace(hour=9), MONDAY.replace(hour=10)))
    scene.keep()
    assert scene.events == {"Dana (note to self)": MONDAY.replace(hour=10)}


def test_two_events_do_not_lie_on_one_another(scene: Scene) -> None:
    scene.want(wanted("dana"), wanted("kwame"))
    scene.keep()
    assert sorted(scene.events.values()) == [MONDAY.replace(hour=9), MONDAY.replace(hour=9, minute=15)]


def test_when_the_facts_take_it_back_the_event_goes(scene: Scene) -> None:
    scene.want()
    scene.keep()
    assert scene.calendar.events == {}
    assert scene.state("dana") is DeliveryState.REMOVED


def test_when_it_stands_again_it_comes_again_under_an_id_that_is_free(scene: Scene) -> None:
    first = scene.id()
    scene.want()
    scene.keep()
    scene.want(wanted("dana"))
    scene.keep()
    assert scene.id() != first


def test_the_users_drag_is_a_snooze_and_stays_where_it_is(scene: Scene) -> None:
    moved = MONDAY + timedelta(days=3, hours=4)
    scene.calendar.drag(scene.id(), moved)
    scene.keep()
    scene.want(wanted("dana", days=1))
    scene.keep()
    assert scene.events == {"Dana (note to self)": moved}
    assert [one.snoozed for one in scene.told] == [moved]
    assert scene.state("dana") is DeliveryState.THEIRS


def test_what_the_user_moved_is_removed_when_the_facts_take_it_back(scene: Scene) -> None:
    scene.calendar.drag(scene.id(), MONDAY + timedelta(days=3))
    scene.keep()
    scene.want()
    scene.keep()
    assert scene.calendar.events == {}


def test_what_the_user_deleted_is_dismissed_and_never_comes_back(scene: Scene) -> None:
    scene.calendar.delete(scene.id())
    for _ in range(3):
        scene.keep()
    assert scene.calendar.events == {}
    assert [one.dismissed for one in scene.told] == [True]
    scene.want(wanted("dana"), wanted("dana-again"))
    scene.keep()
    assert list(scene.events) == ["Dana-Again (note to self)"]


def test_what_the_user_edited_is_respected(scene: Scene) -> None:
    scene.calendar.edit(scene.id(), "Ask Dana about the flat")
    scene.keep()
    scene.want(wanted("dana", days=2))
    scene.keep()
    assert scene.events == {"Ask Dana about the flat": MONDAY.replace(hour=9)}
    assert scene.told == []


def test_what_lies_in_the_past_stays_there_and_is_not_repeated(scene: Scene) -> None:
    scene.now = MONDAY + timedelta(days=1)
    scene.keep()
    assert scene.state("dana") is DeliveryState.OVER
    assert len(scene.calendar.events) == 1
    scene.want()
    scene.keep()
    assert len(scene.calendar.events) == 1


def test_two_laptops_on_one_calendar_share_the_event(scene: Scene) -> None:
    other = Scene()
    other.calendar = scene.calendar
    other.now = MONDAY + timedelta(hours=4)
    other.want(wanted("dana"))
    with closing(other.store):
        other.settle()
        scene.settle()
        assert other.state("dana") in (DeliveryState.OVER, DeliveryState.DELIVERED)
    assert len(scene.calendar.events) == 1


@pytest.mark.parametrize("call", ["write", "written", "busy", "commit"])
@pytest.mark.parametrize("fault", Fault)
def test_one_fault_at_any_step_delays_it_and_no_more(empty: Scene, call: str, fault: Fault) -> None:
    left = [fault]
    empty.want(wanted("dana"))
    empty.keep(lambda name: left.pop() if name == call and left else Fault.NONE)
    empty.settle()
    assert list(empty.events) == ["Dana (note to self)"]
    assert empty.state("dana") is DeliveryState.DELIVERED


def test_forgetting_a_person_takes_their_event_out_of_the_calendar(scene: Scene) -> None:
    scene.store.forget(["dana@x.example"])
    scene.want()
    scene.keep()
    assert scene.calendar.events == {}
    known = scene.store.deliveries.get("dana")
    assert known
    assert known.contact == known.content == ""
    assert "dana" not in known.wrote.lower()


PEOPLE = ("dana", "kwame", "ines")


class Calendars(RuleBasedStateMachine):
    """Facts, the user's hand, faults and deaths in any order."""

    @initialize()
    def begin(self) -> None:
        self.scene = Scene()
        self.left: dict[str, str] = {}  #: what the user made of an event: id -> title and begin
        self.deleted: set[str] = set()

    @rule(key=st.sampled_from(PEOPLE), days=st.integers(0, 6))
    def stands(self, key: str, days: int) -> None:
        self.scene.wanted[key] = wanted(key, days)

    @rule(key=st.sampled_from(PEOPLE))
    def stands_no_more(self, key: str) -> None:
        self.scene.wanted.pop(key, None)

    @rule(wrong=st.lists(st.sampled_from(Fault), max_size=10))
    def run_with_faults(self, wrong: list[Fault]) -> None:
        left = list(wrong)
        self.scene.keep(lambda _: left.pop() if left else Fault.NONE)

    @rule()
    def run(self) -> None:
        self.scene.keep()

    @rule(at=st.integers(0, 5), hours=st.integers(1, 60))
    def drag(self, at: int, hours: int) -> None:
        """Only what the outbox knows to be there: a move in the instant between is not told from our own."""
        if known := self._known(at):
            self.scene.calendar.drag(known, self.scene.now + timedelta(hours=hours))
            self._touched(known)

    @rule(at=st.integers(0, 5))
    def edit(self, at: int) -> None:
        if known := self._known(at):
            self.scene.calendar.edit(known, f"mine {len(self.left)}")
            self._touched(known)

    @rule(at=st.integers(0, 5))
    def delete(self, at: int) -> None:
        if known := self._known(at):
            self.scene.calendar.delete(known)
            self.deleted.add(self._key(known))
            self.left.pop(known, None)

    @rule(minutes=st.integers(1, 300))
    def time_passes(self, minutes: int) -> None:
        self.scene.now += timedelta(minutes=minutes)

    @invariant()
    def no_reminder_is_there_twice(self) -> None:
        notes = [event.note for event in self.scene.calendar.events.values()]
        assert len(notes) == len(set(notes))

    @invariant()
    def what_the_user_touched_is_as_they_left_it_or_gone(self) -> None:
        for id_, left in self.left.items():
            event = self.scene.calendar.events.get(id_)
            assert event is None or f"{event.title} {event.starts}" == left

    @invariant()
    def what_is_not_ours_is_untouched(self) -> None:
        assert self.scene.calendar.foreign == {"lunch": "Lunch"}

    def teardown(self) -> None:
        scene = self.scene
        scene.settle()
        there = {event.note.rpartition(" ")[2] for event in scene.calendar.events.values()}
        for key in PEOPLE:
            state = scene.state(key)
            if key in self.deleted:
                assert key not in there or state is not DeliveryState.DELIVERED
            elif key in scene.wanted and state is DeliveryState.DELIVERED:
                assert key in there
            elif key not in scene.wanted:
                assert key not in there or state is DeliveryState.OVER
        unsettled = scene.store.deliveries.of(DeliveryForm.REMINDER, states={DeliveryState.SENDING})
        assert unsettled == ()
        scene.store.close()

    def _known(self, at: int) -> str | None:
        rows = scene_rows(self.scene, {DeliveryState.DELIVERED, DeliveryState.THEIRS})
        there = [row for row in rows if row in self.scene.calendar.events]
        return there[at % len(there)] if there else None

    def _key(self, id_: str) -> str:
        rows = self.scene.store.deliveries.of(DeliveryForm.REMINDER)
        return next(row.key for row in rows if row.provider_id == id_)

    def _touched(self, id_: str) -> None:
        event = self.scene.calendar.events[id_]
        self.left[id_] = f"{event.title} {event.starts}"


def scene_rows(scene: Scene, states: set[DeliveryState]) -> list[str]:
    return [row.provider_id for row in scene.store.deliveries.of(DeliveryForm.REMINDER, states=states)]


TestCalendars = Calendars.TestCase
TestCalendars.settings = settings(
    max_examples=300, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_a_hundred_windows_are_each_an_event_once(empty: Scene) -> None:
    empty.want(*(replace(wanted(f"p{number}"), closes=MONDAY + timedelta(days=30)) for number in range(100)))
    empty.settle()
    assert len(empty.calendar.events) == 100
    assert len(set(empty.events.values())) == 100
