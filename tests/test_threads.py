from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow.model import Message, Party
from recipflow.threads import thread_all
from recipflow.threads.links import link_of
from recipflow.threads.subjects import Marker, marker, subject_key
from tests.gold import gold_messages, gold_truth
from tests.remembered import MemoryThreads

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def message(
    name: str,
    day: float,
    sender: str = "a",
    to: Sequence[str] = ("b",),
    subject: str = "lunch",
    *,
    answers: str = "",
    references: Sequence[str] = (),
    hint: str = "",
) -> Message:
    return Message(
        id=name,
        at=START + timedelta(days=day),
        sender=Party(f"{sender}@x.example"),
        to=tuple(Party(f"{address}@x.example") for address in to),
        subject=subject,
        in_reply_to=answers,
        references=tuple(references),
        thread_hint=hint,
    )


def threads(*messages: Message) -> dict[str, str]:
    index = MemoryThreads()
    for each in messages:
        index.add(each)
    return index.threads()


@pytest.mark.parametrize(
    ("subject", "key", "said"),
    [
        ("Lunch", "lunch", Marker.NONE),
        ("Re: Lunch", "lunch", Marker.REPLY),
        ("RE: FW: Lunch", "lunch", Marker.REPLY),
        ("Fwd: Re: Lunch", "lunch", Marker.FORWARD),
        ("AW: SV: Antw: RV: Lunch", "lunch", Marker.REPLY),
        ("Re[2]: Re(3): lunch", "lunch", Marker.REPLY),
        ("[ixd-pt] Re: [ixd-pt] Lunch", "lunch", Marker.REPLY),
        ("回复：Lunch", "lunch", Marker.REPLY),
        ("Re : Lunch  on\tMonday", "lunch on monday", Marker.REPLY),
        ("Regards: a study", "regards: a study", Marker.NONE),
        ("[urgent]", "[urgent]", Marker.NONE),
        ("Lunch (fwd)", "lunch", Marker.NONE),
        ("Re:", "", Marker.REPLY),
        ("", "", Marker.NONE),
    ],
)
def test_a_subject_key_drops_markers_and_tags(subject: str, key: str, said: Marker) -> None:
    assert (subject_key(subject), marker(subject)) == (key, said)


def test_a_long_row_of_markers_takes_no_time() -> None:
    assert len(subject_key("Re: " * 100_000)) < 300


def test_a_reply_joins_the_message_it_names() -> None:
    assert threads(message("1", 0), message("2", 1, "b", "a", subject="x", answers="1")) == {
        "1": "1",
        "2": "1",
    }


def test_messages_that_name_the_same_unseen_message_are_one_thread() -> None:
    found = threads(
        message("1", 0, references=["ghost"]), message("2", 1, "b", references=["ghost"], subject="y")
    )
    assert found == {"1": "1", "2": "1"}


def test_a_provider_thread_id_joins() -> None:
    assert threads(message("1", 0, hint="7"), message("2", 1, subject="y", hint="7"))["2"] == "1"


def test_a_reply_without_headers_answers_the_latest_message_to_its_sender() -> None:
    found = threads(
        message("old", 0, "a", ["b"]),
        message("other", 5, "c", ["b"]),
        message("reply", 6, "b", ["a"], subject="Re: lunch"),
    )
    assert found == {"old": "old", "other": "other", "reply": "old"}


def test_a_reply_by_strangers_to_a_common_subject_stays_alone() -> None:
    assert threads(message("1", 0), message("2", 1, "c", ["d"], subject="Re: lunch"))["2"] == "2"


def test_a_reply_after_a_month_starts_anew() -> None:
    assert threads(message("1", 0), message("2", 31, "b", ["a"], subject="Re: lunch"))["2"] == "2"


def test_a_daily_report_is_a_new_thread_each_day() -> None:
    found = threads(*(message(str(day), day, subject="Daily report") for day in range(5)))
    assert len(set(found.values())) == 5


def test_an_answer_without_a_marker_counts_only_when_it_goes_back() -> None:
    found = threads(message("1", 0, "a", ["b"]), message("2", 1, "b", ["a"]), message("3", 2, "b", ["c"]))
    assert found == {"1": "1", "2": "1", "3": "3"}


