"""A month in counts: what is counted as what, honest intervals, and nothing said of too few."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow.ledger import fold, steps
from recipflow.model import ActType, Channel, Entry, Kind, Side
from recipflow.review import Trace, share, spread, trace
from tests.cli.told import Told, told
from tests.ledgers import DANA, MONDAY, ZONE, act, entry, terms_of
from tests.letters import correspondence
from tests.test_ledger import LEDGERS

ME, THEM = Side.ME, Side.THEM
ASK, GIVE, GRANT, THANKS, PROMISE = (
    ActType.ASK,
    ActType.GIVE,
    ActType.GRANT,
    ActType.THANKS,
    ActType.PROMISE,
)
START = MONDAY.timestamp() / 86_400


def traced(entries: list[Entry], day: float) -> Trace:
    now = START + day
    return trace(
        [one for one in entries if one.at <= MONDAY + timedelta(days=day)], terms_of(DANA), now, ZONE
    )


def test_a_favour_is_thanked_for_when_it_is_and_waits_until_then() -> None:
    favour = entry(0, THEM, act(GIVE, 4, notable=True))
    assert traced([favour, entry(3, ME, act(THANKS))], 10).thanked == [(START, START + 3)]
    assert traced([favour], 10).thanked == [(START, None)]


def test_a_promise_is_kept_in_time_late_or_not_at_all() -> None:
    promised = entry(0, ME, act(PROMISE, kind=Kind.RESOURCE, due=date(2026, 3, 6)), thread="p")
    kept = entry(3, ME, act(GIVE, 1, Kind.RESOURCE), thread="p")
    late = entry(8, ME, act(GIVE, 1, Kind.RESOURCE), thread="p")
    assert [ok for _, ok in traced([promised, kept], 20).promised] == [True]
    assert [ok for _, ok in traced([promised, late], 20).promised] == [False]
    assert [ok for _, ok in traced([promised], 20).promised] == [False]
    assert traced([promised], 2).promised == []
    assert traced([promised], 4.3).promised == []  # the day itself is not over
    assert [ok for _, ok in traced([promised], 5).promised] == [False]


def test_a_promise_to_meet_is_kept_by_the_meeting_whoever_called_it() -> None:
    promised = entry(0, ME, act(PROMISE, kind=Kind.MEETING, due=date(2026, 3, 6)), thread="p")
    for by in Side:
        met = entry(3, by, act(GIVE, 1, Kind.MEETING), thread="m", channel=Channel.MEETING)
        assert [ok for _, ok in traced([promised, met], 20).promised] == [True]


def test_asks_are_told_apart_by_their_window_and_the_days_from_give_to_yes_are_counted() -> None:
    gift = entry(0, ME, act(GIVE, 6, Kind.ADVICE, notable=True), thread="g")
    thanked = entry(0.5, THEM, act(THANKS), thread="g")
    asked = entry(3, ME, act(ASK, 2), thread="a")
    yes = entry(5, THEM, act(GRANT), thread="a")
    inside = traced([gift, thanked, asked, yes], 10)
    assert inside.asked == [(START + 3, True, True)]
    assert [round(days, 6) for _, days in inside.give_to_yes] == [5.0]
    outside = traced([asked, yes], 10)
    assert outside.asked == [(START + 3, False, True)]
    assert outside.give_to_yes == []
    assert traced([asked], 10).asked == [(START + 3, False, False)]


@given(LEDGERS, st.floats(31, 90))
def test_tracing_folds_as_folding_does(entries: list[Entry], day: float) -> None:
    now = START + day
    last = [books for books, _, _ in steps(entries, terms_of(DANA), now)]
    folded = fold(entries, terms_of(DANA), now)
    assert not entries or last[-1].close().standing == folded.standing
    found = traced(entries, day)
    assert all(said is None or said >= at for at, said in found.thanked)
    assert all(days >= 0 for _, days in found.give_to_yes)


def test_of_fewer_than_twenty_nothing_is_said() -> None:
    assert share(19, 19) == (19, 19, None, None)
    assert spread([1.0] * 19) == (19, None, None, None)


def test_an_interval_holds_the_share_and_narrows_with_more_cases() -> None:
    few, many = share(10, 20), share(500, 1000)
    assert few.low is not None
    assert few.high is not None
    assert many.low is not None
    assert many.high is not None
    assert 0.29 < few.low < 0.31  # Wilson: 0.299 to 0.701
    assert 0.69 < few.high < 0.71
    assert few.low < many.low < 0.5 < many.high < few.high
    assert share(20, 20).high == 1.0


@given(st.integers(20, 5000), st.data())
def test_no_interval_leaves_zero_to_one(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, of))
    found = share(hits, of)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= hits / of + 1e-9
    assert hits / of - 1e-9 <= found.high <= 1


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    return told(capsys, tmp_path, monkeypatch, correspondence())


def test_the_command_counts_and_says_when_there_is_too_little(shell: Told) -> None:
    said = shell.run("review", "--month", "2026-03")
    assert "Thanks within a week: 0 of 1, too few to say." in said
    assert "Asks outside, answered by yes: 1 of 1, too few to say." in said
    shell.run("snooze", shell.key("thank", "dana@harbour.example"))
    shell.at += timedelta(days=1)
    assert shell.json("review")["corrections"] == {"snooze": 1}
    shell.run("review", "--month", "2026-13", code=2)


def test_nobody_is_named_in_it(shell: Told) -> None:
    said = shell.run("review", "--month", "2026-03") + str(shell.json("review"))
    assert "Dana" not in said
    assert "harbour" not in said
