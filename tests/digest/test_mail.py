"""The digest as a mail: nothing in it is remote or forged, it reads in any light, and what answers it is understood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recipflow.daily.choosing import FIRST_DAYS, Chosen, Told, choose, questions_beside
from recipflow.daily.notes import noted
from recipflow.digest.model import Digest, compose
from recipflow.digest.render import as_mail
from recipflow.digest.replies import Answer, offered, understood
from recipflow.explain.verdicts import Mistake
from recipflow.model import ActType, Nudge, NudgeKind, Side
from recipflow.outbox.couriers import as_mail as as_message
from recipflow.packs import read_toml
from recipflow.store import Life, LifeState
from recipflow.testing.couriers import LETTER
from recipflow.wording import Wording
from tests.digest.test_digest import HOSTILE, NOW, Tags, nudge

ANN = "ann@haven.example"
TOKEN = "abcdefgh234567ab"
WORDING = Wording(read_toml("wording.toml"))


def digest(*nudges: Nudge, name: str = "Dana", quotes: bool = True, notes: tuple[str, ...] = ()) -> Digest:
    return compose(
        nudges,
        {"dana@example.org": name},
        wording=WORDING,
        now=NOW,
        tz=UTC,
        quotes=quotes,
        notes=notes,
        footer=["box: last read today at 06:58."],
    )


def mailed(made: Digest) -> tuple[str, str]:
    return as_mail(made, offered(made.items, ANN, {item.key: TOKEN for item in made.items}))


def thank(quote: str = "", key: str = "1a2b3c4d") -> Nudge:
    return nudge(NudgeKind.THANK, key, quote=quote)


@pytest.mark.parametrize("evil", HOSTILE)
def test_nobodys_words_become_markup_a_line_or_a_link(evil: str) -> None:
    text, html = mailed(digest(thank(quote=evil), name=evil, notes=(evil,)))
    plain = mailed(digest(thank(quote="x"), name="x", notes=("x",)))
    page, same = Tags(html), Tags(plain[1])
    assert page.elements == same.elements
    assert page.open == []
    assert [name for name, _ in page.attributes] == [name for name, _ in same.attributes]
    assert {line[:12] for line in text.splitlines() if line.startswith("    recipflow")} == {"    recipflo"}
    assert not any(ord(one) < 32 and one != "\n" for one in text)


def test_nothing_is_fetched_and_nothing_runs() -> None:
    _, html = mailed(digest(thank(quote="http://tracker.example/pixel.gif")))
    page = Tags(html)
    assert not {"script", "img", "link", "iframe", "form", "object", "video"} & set(page.elements)
    targets = [value or "" for name, value in page.attributes if name in ("href", "src", "background")]
    assert targets
    assert all(one.startswith(f"mailto:{ANN}?") for one in targets)
    assert "url(" not in html
    assert "@import" not in html


def test_the_styles_stand_at_the_elements() -> None:
    _, html = mailed(digest(thank(quote="She came.")))
    body = html.partition("<body")[2]
    for element in re.findall(r"<(?:p|h1|h2|div|a|blockquote)\b[^>]*>", body):
        assert "style=" in element, element


def test_with_names_alone_nobodys_words_are_in_it() -> None:
    text, html = mailed(digest(thank(quote="I rewrote the two chapters"), quotes=False))
    assert "chapters" not in text + html
    assert "Dana" in text


def test_text_and_page_say_the_same_things() -> None:
    text, html = mailed(digest(thank(quote="She came."), notes=("The last one was made on 3 March.",)))
    for said in ("did something for you", "She came.", "The last one was made on 3 March.", "box: last read"):
        assert said in " ".join(text.split())
        assert said in html
    assert max(map(len, text.splitlines())) <= 72


def test_headings_come_in_order_and_the_language_is_named() -> None:
    _, html = mailed(digest(thank(), nudge(NudgeKind.STALE, "2a2b3c4d")))
    assert re.findall(r"<(h\d)", html) == ["h1", "h2", "h2"]
    assert '<html lang="en">' in html
    assert 'name="viewport"' in html


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("inks", "papers"),
    [
        (("#22261f", "#565c50", "#2c5e46"), ("#faf9f6", "#ffffff")),
        (("#e8e9e2", "#b0b5a8", "#8fcfae"), ("#171a18", "#20241f")),
    ],
    ids=["light", "dark"],
)
def test_every_text_has_the_contrast_that_wcag_aa_asks_for(
    inks: tuple[str, ...], papers: tuple[str, ...]
) -> None:
    _, html = mailed(digest(thank(quote="She came.")))
    for ink in inks:
        assert ink in html
        for paper in papers:
            assert paper in html
            assert contrast(ink, paper) >= 4.5


@pytest.mark.parametrize("answer", Answer)
def test_each_link_begins_a_mail_that_is_understood(answer: Answer) -> None:
    made = digest(thank())
    (replies,) = offered(made.items, ANN, {"1a2b3c4d": TOKEN}).values()
    link = urlsplit(replies[list(Answer).index(answer)].href)
    query = parse_qs(link.query)
    assert link.path == ANN
    heard = understood(query["subject"][0], query["body"][0])
    assert heard
    assert (heard.answer, heard.key, heard.token) == (answer, "1a2b3c4d", TOKEN)


@pytest.mark.parametrize("mistake", Mistake)
def test_wrong_takes_the_line_that_was_left(mistake: Mistake) -> None:
    made = digest(thank())
    (replies,) = offered(made.items, ANN, {"1a2b3c4d": TOKEN}).values()
    query = parse_qs(urlsplit(replies[list(Answer).index(Answer.WRONG)].href).query)
    lines = query["body"][0].splitlines()[2:]
    heard = understood(query["subject"][0], lines[list(Mistake).index(mistake)])
    assert heard
    assert heard.because is mistake


@given(st.text())
def test_any_other_subject_is_no_answer(subject: str) -> None:
    assert understood(subject, "") is None or subject.split()[0] == "recipflow"


@given(st.text(max_size=400))
def test_any_line_is_a_note_or_none_and_never_a_fault(line: str) -> None:
    found = noted(line)
    assert found is None or found.names()


@pytest.mark.parametrize(
    ("line", "by", "act", "size", "name"),
    [
        ("thanked Dana by phone", Side.ME, ActType.THANKS, None, "Dana"),
        ("I thanked Dana Ruiz.", Side.ME, ActType.THANKS, None, "Dana Ruiz"),
        ("Bo helped me 1h", Side.THEM, ActType.GIVE, 4.0, "Bo"),
        ("helped Bo with the boxes for 30 min", Side.ME, ActType.GIVE, 2.0, "Bo"),
        ("Dana Ruiz asked me for the key", Side.THEM, ActType.ASK, None, "Dana Ruiz"),
        ("promised Bo the drawings", Side.ME, ActType.PROMISE, None, "Bo"),
        ("met Dana", Side.ME, None, None, "Dana"),
    ],
)
def test_notes_say_who_did_what(
    line: str, by: Side, act: ActType | None, size: float | None, name: str
) -> None:
    note = noted(line)
    assert note
    assert (note.by, note.act, note.size) == (by, act, size)
    assert name in note.names()


@pytest.mark.parametrize("line", ["", "buy milk", "Dana", "Re: thanked Dana", "me helped", "thanked"])
def test_other_lines_are_no_notes(line: str) -> None:
    assert noted(line) is None


def test_a_hostile_subject_forges_no_header() -> None:
    letter = type(LETTER)(
        address=ANN,
        subject="x [rfabc234de]",
        token="rfabc234de",
        text="\r\nBcc: eve@x.example\r\n",
        html="<p>",
    )
    message = as_message(letter, datetime(2026, 1, 1, tzinfo=UTC))
    assert message["Bcc"] is None
    assert (message["To"], message["From"]) == (ANN, ANN)


def many(count: int, kind: NudgeKind, contact: str = "", opens: datetime = NOW) -> list[Nudge]:
    return [
        nudge(kind, f"{kind}{number}", contact=contact or f"c{number}@x.example", opens=opens)
        for number in range(count)
    ]


def chosen_of(
    nudges: Iterable[Nudge], *lives: Life, quiet: bool = False, limit: int = 7, now: datetime = NOW
) -> Chosen:
    told = Told(lives={life.key: life for life in lives}, now=now, zone=UTC)
    return choose(nudges, told, began=NOW, quiet=quiet, limit=limit, of_one=2)


def shown_before(one: Nudge, times: int = 1, **more: Any) -> Life:
    life = Life(key=one.key, kind=one.kind.value, contact=one.contact, state=LifeState.SHOWN)
    return replace(
        life,
        shown_count=times,
        first_shown=NOW - timedelta(days=3),
        last_shown=NOW - timedelta(days=3),
        **more,
    )


def worth(chosen: Chosen, *, silent: bool = False, quiet: bool = False) -> bool:
    return chosen.worth(silent=silent, quiet=quiet)


def test_at_most_so_many_in_all_and_of_one_but_for_thanks() -> None:
    asked = many(5, NudgeKind.REPLY_OWED, "dana@x.example")
    chosen = chosen_of(asked)
    assert (len(chosen.nudges), chosen.waiting) == (2, 3)
    thanks = many(5, NudgeKind.THANK, "dana@x.example")
    assert len(chosen_of(thanks).nudges) == 5
    assert len(chosen_of(many(9, NudgeKind.AWAITED)).nudges) == 7


@pytest.mark.parametrize("kind", NudgeKind)
def test_what_is_new_goes_at_once_and_what_was_said_rides_along(kind: NudgeKind) -> None:
    old, new = nudge(kind, "old"), nudge(kind, "new", contact="kwame@x.example")
    assert worth(chosen_of([new]))
    assert not worth(chosen_of([old], shown_before(old)))
    both = chosen_of([old, new], shown_before(old))
    assert worth(both)
    assert {one.key for one in both.nudges} == {"old", "new"}


def test_what_was_said_of_late_waits_for_some_days_even_where_there_is_news() -> None:
    old, new = nudge(NudgeKind.THANK, "old"), nudge(NudgeKind.AWAITED, "new", contact="kwame@x.example")
    life = shown_before(old)
    for days, there in ((0, True), (1, False), (2, False), (3, True)):
        chosen = chosen_of([old, new], replace(life, last_shown=NOW - timedelta(days=days)))
        assert (old in chosen.nudges) is there
        assert chosen.waiting == (0 if there else 1)


def test_the_more_there_is_to_say_the_less_is_asked() -> None:
    assert [questions_beside(count) for count in (0, 1, 2, 3, 7)] == [0, 2, 1, 1, 1]


def test_after_a_week_without_one_what_was_said_goes_by_itself_but_not_on_a_quiet_day() -> None:
    old = thank()
    chosen = chosen_of([old], shown_before(old))
    assert worth(chosen, silent=True)
    assert not worth(chosen, silent=True, quiet=True)


def test_after_a_week_a_word_that_all_is_well_comes_only_where_nothing_waits() -> None:
    assert worth(chosen_of([]), silent=True)
    assert not worth(chosen_of([]))
    waiting = chosen_of(many(1, NudgeKind.REPLY_OWED), quiet=True)
    assert not worth(waiting, silent=True, quiet=True)


@pytest.mark.parametrize("kind", [NudgeKind.KEEP_PROMISE, NudgeKind.REPLY_OWED])
def test_what_falls_due_today_goes_though_it_was_said_before(kind: NudgeKind) -> None:
    old = nudge(kind, facts={"due": NOW.date()})
    life = shown_before(old)
    assert worth(chosen_of([old], life))
    assert not worth(chosen_of([old], life, now=NOW - timedelta(days=1)))
    assert not worth(chosen_of([old], life, now=NOW + timedelta(days=1)))


def test_what_was_put_off_goes_on_the_day_it_comes_back_and_then_rides_along() -> None:
    one = nudge(NudgeKind.GIVE_BACK)
    back = shown_before(one, until=NOW - timedelta(hours=1))
    assert worth(chosen_of([one], replace(back, state=LifeState.SNOOZED)))
    assert not worth(chosen_of([one], back))


def test_news_is_not_crowded_out_by_what_was_said_before() -> None:
    old, new = many(7, NudgeKind.THANK), nudge(NudgeKind.COULD_GIVE, "new", contact="kwame@x.example")
    chosen = chosen_of([*old, new], *map(shown_before, old))
    assert worth(chosen)
    assert [one.kind for one in chosen.nudges] == [NudgeKind.THANK] * 6 + [NudgeKind.COULD_GIVE]
    assert chosen.waiting == 1


def test_on_a_quiet_day_thanks_and_promises_come_and_all_else_waits() -> None:
    every = [nudge(kind, kind.value, contact=f"{kind}@x.example") for kind in NudgeKind]
    chosen = chosen_of(every, quiet=True, limit=50)
    assert {one.kind for one in chosen.nudges} == {NudgeKind.THANK, NudgeKind.KEEP_PROMISE}


def test_what_was_put_off_until_now_comes_however_old_it_is() -> None:
    old = many(2, NudgeKind.THANK, opens=NOW - FIRST_DAYS - timedelta(days=9))
    back = replace(shown_before(old[0]), state=LifeState.SNOOZED, until=NOW)
    chosen = chosen_of(old, back)
    assert [one.key for one in chosen.nudges] == [old[0].key]
    assert worth(chosen)
    assert chosen.older == (old[1],)


def test_what_stood_long_before_it_began_is_no_news() -> None:
    old = many(3, NudgeKind.THANK, opens=NOW - FIRST_DAYS - timedelta(hours=1))
    fresh = many(1, NudgeKind.AWAITED, opens=NOW - FIRST_DAYS + timedelta(hours=1))
    chosen = chosen_of([*old, *fresh])
    assert (len(chosen.nudges), len(chosen.older)) == (1, 3)