def test_in_a_list_archive_without_recipients_the_subject_is_enough() -> None:
    assert threads(message("1", 0, "a", ()), message("2", 1, "b", ()), message("3", 9, "c", ()))["3"] == "1"


def test_a_forward_without_headers_starts_a_thread() -> None:
    assert threads(message("1", 0, "a", ["b"]), message("2", 1, "b", ["a"], subject="Fw: lunch"))["2"] == "2"


def test_a_reply_to_a_newcomer_alone_is_a_forward() -> None:
    assert threads(message("1", 0, "a", ["b"]), message("2", 1, "b", ["c"], subject="Re: lunch"))["2"] == "2"


def test_a_reply_from_an_alias_to_the_sender_is_an_answer() -> None:
    assert (
        threads(message("1", 0, "a", ["team"]), message("2", 1, "b", ["a"], subject="Re: lunch"))["2"] == "1"
    )


def test_a_message_without_a_subject_is_never_linked_by_it() -> None:
    assert threads(message("1", 0, subject=""), message("2", 1, "b", ["a"], subject="Re:"))["2"] == "2"


def test_a_late_first_message_renames_its_thread_and_says_so() -> None:
    index = MemoryThreads()
    index.add(message("2", 1, answers="1"))
    change = index.add(message("1", 0))
    assert (change.thread, change.relabelled) == ("1", ("2",))


def test_a_late_message_parts_a_thread_that_only_seemed_one() -> None:
    index = MemoryThreads()
    index.add(message("1", 0, "a", ["b", "c"]))
    index.add(message("reply", 8, "c", ["b"], subject="Re: lunch"))
    assert index.threads()["reply"] == "1"
    change = index.add(message("2", 4, "b", ["c"]))
    assert (change.relabelled, index.threads()["reply"]) == (("reply",), "2")


def test_seeing_a_message_twice_changes_nothing() -> None:
    index = MemoryThreads()
    index.add(message("1", 0))
    before = index.threads()
    assert index.add(message("1", 0)).links == ()
    assert index.threads() == before


names = st.sampled_from("abcdefgh")
people = st.sampled_from("pqrs")
mail = st.builds(
    message,
    names,
    st.integers(0, 70),
    people,
    st.lists(people, max_size=2),
    st.sampled_from(["x", "Re: x", "Fwd: x", "Re: y", "y", ""]),
    answers=st.one_of(st.just(""), st.just(""), names, st.just("ghost")),
    references=st.one_of(st.just([]), st.just([]), st.lists(names, max_size=2)),
    hint=st.sampled_from(["", "", "", "h"]),
)


@given(st.lists(mail, max_size=8, unique_by=lambda each: each.id), st.randoms())
def test_threads_do_not_depend_on_the_order_of_arrival(
    messages: list[Message], chance: random.Random
) -> None:
    expected = thread_all(map(link_of, messages))
    chance.shuffle(messages)
    index = MemoryThreads()
    seen: dict[str, str] = {}
    for each in messages:
        change = index.add(each)
        told = {item.id for item in change.links if item.id in seen and seen[item.id] != item.thread}
        assert set(change.relabelled) == told
        assert {i for i, thread in index.threads().items() if i in seen and seen[i] != thread} == told
        seen = index.threads()
    assert seen == expected
    found = ((each.id, index.get(each.id)) for each in messages)
    assert {name: item.parent for name, item in found if item and item.parent} == expected.parents


def test_a_thousand_messages_of_one_subject_newest_first_stay_cheap() -> None:
    row = [message(str(n), n / 1000, "ab"[n % 2], "ba"[n % 2], "Re: x") for n in range(1000)]
    assert set(threads(*reversed(row)).values()) == {"0"}


def test_gold_threads_are_found_without_provider_ids() -> None:
    truth = {row["message_id"]: row["thread"] for row in gold_truth() if "message_id" in row}
    messages = [each for each in gold_messages() if each.id in truth]
    found = thread_all(link_of(each) for each in messages)
    together = Counter((truth[each.id], found[each.id]) for each in messages)
    right = sum(max(n for (t, _), n in together.items() if t == thread) for thread in set(truth.values()))
    assert right / len(messages) > 0.98
