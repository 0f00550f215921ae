"""The day a sentence names."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow import assembly
from recipflow.model import ActType, Message, Party
from recipflow.rules.due import (
    day_asked,
    day_named,
    day_promised,
    deadline,
    deadline_alone,
    last_named,
    month_named,
)

WEDNESDAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("i'll send it tomorrow", date(2026, 3, 12)),
        ("you'll have it by friday", date(2026, 3, 13)),
        ("i'll do it on wednesday", date(2026, 3, 18)),
        ("i'll send it next tuesday", date(2026, 3, 17)),
        ("by the end of the month", date(2026, 3, 31)),
        ("by the end of the week", date(2026, 3, 13)),
        ("i'll call you next week", date(2026, 3, 20)),
        ("by the 23rd", date(2026, 3, 23)),
        ("by the 5th", date(2026, 4, 5)),
        ("on 2026-04-01", date(2026, 4, 1)),
        ("by april 3", date(2026, 4, 3)),
        ("on the 3rd of january", date(2027, 1, 3)),
        ("within two weeks", date(2026, 3, 25)),
        ("i'll send more in early april", date(2026, 4, 10)),
        ("mid-april suits us", date(2026, 4, 20)),
        ("in late april", date(2026, 4, 30)),
        ("at the beginning of may", date(2026, 5, 10)),
        ("later in the week", date(2026, 3, 13)),
        ("today", WEDNESDAY),
        ("by friday the 27th", date(2026, 3, 27)),
        ("on tuesday, march 24th", date(2026, 3, 24)),
        ("on fri 27th of march at ten", date(2026, 3, 27)),
        ("on friday 27.", date(2026, 3, 27)),
        ("friday 27 i bring the ladder", date(2026, 3, 27)),
        ("friday 3 i bring the ladder", date(2026, 4, 3)),
        ("friday 12 of us will sing", date(2026, 3, 13)),
        ("friday 99 balloons", date(2026, 3, 13)),
        ("on friday 10 am", date(2026, 3, 13)),
        ("before end april", date(2026, 4, 30)),
        ("in the end may is better", None),
        ("which friday can you come?", None),
        ("on sat. before it opens", date(2026, 3, 14)),
        ("sat. morning", date(2026, 3, 14)),
        ("by sun", date(2026, 3, 15)),
        ("next sat", date(2026, 3, 21)),
        ("on sat 28.", date(2026, 3, 28)),
        ("on sun, the 29th", date(2026, 3, 29)),
        ("we sat in the sun", None),
        ("later this p.m.", WEDNESDAY),
        ("this a.m. at nine", WEDNESDAY),
        ("a workshop in may, on the friday", None),
        ("on a friday in april", None),
        ("could it be done on the morning of that friday?", None),
        ("i hope that friday suits you", date(2026, 3, 13)),
        ("on a friday, or else by the 20th", date(2026, 3, 20)),
        ("before the month is out", date(2026, 3, 31)),
        ("until the year is over", date(2026, 12, 31)),
        ("i'll send it", None),
        ("on february 31", None),
    ],
)
def test_a_day_is_read_as_its_writer_meant_it(sentence: str, day: date | None) -> None:
    assert day_named(sentence, WEDNESDAY) == day


MONDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 3, day) for day in (9, 13, 14, 15))


@pytest.mark.parametrize(
    ("language", "sentence", "on", "day"),
    [
        ("en", "i'll send it this weekend", FRIDAY, SUNDAY),
        ("en", "i'll send it this weekend", SATURDAY, SUNDAY),
        ("en", "i'll look at it over the weekend", MONDAY, SUNDAY),
        ("en", "you'll have it before the weekend", WEDNESDAY, FRIDAY),
        ("en", "next weekend", FRIDAY, date(2026, 3, 22)),
        ("en", "this week", FRIDAY, FRIDAY),
        ("en", "by the end of the week", FRIDAY, FRIDAY),
        ("en", "next week", FRIDAY, date(2026, 3, 20)),
        ("en", "next week", SUNDAY, date(2026, 3, 20)),
        ("en", "by the end of next week", SUNDAY, date(2026, 3, 20)),
        ("en", "by monday", MONDAY, date(2026, 3, 16)),
        ("en", "by monday", SUNDAY, date(2026, 3, 16)),
        ("en", "by the end of the month", date(2026, 3, 31), date(2026, 3, 31)),
        ("en", "by the end of next month", date(2026, 1, 31), date(2026, 2, 28)),
        ("en", "by the end of april", WEDNESDAY, date(2026, 4, 30)),
        ("en", "by the end of january", date(2025, 12, 20), date(2026, 1, 31)),
        ("en", "by the end of the year", WEDNESDAY, date(2026, 12, 31)),
        ("en", "tonight", SUNDAY, SUNDAY),
        ("de", "ich schicke es dir am wochenende", FRIDAY, SUNDAY),
        ("de", "bis zum wochenende", WEDNESDAY, FRIDAY),
        ("de", "naechstes wochenende", FRIDAY, date(2026, 3, 22)),
        ("de", "naechste woche", FRIDAY, date(2026, 3, 20)),
        ("de", "bis montag", MONDAY, date(2026, 3, 16)),
        ("de", "bis ende des monats", date(2026, 3, 31), date(2026, 3, 31)),
        ("de", "bis ende april", WEDNESDAY, date(2026, 4, 30)),
        ("de", "bis jahresende", WEDNESDAY, date(2026, 12, 31)),
        ("de", "heute abend", SUNDAY, SUNDAY),
        ("pt", "envio no fim de semana", FRIDAY, SUNDAY),
        ("pt", "ate ao fim de semana", WEDNESDAY, FRIDAY),
        ("pt", "ate ao fim da semana", WEDNESDAY, FRIDAY),
        ("pt", "fim de semana que vem", FRIDAY, date(2026, 3, 22)),
        ("pt", "na proxima semana", FRIDAY, date(2026, 3, 20)),
        ("pt", "ate segunda", MONDAY, date(2026, 3, 16)),
        ("pt", "ate ao fim do mes", date(2026, 3, 31), date(2026, 3, 31)),
        ("pt", "ate ao final de abril", WEDNESDAY, date(2026, 4, 30)),
        ("pt", "ate ao fim do ano", WEDNESDAY, date(2026, 12, 31)),
        ("pt", "hoje a noite", SUNDAY, SUNDAY),
        ("es", "te lo mando este fin de semana", FRIDAY, SUNDAY),
        ("es", "antes del fin de semana", WEDNESDAY, FRIDAY),
        ("es", "a finales de semana", WEDNESDAY, FRIDAY),
        ("es", "el fin de semana que viene", FRIDAY, date(2026, 3, 22)),
        ("es", "la semana que viene", FRIDAY, date(2026, 3, 20)),
        ("es", "antes del lunes", MONDAY, date(2026, 3, 16)),
        ("es", "a finales de mes", date(2026, 3, 31), date(2026, 3, 31)),
        ("es", "a finales de abril", WEDNESDAY, date(2026, 4, 30)),
        ("es", "antes de fin de ano", WEDNESDAY, date(2026, 12, 31)),
        ("es", "esta noche", SUNDAY, SUNDAY),
    ],
)
def test_a_span_ends_where_its_writer_meant_it_on_whatever_day_it_was_written(
    language: str, sentence: str, on: date, day: date
) -> None:
    assert day_named(sentence, on, language) == day
    assert last_named([sentence], on, language) in (day, None)


@pytest.mark.parametrize(
    ("language", "sentence", "day"),
    [
        ("en", "i'll look today and tell you tomorrow", date(2026, 3, 12)),
        ("en", "today i'm at the fair, i'll send it on friday", FRIDAY),
        ("en", "i'll send you the first half tomorrow and the rest on friday", date(2026, 3, 12)),
        ("en", "by friday i'll send you the list for the meeting on monday", FRIDAY),
        ("en", "i'll send you today's list on friday", FRIDAY),
        ("en", "i'll send you the agenda for monday tomorrow", date(2026, 3, 12)),
        ("en", "i see her on thursday, you'll have her answer by monday", date(2026, 3, 16)),
        ("en", "i'll sort them on thursday and on friday", date(2026, 3, 12)),
        ("en", "i'll do it", None),
        ("de", "ich schaue heute nach und sage dir morgen bescheid", date(2026, 3, 12)),
        ("de", "heute bin ich unterwegs, ich werde es dir am freitag schicken", FRIDAY),
        ("pt", "hoje vejo isso e mando-te amanha", date(2026, 3, 12)),
        ("es", "hoy lo miro y te lo mando manana", date(2026, 3, 12)),
    ],
)
def test_a_promise_is_due_on_the_day_nearest_to_what_brings_it(
    language: str, sentence: str, day: date | None
) -> None:
    assert day_promised(sentence, WEDNESDAY, language) == day


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("could you come on friday?", FRIDAY),
        ("friday or monday?", date(2026, 3, 16)),
        ("thursday evening, friday or the 20th at noon?", date(2026, 3, 20)),
        ("which saturday suits you, 21 or 28 march?", date(2026, 3, 28)),
        ("is friday fine, and shall i write to her on monday?", FRIDAY),
        ("i sent you the key on monday, did it come?", None),
        ("the kiln broke on monday, so could you fire them on friday?", FRIDAY),
    ],
)
def test_of_days_to_choose_from_the_last_ends_the_choice(sentence: str, day: date | None) -> None:
    assert day_asked(sentence, WEDNESDAY) == day


def test_only_what_is_wanted_by_a_day_has_a_deadline() -> None:
    assert deadline("could you send it by friday?", WEDNESDAY) == date(2026, 3, 13)
    assert deadline("are you free on friday?", WEDNESDAY) is None


def test_a_day_that_a_sentence_begins_with_may_be_the_deadline_of_the_one_before() -> None:
    on = date(2026, 3, 2)
    assert deadline_alone("by friday i should know, the kettle is booked", on) == date(2026, 3, 6)
    assert deadline_alone("bis samstag sollt ich's wissen", on, "de") == date(2026, 3, 7)
    assert deadline_alone("i shall be away until friday", on) is None


@given(st.text(alphabet="by the 0123456789-stndrh febmaronweek", max_size=60), st.dates())
def test_nonsense_never_raises(sentence: str, on: date) -> None:
    day_named(sentence, on)
    day_promised(sentence, on)
    deadline(sentence, on)


def test_a_letter_speaks_of_the_last_day_ahead_that_it_names() -> None:
    said = ["we are on for friday, or else on the 20th", "i was there on monday", "see you in june"]
    assert last_named(said, WEDNESDAY) == date(2026, 3, 20)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("the new gates are in use since monday", "en"),
        ("only the friday list was doubled", "en"),
        ("every thursday somebody calls", "en"),
        ("i cut the last of the roses on sunday and put it on the piano", "en"),
        ("we finally met the new landlord friday", "en"),
        ("the brook came up to the gate on sunday", "en"),
        ("our old boiler broke on monday", "en"),
        ("seit montag laeuft es wieder", "de"),
        ("funciona desde el lunes", "es"),
    ],
)
def test_a_weekday_that_has_gone_by_or_comes_every_week_is_no_day_ahead(sentence: str, language: str) -> None:
    assert last_named([sentence], WEDNESDAY, language) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "i moved it to monday",
        "we said that monday is fine",
        "they will be here on monday",
        "if the boat came on monday we could sail",
    ],
)
def test_what_was_settled_of_a_weekday_leaves_it_ahead(sentence: str) -> None:
    assert last_named([sentence], WEDNESDAY) == date(2026, 3, 16)


def test_a_day_of_another_season_is_about_something_else() -> None:
    assert last_named(["the fair is on october 3"], WEDNESDAY) is None
    assert last_named([], WEDNESDAY) is None


@pytest.mark.parametrize(
    ("language", "sentence", "day"),
    [
        ("de", "ich schicke es dir morgen", date(2026, 3, 12)),
        ("de", "guten morgen, ich schicke es dir", None),
        ("de", "bis freitag", date(2026, 3, 13)),
        ("de", "bis freitag, den 27.", date(2026, 3, 27)),
        ("de", "am freitag, dem 27.3.", date(2026, 3, 27)),
        ("pt", "ate sexta-feira, dia 27", date(2026, 3, 27)),
        ("pt", "ate sexta 27", date(2026, 3, 27)),
        ("pt", "na sexta as 10h", date(2026, 3, 13)),
        ("es", "para el viernes 27", date(2026, 3, 27)),
        ("de", "freitag, den 20. maerz", date(2026, 3, 20)),
        ("de", "am 3.4. um zehn", date(2026, 4, 3)),
        ("de", "version 2.1 ist da", None),
        ("de", "bis zum 23.", date(2026, 3, 23)),
        ("de", "naechste woche dienstag", date(2026, 3, 17)),
        ("de", "uebermorgen", date(2026, 3, 13)),
        ("de", "bis ende des monats", date(2026, 3, 31)),
        ("de", "in zwei wochen", date(2026, 3, 25)),
        ("de", "noch in dieser woche", date(2026, 3, 13)),
        ("de", "in zehn tagen", date(2026, 3, 21)),
        ("de", "bis ende monat", date(2026, 3, 31)),
        ("de", "in einer stunde", date(2026, 3, 11)),
        ("pt", "mando-te ate sexta, dia 20", date(2026, 3, 20)),
        ("pt", "mando-te ate sexta", date(2026, 3, 13)),
        ("pt", "quinta-feira da proxima semana", date(2026, 3, 19)),
        ("pt", "a segunda versao", None),
        ("pt", "dia 30 de abril", date(2026, 4, 30)),
        ("pt", "ate ao fim do mes", date(2026, 3, 31)),
        ("pt", "daqui a tres dias", date(2026, 3, 14)),
        ("pt", "dentro de quinze dias", date(2026, 3, 26)),
        ("pt", "logo a noite", date(2026, 3, 11)),
        ("pt", "ainda nesta semana", date(2026, 3, 13)),
        ("pt", "em 5/4", date(2026, 4, 5)),
        ("es", "te lo mando manana", date(2026, 3, 12)),
        ("es", "por la manana", None),
        ("es", "el jueves 19 a las 16:00", date(2026, 3, 19)),
        ("es", "el martes de la semana que viene", date(2026, 3, 17)),
        ("es", "antes del 3 de abril", date(2026, 4, 3)),
        ("es", "dentro de dos semanas", date(2026, 3, 25)),
        ("es", "en diez dias", date(2026, 3, 21)),
        ("es", "este finde", date(2026, 3, 15)),
        ("es", "esta misma semana", date(2026, 3, 13)),
        ("es", "el 20% de descuento", None),
        ("fr", "avant le 2026-04-01", date(2026, 4, 1)),
    ],
)
def test_a_day_is_read_in_its_language(language: str, sentence: str, day: date | None) -> None:
    assert day_named(sentence, WEDNESDAY, language) == day


@pytest.mark.parametrize(
    ("language", "wanted", "not_wanted"),
    [
        ("de", "schicken sie es bis freitag", "haben sie am freitag zeit"),
        ("pt", "envia ate sexta", "estas livre na sexta"),
        ("es", "mandalo antes del viernes", "estas libre el viernes"),
    ],
)
def test_a_deadline_is_told_from_a_day_in_each_language(language: str, wanted: str, not_wanted: str) -> None:
    assert deadline(wanted, WEDNESDAY, language) == date(2026, 3, 13)
    assert deadline(not_wanted, WEDNESDAY, language) is None


@given(
    st.text(alphabet="bisatezum 0123456789.-/dmntghfrovel", max_size=60),
    st.dates(),
    st.sampled_from(["de", "pt", "es"]),
)
def test_nonsense_never_raises_in_any_language(sentence: str, on: date, language: str) -> None:
    day_named(sentence, on, language)
    day_promised(sentence, on, language)
    deadline(sentence, on, language)


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        ("Pacific/Auckland", "2026-03-12T21:30+00:00", date(2026, 3, 14)),
        ("America/New_York", "2026-03-12T02:00+00:00", date(2026, 3, 12)),
        ("Europe/London", "2026-03-12T09:00+00:00", date(2026, 3, 13)),
    ],
)
def test_tomorrow_is_counted_from_the_day_it_was_for_the_user(zone: str, at: str, due: date) -> None:
    reader = assembly.reader(zone=ZoneInfo(zone))
    me = "me@x.example"
    mail = Message(
        id="a",
        at=datetime.fromisoformat(at),
        sender=Party(me),
        to=(Party("dana@y.example"),),
        text="I'll send you the plan tomorrow.",
    )
    (promise,) = (one for one in reader.read(mail, frozenset({me})).acts if one.act is ActType.PROMISE)
    assert promise.due == due


@pytest.mark.parametrize(
    ("sentence", "language", "day"),
    [
        ("would you come to us in may?", "en", date(2026, 5, 31)),
        ("we moved in february", "en", None),
        ("brauchen wir das im april noch?", "de", date(2026, 4, 30)),
        ("podes vir em junho?", "pt", date(2026, 6, 30)),
        ("lo necesitamos en marzo", "es", date(2026, 3, 31)),
        ("they may be in marketing", "en", None),
    ],
)
def test_a_month_named_lies_ahead_to_its_end(sentence: str, language: str, day: date | None) -> None:
    assert month_named(sentence, WEDNESDAY, language) == day
