from __future__ import annotations

import time
import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow.errors import UserError
from recipflow.machines import Machines
from recipflow.machines.absence import away_until
from recipflow.machines.rules import machine_rules
from recipflow.model import Form, Message, Party
from tests.gold import ME, gold_machines, gold_messages

PACK = tomllib.loads((Path(__file__).parents[1] / "rules/recipflow_rules/machine.toml").read_text("utf-8"))
MACHINES = Machines(PACK)
ME_ONLY = frozenset({"me@x.example"})


def letter(
    sender: str = "ana@y.example",
    name: str = "Ana Lima",
    subject: str = "lunch",
    body: str = "Shall we?",
    headers: Mapping[str, str] | None = None,
    day: date = date(2026, 1, 5),
    form: Form = Form.PLAIN,
) -> Message:
    return Message(
        id="1",
        at=datetime(day.year, day.month, day.day, 10, tzinfo=UTC),
        sender=Party(sender, name),
        to=(Party("me@x.example", "Me Myself"),),
        subject=subject,
        body=body,
        form=form,
        headers=headers or {},
    )


@pytest.mark.parametrize("table", PACK["rule"], ids=lambda table: table["id"])
def test_every_example_of_a_rule_comes_out_as_it_says(table: dict[str, object]) -> None:
    pack = {**PACK, "rule": [table]}
    (rule,), alone = machine_rules(pack), Machines(pack)
    for wanted, examples in ((True, rule.matches), (False, rule.misses)):
        for example in examples:
            found = alone.rule(example, frozenset(party.address for party in example.to))
            assert (found is not None) is wanted, f"{example.sender.address} {example.subject!r}"


def test_gold_machines_are_all_found_with_their_kind_and_no_human_is_taken_for_one() -> None:
    kinds = gold_machines()
    found = {message.id: MACHINES.kind(message, ME) for message in gold_messages()}
    assert [name for name, kind in found.items() if kind and name not in kinds] == []
    assert [name for name in kinds if not found[name]] == []
    right = Counter(found[name] == kind for name, kind in kinds.items())
    assert right[True] / right.total() >= 0.95


def test_a_letter_is_from_a_human() -> None:
    assert MACHINES.kind(letter(), ME_ONLY) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"feedback-id": "0000:user:proton"},
        {"auto-submitted": "no"},
        {"x-mailer": "iPhone Mail (22A3354)", "content-type": "multipart/alternative; boundary=x"},
        {"x-auto-response-suppress": "DR, RN, NRN, OOF, AutoReply"},
        {"sender": "assistant@y.example", "reply-to": "ana@other.example"},
        {"return-path": "<ana@y.example>"},
    ],
)
def test_headers_that_people_s_own_mail_carries_make_no_machine(headers: dict[str, str]) -> None:
    assert MACHINES.kind(letter(headers=headers), ME_ONLY) is None


@pytest.mark.parametrize("local", ["hello", "info", "billing", "support", "office", "studio"])
def test_a_letter_from_a_role_address_is_from_a_human(local: str) -> None:
    assert MACHINES.kind(letter(f"{local}@y.example", "Studio Aalto", "our talk"), ME_ONLY) is None


def test_what_the_user_sent_is_never_a_machine_s() -> None:
    mine = letter("me@x.example", subject="Automatic reply: x", headers={"auto-submitted": "auto-replied"})
    assert MACHINES.kind(mine, ME_ONLY) is None


def test_an_answer_to_an_automatic_reply_is_from_a_human() -> None:
    assert MACHINES.kind(letter(subject="RE: Out of Office: plan"), ME_ONLY) is None


def test_lone_surrogates_do_no_harm() -> None:
    assert MACHINES.kind(letter(name="\udcff", subject="\udcff é", body="\ud800 é" * 10), ME_ONLY) is None


@given(
    st.text(max_size=60),
    st.text(max_size=200),
    st.dictionaries(st.sampled_from(["sender", "list-id"]), st.text()),
)
def test_no_message_makes_the_rules_raise(subject: str, body: str, headers: dict[str, str]) -> None:
    message = letter(subject, subject, subject, body, headers)
    MACHINES.kind(message, ME_ONLY)
    MACHINES.carried_for(message)
    away_until(message)


