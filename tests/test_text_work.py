"""No body, whatever is in it, takes more than a second or raises; and nothing is invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recipflow.model import Form
from recipflow.text import new_text

SIZE = 5_000_000
PLAIN = {
    "one line": "a",
    "marks": ">",
    "marked lines": ">\n",
    "blank lines": "\n",
    "spaces": " ",
    "on": "On \n",
    "attributions": "On 1\nwrote:\n",
    "headers": "From: a\nTo: b\n\n> x\n",
    "signatures": "-- \n> a\n",
    "originals": "-----Original Message-----\n>\n",
    "residue": "=20\n",
    "soft breaks": "=\n",
    "lotus": "12/13/99 07:15 PM\n",
    "bars": "| a\n",
    "names": "Bo Tarn\n",
    "addresses": "a@b.",
    "digits": "1 ",
    "initials": "AB> x\n",
    "notices": "confidential\n\n",
    "invisible": "ü\u200b",
    "flowed": "a \n",
}
HTML = {
    "nested divs": "<div>",
    "nested bold": "<b><i>",
    "links": "<a><div>",
    "open": "<",
    "entities": "&amp;",
    "breaks": "<br>",
    "paragraphs": "<p>a",
    "tables": "<table><tr><td>",
    "quotes": "<blockquote>a",
    "items": "<li><dd>",
    "selects": "<select><option>",
    "comments": "<!--",
    "styles": '<p style="color:white">a</p>',
    "closed": "</div>",
}


def seconds(body: str, form: Form) -> float:
    start = time.process_time()
    new_text(body, form)
    return time.process_time() - start


def in_time(body: str, form: Form) -> bool:
    """Under a second; a machine that is slow just now may take up to four, if a tenth of the body takes a tenth of that."""
    took = seconds(body, form)
    return took < 1 or (took < 4 and took < 20 * seconds(body[: len(body) // 10], form))


def body_of(piece: str) -> str:
    return (piece * (SIZE // len(piece) + 1))[:SIZE]


@pytest.mark.parametrize("piece", PLAIN.values(), ids=PLAIN)
@pytest.mark.parametrize("form", [Form.PLAIN, Form.FLOWED])
def test_five_megabytes_of_anything_plain_take_under_a_second(piece: str, form: Form) -> None:
    assert in_time(body_of(piece), form)


@pytest.mark.parametrize("piece", HTML.values(), ids=HTML)
def test_five_megabytes_of_any_html_take_under_a_second(piece: str) -> None:
    assert in_time(body_of(piece), Form.HTML)


def test_a_tag_with_a_million_attributes_takes_under_a_second() -> None:
    assert in_time("<p " + " ".join(f"a{n}" for n in range(600_000)) + ">x", Form.HTML)


def test_the_ends_of_a_body_too_long_for_a_person_are_read() -> None:
    found = new_text("First.\n" + "> x\n" * 100_000 + "Last.\n", Form.PLAIN).text
    assert found.split() == ["First.", "Last."]


FRAGMENTS = st.sampled_from(
    [
        *(
            "> quoted",
            "-- ",
            "--",
            "On 1 Jan 2020, Bo wrote:",
            "wrote:",
            "From: a@b.example",
            "To: c",
            "Subject: d",
            "",
            " ",
        ),
        *(
            "-----Original Message-----",
            "________________________",
            "Bo Tarn",
            "Tarn Ltd",
            "| x",
            "AB> y",
            "Best,",
            "\t",
        ),
        *(
            "12/13/99 07:15 PM",
            "Sent from my iPhone",
            "this message is confidential",
            "words to you",
            "*",
            ":",
            ">From x",
        ),
    ]
)
BODIES = st.one_of(st.text(max_size=200), st.lists(FRAGMENTS, max_size=25).map("\n".join))


def squeezed(text: str) -> str:
    return "".join(text.split())


@settings(deadline=None, max_examples=300)
@given(BODIES, st.sampled_from([Form.PLAIN, Form.FLOWED, Form.FLOWED_DELSP]))
def test_every_line_comes_from_the_body(body: str, form: Form) -> None:
    found = new_text(body, form)
    source = squeezed("".join(char for char in body if char not in "\ufeff\u200b\u2060\u00ad\x00"))
    if "=" not in body:
        assert all(squeezed(line) in source for line in found.text.split("\n"))
    assert found.signoff in found.text


@settings(deadline=None, max_examples=300)
@given(
    st.one_of(
        BODIES,
        st.lists(st.sampled_from(["<div>", "</p>", "<b", "a", "<a href='http://x'>", "&amp", "<!--"])).map(
            "".join
        ),
    )
)
def test_no_page_raises(body: str) -> None:
    assert new_text(body, Form.HTML).text is not None


@settings(deadline=None, max_examples=100)
@given(BODIES)
def test_new_text_has_no_further_quotes(body: str) -> None:
    assert not any(line.startswith("> ") for line in new_text(body, Form.PLAIN).text.split("\n"))
