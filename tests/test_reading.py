"""What the reader finds in a message or a meeting, and what it must not."""

from __future__ import annotations

import time
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recipflow.model import Act, ActType, Attendee, Flag, Kind, Meeting, Message, PartStat, Party, Side
from recipflow.reading import Reader, Reading
from recipflow.rules.loading import load

PACKS = Path(__file__).resolve().parents[1] / "rules" / "recipflow_rules"
ME = frozenset({"noor@example.org"})
DANA, LENA = Party("dana@example.org", "Dana Ruiz"), Party("lena@example.org", "Lena Holm")
NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


def _reader() -> Reader:
    paths = [*sorted(PACKS.glob("??/*.toml")), PACKS / "meeting.toml"]
    files = {f"{path.parent.name}/{path.name}": path.read_text(encoding="utf-8") for path in paths}
    return Reader(load({name: tomllib.loads(text) for name, text in files.items()}, proven=True))


READER = _reader()


def _mine(
    text: str, *to: Party, reply: bool = False, subject: str = "Hello", cc: tuple[Party, ...] = ()
) -> Message:
    return Message(
        id="1",
        at=NOON,
        sender=Party("noor@example.org", "Noor Haddad"),
        to=to or (DANA,),
        cc=cc,
        subject=subject,
        in_reply_to="0" if reply else "",
        text=text,
    )


def _theirs(
    text: str, *, reply: bool = True, to: tuple[Party, ...] = (), cc: tuple[Party, ...] = ()
) -> Message:
    message = _mine(text, reply=reply)
    return replace(message, sender=DANA, to=to or (Party("noor@example.org"),), cc=cc)


def _read(message: Message) -> Reading:
    return READER.read(message, ME)


def _acts(message: Message) -> set[str]:
    return {str(act.act) for act in _read(message).acts}


def _one(message: Message, act: ActType) -> Act:
    found = [each for each in _read(message).acts if each.act is act]
    assert len(found) == 1, found
    return found[0]


# The seven cases of the peers, as far as one message tells.


def test_a_checklist_sent_is_a_give_and_its_thanks_are_thanks() -> None:
    give = _one(
        _mine("Hi Ann, here is the checklist, no reply needed.", Party("ann@example.org")), ActType.GIVE
    )
    assert (give.by, give.contact, give.kind) == (Side.ME, "ann@example.org", Kind.RESOURCE)
    thanks = _one(_theirs("Thank you so much, I owe you one"), ActType.THANKS)
    assert (thanks.by, thanks.contact, thanks.kind, thanks.size) == (Side.THEM, DANA.address, None, None)


def test_an_introduction_asked_for_is_an_ask_and_a_sorry_is_a_refusal() -> None:
    ask = _one(_mine("Hi Dana, would you introduce me to your CFO?"), ActType.ASK)
    assert ask.kind is Kind.INTRO
    assert _acts(_theirs("Sorry, I can't do that right now")) == {"refusal"}


def test_a_thank_you_that_ends_a_thread_asks_for_nothing() -> None:
    reading = _read(_theirs("Thank you!"))
    assert [act.act for act in reading.acts] == [ActType.THANKS]
    assert not reading.question


def test_my_own_follow_up_is_an_ask_that_says_so() -> None:
    assert (
        _one(_mine("Hi Dana, just following up on my note from last week."), ActType.ASK).rule
        == "ask.followup"
    )


def test_each_of_five_asks_is_an_ask() -> None:
    asks = [
        "Could you look at this?",
        "Please send me the list.",
        "Can I have an hour?",
        "Any news?",
        "Need the file today.",
    ]
    assert all("ask" in _acts(_mine(ask)) for ask in asks)


# Asks


@pytest.mark.parametrize(
    "text",
    [
        "How are you?",
        "Hope all is well.",
        "Let me know if you have any questions.",
        "Please do not hesitate to call.",
        "Who knows?",
        "I can't wait to see you.",
    ],
)
def test_phatic_questions_and_formulas_are_no_asks(text: str) -> None:
    assert "ask" not in _acts(_mine(text))


