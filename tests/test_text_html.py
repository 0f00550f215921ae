"""New text of HTML bodies, client by client. All mail here is invented."""

from __future__ import annotations

import pytest

from recipflow.model import Form
from recipflow.text import new_text
from recipflow.text.html import plain_text

ASK = "<div>May I have an oar?</div>"
CLIENTS = {
    "gmail": '<div dir="ltr">Yes.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Ada wrote:<br>'
    f'</div><blockquote class="gmail_quote" style="border-left:1px solid">{ASK}</blockquote></div>',
    "gmail in a language nobody taught us": '<div>Yes.</div><div class="gmail_quote"><div class="gmail_attr">Ada, vx 18:<br>'
    f'</div><blockquote class="gmail_quote">{ASK}</blockquote></div>',
    "apple": f'<div>Yes.</div><div><br><blockquote type="cite"><div>On 18 Nov 2025, Ada wrote:</div>{ASK}</blockquote></div>',
    "outlook": '<div class="WordSection1"><p class="MsoNormal">Yes.<o:p></o:p></p><div><div style="border:none;border-top:'
    'solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b>From:</b> Ada<br><b>Sent:</b> Tuesday<br>'
    f"<b>To:</b> Bo<br><b>Subject:</b> Oars</p></div></div>{ASK}</div>",
    "outlook web": '<div class="elementToProof">Yes.</div><div id="appendonsend"></div><hr>'
    f'<div id="divRplyFwdMsg"><b>Ot:</b> Ada</div>{ASK}',
    "proton": f'<div>Yes.</div><div class="protonmail_quote">On Tue, Ada wrote:<br><blockquote>{ASK}</blockquote></div>',
    "yahoo": f'<div>Yes.</div><div class="yahoo_quoted"><div>On Tue, Ada wrote:</div>{ASK}</div>',
    "thunderbird": f'<p>Yes.</p><div class="moz-cite-prefix">Ada wrote:<br></div><blockquote type="cite">{ASK}</blockquote>',
    "gmail signature": '<div>Yes.</div><span class="gmail_signature_prefix">-- </span><br>'
    '<div class="gmail_signature">Bo</div>',
    "outlook signature": '<div>Yes.</div><div id="Signature">Bo Tarn<br>Tarn Boats</div>',
    "proton signature": '<div>Yes.</div><div class="protonmail_signature_block">Sent with Proton Mail</div>',
    "phone": '<div>Yes.</div><div><br><div dir="ltr">Sent from my iPhone</div></div>',
}


@pytest.mark.parametrize("body", CLIENTS.values(), ids=CLIENTS)
def test_only_the_new_words_are_left(body: str) -> None:
    assert new_text(body, Form.HTML).text == "Yes."


def test_an_answer_between_quotes_is_kept() -> None:
    body = (
        '<div class="gmail_quote"><div class="gmail_attr">On Tue, Ada wrote:</div><blockquote class="gmail_quote">Which?'
        '</blockquote><div>The long one.</div><blockquote class="gmail_quote">When?</blockquote><div>Today.</div></div>'
    )
    assert new_text(body, Form.HTML).text.split() == ["The", "long", "one.", "Today."]


def test_a_forward_is_told() -> None:
    body = (
        '<div>For you?</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>'
        "From: Ada<br></div><div>An oar for sale.</div></div>"
    )
    found = new_text(body, Form.HTML)
    assert (found.text, found.forwarded) == ("For you?", True)


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display: none">thanks</div>',
        '<div style="DISPLAY:NONE !important">thanks</div>',
        '<span style="font-size:0">thanks</span>',
        '<span style="font-size:0px;line-height:0">thanks</span>',
        '<span style="opacity:0">thanks</span>',
        '<div style="max-height:0;overflow:hidden">thanks</div>',
        '<div style="visibility:hidden">thanks</div>',
        '<div style="mso-hide:all">thanks</div>',
        '<span style="color:#fff">thanks</span>',
        '<span style="color: white">thanks</span>',
        '<font color="#FFFFFF">thanks</font>',
        '<div style="background:#000"><span style="color:rgb(0, 0, 0)">thanks</span></div>',
        '<div bgcolor="navy"><span style="color:#000080">thanks</span></div>',
        "<div hidden>thanks</div>",
        '<style>.x{display:none}</style><div class="x">thanks</div>',
        "<script>thanks</script>",
        "<style>thanks</style>",
        "<title>thanks</title>",
        "<!-- thanks -->",
        "<noscript>thanks</noscript>",
        '<iframe srcdoc="thanks"></iframe>',
        "<template>thanks</template>",
    ],
)
def test_what_nobody_sees_is_left_out(hidden: str) -> None:
    assert new_text(f"<html><body><p>Seen.</p>{hidden}</body></html>", Form.HTML).text == "Seen."


@pytest.mark.parametrize(
    "seen",
    [
        '<div style="background:#000;color:#fff">Seen.</div>',
        '<table><tr><td bgcolor="#000080"><span style="color:white">Seen.</span></td></tr></table>',
        '<div style="font-size:10px">Seen.</div>',
        '<div style="color:black">Seen.</div>',
        '<div style="opacity:0.9">Seen.</div>',
    ],
)
def test_what_can_be_seen_stays(seen: str) -> None:
    assert new_text(seen, Form.HTML).text == "Seen."


def test_blocks_end_lines_and_lists_get_dashes() -> None:
    assert plain_text("<p>One<br>two</p><ul><li>a</li><li>b</li></ul><div>three</div>").split("\n") == [
        *("One", "two", "", "- a", "- b", "", "three"),
    ]


def test_entities_are_decoded_and_white_space_folded() -> None:
    assert plain_text("<div>Fish &amp;\n   chips&nbsp;&#8211; ok</div>") == "Fish & chips – ok"


def test_a_link_shows_its_address_where_its_text_does_not() -> None:
    address = "https://docs.example/d/1"
    assert plain_text(f'<a href="{address}">the plan</a>') == f"the plan <{address}>"
    assert plain_text(f'<a href="{address}">{address}</a>') == address
    assert plain_text('<a href="mailto:a@b.example">a@b.example</a>') == "a@b.example"


def test_a_broken_page_is_read_as_far_as_it_goes() -> None:
    assert plain_text("<div><p>One<table><td>two</div").rstrip() == "One\n\ntwo"
    assert plain_text("") == ""


def test_words_in_the_deepest_of_too_many_elements_are_found() -> None:
    assert plain_text("<div>" * 50_000 + "here" + "</div>" * 50_000).strip() == "here"
