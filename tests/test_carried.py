"""A shared document's notice comes from a machine, and is the gift of the person who shared."""

from __future__ import annotations

from datetime import UTC, datetime

from recipflow import assembly
from recipflow.model import Message, Party
from recipflow.preparing import Preparing

ME = "noor@haddad.example"


def test_a_shared_documents_notice_is_an_interaction_of_the_person_who_shared_it() -> None:
    notice = Message(
        id="share@docs.example",
        at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        sender=Party("drive-shares-dm-noreply@google.com", "Dana Ruiz (via Google Drive)"),
        to=(Party(ME),),
        subject='Document shared with you: "Workshop notes"',
        headers={"reply-to": "Dana Ruiz <dana@ruiz.example>"},
        body="Dana Ruiz (dana@ruiz.example) has invited you to view the following document:\nWorkshop notes",
    )
    prepared = Preparing(machines=assembly.machines(), me=frozenset({ME}))(notice)
    assert prepared.machine is None
    assert isinstance(prepared.interaction, Message)
    assert prepared.interaction.sender.address == "dana@ruiz.example"
    reading = assembly.reader().read(prepared.interaction, frozenset({ME}))
    assert [(act.contact, act.act.value) for act in reading.acts] == [("dana@ruiz.example", "give")]