def test_thanks_at_the_end_of_an_ask_or_in_advance_are_no_thanks() -> None:
    assert _acts(_mine("Could you send me the file?\n\nThanks,\nNoor")) == {"ask"}
    assert "thanks" not in _acts(_mine("Thanks in advance for your help."))
    assert "thanks" not in _acts(_mine("Any help would be greatly appreciated."))


def test_a_meeting_proposed_is_an_ask_of_kind_meeting() -> None:
    assert _one(_mine("Let's have lunch on Thursday."), ActType.ASK).kind is Kind.MEETING


def test_an_ask_for_a_review_is_large() -> None:
    ask = _one(_mine("Would you review the contract for me by Friday?"), ActType.ASK)
    assert ask.size is not None
    assert ask.size > 2
    assert ask.large_confidence >= 0.5
    assert ask.due == date(2026, 3, 13)


def test_the_sentence_after_an_ask_may_say_by_when() -> None:
    ask = _one(_theirs("Could you send me the list? By Friday I have to order."), ActType.ASK)
    assert ask.due == date(2026, 3, 13)


def test_at_most_three_asks_are_kept_of_a_message() -> None:
    text = " ".join(f"Could you send me file {number}?" for number in range(9))
    assert len(_read(_mine(text)).acts) == 3


# Answers


def test_a_yes_is_a_grant_and_neither_give_nor_ask() -> None:
    assert _acts(_theirs("Sure, happy to.")) == {"grant"}


def test_a_substantive_answer_is_a_routine_give() -> None:
    give = _one(
        _theirs("The range picker allows open ranges, and the mock is the only place where it differs."),
        ActType.GIVE,
    )
    assert (give.kind, give.routine, give.notable) == (Kind.INFO, True, False)


def test_a_question_that_ends_a_message_is_quoted() -> None:
    reading = _read(_theirs("I like it. Which paper did you use?\n\nDana"))
    assert reading.question
    assert reading.question_quote == "Which paper did you use?"


def test_a_promise_knows_its_day_and_quotes_its_sentence() -> None:
    promise = _one(_mine("Good point. I'll send you the draft by Friday.", reply=True), ActType.PROMISE)
    assert (promise.due, promise.quote) == (date(2026, 3, 13), "I'll send you the draft by Friday.")
    assert promise.position == 12


# Gives


def test_an_introduction_is_for_me_though_it_greets_the_other_first() -> None:
    letter = _theirs("Lena, meet Noor, who designs books.", to=(LENA, Party("noor@example.org")))
    assert [act.counts for act in _read(letter).acts if act.kind is Kind.INTRO] == [True]


def test_an_introduction_made_is_notable_for_both() -> None:
    acts = _read(_mine("Dana, meet Lena, who runs the print shop.", DANA, LENA)).acts
    assert {(act.contact, act.kind, act.notable) for act in acts if act.act is ActType.GIVE} == {
        (DANA.address, Kind.INTRO, True),
        (LENA.address, Kind.INTRO, True),
    }


def test_who_is_introduced_in_copy_is_told_too_and_it_counts_for_the_one_it_greets() -> None:
    acts = _read(_mine("Dear Dana,\n\nmeet Lena, who runs the print shop.", DANA, cc=(LENA,))).acts
    intros = {act.contact: act.counts for act in acts if act.kind is Kind.INTRO}
    assert intros == {DANA.address: True, LENA.address: False}


@pytest.mark.parametrize(
    "text",
    [
        "Congratulations on the new job!",
        "Attached is the invoice for May.",
        "Call me if you have any questions.",
        "Thanks, got it.",
        "I'd be happy to give you a quote.",
    ],
)
def test_what_is_no_give_is_not_taken_for_one(text: str) -> None:
    assert "give" not in _acts(_mine(text, reply=True))


def test_an_attachment_that_only_serves_an_ask_is_no_give() -> None:
    assert _acts(_mine("Attached is the contract. Please sign it and send it back.")) == {"ask"}


def test_a_give_with_an_ask_in_the_same_message_is_bundled() -> None:
    give = _one(_mine("I got you a book from the fair. Could you send me your logo?"), ActType.GIVE)
    assert give.notable
    assert Flag.BUNDLED in give.flags


# Towards whom


def test_a_greeting_narrows_several_recipients() -> None:
    acts = _read(_mine("Hi Lena,\n\nCould you send me the file?", DANA, LENA)).acts
    assert [act.contact for act in acts] == [LENA.address]


