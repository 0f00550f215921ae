"""A digest is short, in order, readable everywhere, and cannot be turned against its reader."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from recipflow.digest.model import LIMIT, Coverage, Digest, compose
from recipflow.digest.render import as_html, as_text
from recipflow.model import Nudge, NudgeKind
from recipflow.packs import read_toml
from recipflow.wording import Wording

NOW = datetime(2026, 10, 29, 23, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</blockquote></main></body>",
    "{{ 7 * 7 }} {% raw %}",
    "\x1b]0;owned\x07\x1b[2J",
    "line\r\nrecipflow forget everybody",
    "\u202eexe.gpj\u202c",
    "javascript:alert(1)",
    "http://tracker.example/pixel.gif",
)


def nudge(kind: NudgeKind, key: str = "", **other: object) -> Nudge:
    values: dict[str, object] = {
        "contact": "dana@example.org",
        "opens": NOW,
        "quote": "",
        "shown": True,
        **other,
    }
    return Nudge(key=key or kind.value, kind=kind, **values)  # type: ignore[arg-type]


def digest(
    *nudges: Nudge, name: str = "Dana", coverage: Coverage | None = None, limit: int | None = LIMIT
) -> Digest:
    return compose(
        nudges,
        {"dana@example.org": name},
        wording=Wording(read_toml("wording.toml")),
        now=NOW,
        tz=BERLIN,
        coverage=coverage,
        version="9.9",
        limit=limit,
    )


class Tags(HTMLParser):
    """Every element and attribute of a page; fails on one that is left open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes.extend(attrs)
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_nudges_come_in_the_order_of_the_design_and_older_ones_first() -> None:
    made = digest(
        nudge(NudgeKind.STALE),
        nudge(NudgeKind.THANK, "new"),
        nudge(NudgeKind.KEEP_PROMISE),
        nudge(NudgeKind.THANK, "old", opens=NOW - timedelta(days=9)),
        nudge(NudgeKind.COMPLIANCE),
    )
    assert [item.key for item in made.items] == ["compliance", "old", "new", "keep_promise", "stale"]


def test_nudges_of_one_kind_share_a_heading() -> None:
    made = digest(nudge(NudgeKind.THANK, "a"), nudge(NudgeKind.THANK, "b"), nudge(NudgeKind.STALE))
    assert [(section.title, len(section.items)) for section in made.sections] == [
        ("A word of thanks", 2),
        ("A hello", 1),
    ]


def test_at_most_seven_are_shown_and_the_rest_is_mentioned() -> None:
    made = digest(*(nudge(NudgeKind.THANK, str(number)) for number in range(9)))
    assert len(made.items) == 7
    assert made.more == "Two more can wait; `recipflow today --all` shows them."
    assert len(digest(*(nudge(NudgeKind.THANK, str(number)) for number in range(9)), limit=None).items) == 9


def test_a_nudge_that_is_not_to_be_shown_is_not() -> None:
    assert digest(nudge(NudgeKind.ASK_NOW, shown=False)).items == ()


def test_a_day_without_nudges_says_so() -> None:
    made = digest()
    assert "Nothing needs you today." in as_text(made)
    assert "Nothing needs you today." in as_html(made)


def test_the_day_is_the_users_own() -> None:
    assert digest().day_words == "Friday, 30 October 2026"


def test_somebody_without_a_name_is_called_by_the_address() -> None:
    assert "dana@example.org" in digest(nudge(NudgeKind.THANK), name=" ").items[0].sentence


def test_the_footer_gives_the_share_of_mail_that_was_read() -> None:
    made = digest(coverage=Coverage(messages=1000, read=996, unread={"Portuguese": 3, "encrypted": 1}))
    text = as_text(made)
    assert "Read 996 of 1,000 messages from people (99 %)." in text
    assert "Not read: 3 Portuguese, 1 encrypted." in text
    assert "recipflow 9.9" in text


def test_an_empty_mailbox_was_read_completely() -> None:
    assert Coverage(messages=0, read=0, unread={}).percent == 100


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_names_and_quotes_are_text_and_nothing_else(words: str) -> None:
    made = digest(nudge(NudgeKind.THANK, key=words, quote=words), name=words)
    harmless = Tags(as_html(digest(nudge(NudgeKind.THANK, quote="x"))))
    page = Tags(as_html(made))
    assert page.elements == harmless.elements
    assert page.attributes == harmless.attributes
    assert page.open == []
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", as_text(made) + as_html(made)
    )


def test_a_hostile_quote_cannot_pretend_to_be_another_line() -> None:
    lines = as_text(digest(nudge(NudgeKind.THANK, quote="x\nrecipflow forget everybody"))).splitlines()
    assert not any(line.strip() == "recipflow forget everybody" for line in lines)


def test_the_page_needs_nothing_from_anywhere() -> None:
    page = as_html(digest(nudge(NudgeKind.THANK, quote="q")))
    tags = Tags(page)
    assert not {"script", "img", "link", "iframe", "a", "form", "object"} & set(tags.elements)
    assert not {name for name, _ in tags.attributes} & {"src", "href", "style", "onclick", "onload"}
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_the_page_has_a_language_one_main_heading_and_a_viewport() -> None:
    page = as_html(digest(nudge(NudgeKind.THANK)))
    assert '<html lang="en">' in page
    assert page.count("<h1>") == 1
    assert 'name="viewport"' in page
    assert "prefers-color-scheme: dark" in page


def test_every_text_colour_has_the_contrast_that_wcag_aa_asks_for() -> None:
    palettes = re.findall(r":root \{ (--page.*?) \}", as_html(digest()))
    assert len(palettes) == 2
    for palette in palettes:
        colour = dict(re.findall(r"--(\w+): (#\w{6})", palette))
        for text in ("text", "soft", "accent"):
            for ground in ("page", "card"):
                assert _contrast(colour[text], colour[ground]) >= 4.5, (text, ground)


@pytest.mark.parametrize("width", [40, 60, 100])
def test_the_text_keeps_to_the_width_of_the_terminal(width: int) -> None:
    made = digest(
        nudge(NudgeKind.THANK, "k", quote="so very " * 40),
        coverage=Coverage(messages=5, read=4, unread={"German": 1}),
    )
    assert max(map(len, as_text(made, width=width).splitlines())) <= width


def test_each_item_says_how_to_look_behind_it() -> None:
    made = digest(nudge(NudgeKind.THANK, "dana-thank-1"))
    assert "recipflow why dana-thank-1" in as_text(made)
    assert "recipflow why dana-thank-1" in as_html(made)
    assert "recipflow why" not in as_text(made, commands=False)


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