@pytest.mark.parametrize(
    ("message", "giver"),
    [
        (
            letter(
                "drive-shares-dm-noreply@google.example",
                "Dana Ruiz (via Google Drive)",
                'Document shared with you: "Notes"',
                headers={"reply-to": "Dana Ruiz <Dana@b.example>"},
            ),
            Party("dana@b.example", "Dana Ruiz"),
        ),
        (
            letter(
                "no-reply@dropbox.example",
                "Dropbox",
                'Dana Ruiz shared "Notes" with you',
                "Hi Me, Dana Ruiz (dana@b.example) invited you to view the file",
            ),
            Party("dana@b.example", "Dana Ruiz"),
        ),
        (
            letter(
                "no-reply@loom.example", "Loom", "Dana Ruiz shared a video with you", "Watch it: https://x"
            ),
            Party("", "Dana Ruiz"),
        ),
        (
            letter(
                "noreply@wetransfer.example", "WeTransfer", "dana@b.example sent you files via WeTransfer"
            ),
            Party("dana@b.example", ""),
        ),
        (letter("no-reply@figma.example", "Figma", "Bex commented on Builder"), None),
        (letter(subject="Dana Ruiz shared a video with you"), None),
    ],
)
def test_a_share_is_the_gift_of_the_person_it_names(message: Message, giver: Party | None) -> None:
    assert MACHINES.carried_for(message) == giver


def test_a_faulty_pack_is_refused_with_every_problem() -> None:
    rules = [
        {"id": "a", "kind": "k", "because": "b", "subject": ["(?=x)"], "matches": [{"subject": "x"}], "not": [{"body": ""}]},
        {"id": "b", "kind": "k", "colour": 1, "header": {"x-unknown": ["y"]}},
    ]  # fmt: skip
    with pytest.raises(UserError) as caught:
        Machines({"rule": rules})
    said = "\n".join(caught.value.problems)
    for part in (
        "not in the dialect",
        "'body'",
        "'colour'",
        "x-unknown",
        "'matches' is missing",
        "'because' is missing",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("I'm out until 13 January.", date(2026, 1, 13)),
        ("Away until Sunday 11 January and will answer from Monday 12 January.", date(2026, 1, 12)),
        ("Closed December 20 through January 4. I'll be back on January 6, 2026.", date(2026, 1, 6)),
        ("Back on Monday 24 August.", date(2026, 8, 24)),
        ("I will return on the 15th.", date(2026, 1, 15)),
        ("I am away from 8 to 15 January", date(2026, 1, 15)),
        ("returning 1/12", date(2026, 1, 12)),
        ("back on Monday", date(2026, 1, 12)),
        ("back tomorrow", date(2026, 1, 6)),
        ("Ich bin bis zum 13.01. nicht im Büro.", date(2026, 1, 13)),
        ("Ab dem 19. Januar bin ich wieder da.", date(2026, 1, 19)),
        ("Vom 20.12. bis 10.1. bin ich nicht da", date(2026, 1, 10)),
        ("Estou fora até 22 de fevereiro.", date(2026, 2, 22)),
        ("De férias de 3 a 15 de fevereiro", date(2026, 2, 15)),
        ("Estaré fuera hasta el 12 de enero", date(2026, 1, 12)),
        ("Absent jusqu’au 1er février", date(2026, 2, 1)),
        ("De retour le 9 janvier", date(2026, 1, 9)),
        ("until January 2", date(2026, 1, 2)),
        ("until 31 February", None),
        ("I am away for a while.", None),
        ("My office moved on 3 January.", None),
    ],
)
def test_an_out_of_office_says_until_when(said: str, until: date | None) -> None:
    assert away_until(letter(body=said)) == until


def test_a_year_is_inferred_forward() -> None:
    assert away_until(letter(body="until 6 January", day=date(2025, 12, 19))) == date(2026, 1, 6)


def test_an_html_out_of_office_is_read_without_its_markup() -> None:
    body = "<html><body><p>Back on&nbsp;<b>12 January</b></p></body></html>"
    assert away_until(letter(body=body, form=Form.HTML)) == date(2026, 1, 12)


@pytest.mark.parametrize("piece", ["[", "Re: ", "a@", "x shared ", "from 3 to ", "é"])
def test_megabytes_in_any_place_take_no_time(piece: str) -> None:
    huge = piece * (2_000_000 // len(piece))
    message = letter(
        "no-reply@dropbox.example", huge, f"Ana shared a file with you {huge}", huge, {"reply-to": huge}
    )
    start = time.process_time()
    MACHINES.kind(message, ME_ONLY)
    MACHINES.carried_for(message)
    away_until(message)
    assert time.process_time() - start < 0.5


def test_a_huge_automatic_reply_takes_no_time() -> None:
    assert away_until(letter(body="until from 3 " * 400_000)) is None