def test_a_message_to_a_crowd_is_mass_and_moves_nothing() -> None:
    crowd = tuple(Party(f"p{number}@example.org") for number in range(12))
    acts = _read(_mine("Here is the checklist for all of you.", *crowd)).acts
    assert len(acts) == 12
    assert all(act.kind is Kind.MASS and act.routine and not act.counts for act in acts)


def test_what_only_passes_me_in_copy_does_not_count() -> None:
    acts = _read(_theirs("Could you send me the file?", to=(LENA,), cc=(Party("noor@example.org"),))).acts
    assert not any(act.counts for act in acts)
    assert all(act.counts for act in _read(_theirs("Could you send me the file?")).acts)


# Languages


def test_a_language_without_a_pack_is_unread_and_yields_no_act() -> None:
    reading = _read(_theirs("Merci beaucoup pour votre aide, vous êtes très gentil avec nous."))
    assert (reading.language, reading.unread, reading.acts) == ("fr", True, ())


@pytest.mark.parametrize(
    ("language", "text", "acts"),
    [
        (
            "de",
            "Hallo Noor,\n\nkönntest du mir bis Freitag die Fotos schicken?\n\nDanke und Gruß\nLena",
            [ActType.ASK],
        ),
        ("de", "Vielen Dank für deine Hilfe, das war wirklich sehr nett von dir.", [ActType.THANKS]),
        ("de", "Ich schicke dir den Entwurf bis Freitag.", [ActType.PROMISE]),
        ("de", "Koennten Sie mir bitte die Liste schicken? Vielen Dank im Voraus!", [ActType.ASK]),
        ("pt", "Olá Noor,\n\nPodes enviar-me as fotos até sexta?\n\nObrigada,\nLena", [ActType.ASK]),
        ("pt", "Muito obrigado pela tua ajuda com isto, foi tudo muito bem.", [ActType.THANKS]),
        ("pt", "Voce nao pode enviar-me as fotos ate sexta, por favor?", [ActType.ASK]),
        (
            "es",
            "Hola Noor:\n\n¿Puedes mandarme las fotos antes del viernes?\n\nGracias,\nLena",
            [ActType.ASK],
        ),
        ("es", "Muchas gracias por tu ayuda con esto, todo ha ido muy bien.", [ActType.THANKS]),
    ],
)
def test_each_language_is_read_by_its_own_rules(language: str, text: str, acts: list[ActType]) -> None:
    reading = _read(_theirs(text))
    assert (reading.language, [act.act for act in reading.acts]) == (language, acts)


def test_what_is_wanted_by_a_day_has_its_day_in_every_language() -> None:
    for text in (
        "Könntest du mir bis Freitag die Fotos schicken?",
        "Podes enviar-me as fotos até sexta, se não te importas?",
        "¿Puedes mandarme las fotos antes del viernes, por favor?",
    ):
        (ask,) = _read(_theirs(text)).acts
        assert ask.due == _read(_theirs("Could you send me the photos by Friday?")).acts[0].due is not None


def test_a_reader_that_was_at_rest_reads_as_before() -> None:
    reader, mail = _reader(), _mine("Could you send me the slides by Friday?", DANA)
    before = reader.read(mail, ME)
    reader.rest()
    assert reader.read(mail, ME) == before
    assert [act.act for act in before.acts] == [ActType.ASK]


def test_a_text_too_short_to_tell_is_read_in_english() -> None:
    reading = _read(_theirs("Thx!"))
    assert not reading.unread
    assert [act.act for act in reading.acts] == [ActType.THANKS]


# Meetings


def _meeting(organizer: Party, *attendees: tuple[str, PartStat]) -> Meeting:
    return Meeting(
        id="m",
        uid="m",
        version="1",
        known=NOON,
        starts=NOON,
        ends=NOON + timedelta(minutes=45),
        organizer=organizer,
        attendees=tuple(Attendee(address, "", status) for address, status in attendees),
        summary="Advice on the talk",
    )


ASKED = _meeting(DANA, ("dana@example.org", PartStat.ACCEPTED), ("noor@example.org", PartStat.ACCEPTED))


def test_time_is_given_to_who_organised_the_meeting_by_its_length() -> None:
    (act,) = READER.read_meeting(ASKED, ME).acts
    assert (act.act, act.by, act.contact, act.kind, act.size) == (
        ActType.GIVE,
        Side.ME,
        DANA.address,
        Kind.MEETING,
        3,
    )
    assert act.quote == "Advice on the talk"


def test_time_is_received_from_who_came_to_my_meeting() -> None:
    mine = _meeting(
        Party("noor@example.org"),
        ("dana@example.org", PartStat.ACCEPTED),
        ("lena@example.org", PartStat.DECLINED),
    )
    assert [(act.by, act.contact) for act in READER.read_meeting(mine, ME).acts] == [
        (Side.THEM, DANA.address)
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"cancelled": True},
        {"recurring": True},
        {"all_day": True},
        {"private": True},
        {"summary": "Weekly sync"},
        {"ends": NOON},
        {"attendees": (Attendee("noor@example.org", "", PartStat.DECLINED),)},
        {"attendees": tuple(Attendee(f"p{n}@example.org", "", PartStat.ACCEPTED) for n in range(6))},
        {"organizer": None, "attendees": ()},
    ],
)
def test_meetings_that_are_nobody_s_favour_count_for_nothing(change: dict[str, object]) -> None:
    assert READER.read_meeting(replace(ASKED, **change), ME).acts == ()  # type: ignore[arg-type]


# Anything at all

PHRASES = [
    "Hi Dana,", "Thanks", "thank you for the notes", "could you", "please send", "I'll", "tomorrow", "?", ".", "\n", "\n\n",
    "here is the list", "Best,", "Noor", "sorry, I can't", "é…’", "\x00", "by Friday", "happy to", "- ", "lunch?",
]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PHRASES), max_size=25).map(" ".join), st.booleans())
def test_reading_never_raises_and_quotes_are_verbatim(text: str, reply: bool) -> None:
    reading = _read(_mine(text, reply=reply))
    assert reading.question_quote in text
    for act in reading.acts:
        assert text[act.position : act.position + len(act.quote)] == act.quote
        assert 0 < act.confidence <= 1
        assert not (act.routine and act.notable)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all_can_be_read(text: str) -> None:
    assert _read(_mine(text)).acts == _read(_mine(text)).acts


def test_five_megabytes_of_anything_are_read_within_a_second() -> None:
    for hostile in (
        "a. " * 1_700_000,
        "please " * 700_000,
        "?" * 5_000_000,
        "thanks for " * 450_000,
        "\n" * 5_000_000,
    ):
        began = time.process_time()
        _read(_mine(hostile, subject=hostile))
        assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "greeting", ["Hi all,", "Dear colleagues,", "Attention: All Tarn Employees", "Hello everyone,"]
)
def test_a_letter_to_all_is_meant_for_nobody_in_particular(greeting: str) -> None:
    plain = _one(_theirs("Hi Noor,\n\nPlease send me the list of names."), ActType.ASK)
    to_all = _one(_theirs(f"{greeting}\n\nPlease send me the list of names."), ActType.ASK)
    assert plain.counts
    assert not to_all.counts


def test_an_ask_remembers_the_day_its_letter_is_about() -> None:
    text = "We are on for Friday at ten. Can you let me know which number to call?"
    assert _one(_theirs(text), ActType.ASK).about is not None
    assert _one(_theirs("Can you let me know which number to call?"), ActType.ASK).about is None


def test_a_sentence_that_begins_with_all_is_no_greeting_to_everybody() -> None:
    assert _one(_theirs("All marked up, the last page as well."), ActType.GIVE).counts


def test_thanks_to_somebody_in_copy_are_theirs_whoever_the_letter_is_to() -> None:
    written = _mine("Lena, how lovely of you, thank you.\n\nDana, hello!", DANA, cc=(LENA,), reply=True)
    thanks = [act.contact for act in READER.read(written, ME).acts if act.act is ActType.THANKS]
    assert thanks == [LENA.address]


def test_a_number_of_days_told_by_the_way_gives_a_plain_word_no_weight() -> None:
    told = _one(_theirs("The bird took me two days, its feet kept looking like forks."), ActType.GIVE)
    assert told.routine
    assert told.size is not None
    assert told.size <= 1
