"""Bytes of one mail become a Message, as mail really comes."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recipflow_connectors import mime, trees

from recipflow.model import Form, Message, Party

from .letters import letter, raw

PLAIN = "Content-Type: text/plain"


def multipart(*parts: str, subtype: str = "mixed") -> bytes:
    body = "".join(f"--x\n{part}\n" for part in parts) + "--x--\n"
    return raw(f"MIME-Version: 1.0\nContent-Type: multipart/{subtype}; boundary=x\n", body)


def test_an_ordinary_message_is_read() -> None:
    message = mime.parse(letter(3), labels=("inbox",))
    assert message.id == "3@ana.example"
    assert message.at == datetime(2025, 3, 1, 12, tzinfo=UTC)
    assert message.sender == Party("ana@lopes.example", "Ana Lopes")
    assert message.to == (Party("bo@berg.example", "Bo"),)
    assert (message.subject, message.body, message.labels) == ("letter 3", "Good morning.\n", ("inbox",))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("A Lopes <ANA@Lopes.example>", [("ana@lopes.example", "A Lopes")]),
        ('"Lopes, Ana" <a@l.example>, b@l.example', [("a@l.example", "Lopes, Ana"), ("b@l.example", "")]),
        ("Lopes, Ana <a@l.example>", [("a@l.example", "Lopes, Ana")]),
        ("=?utf-8?Q?Lopes=2C_An=C3=A4?= <a@l.example>", [("a@l.example", "Lopes, Anä")]),
        ("=?bogus-8?Q?An=C3=A4?= <a@l.example>", [("a@l.example", "Anä")]),
        ("undisclosed-recipients:;", []),
        ("Team: a@l.example, Bo <b@l.example>;", [("a@l.example", ""), ("b@l.example", "Bo")]),
        ("a@l.example (Ana Lopes)", [("a@l.example", "Ana Lopes")]),
        ("ana at lopes.example (Ana)", [("ana@lopes.example", "Ana")]),
        ("'a@l.example' <a@l.example>", [("a@l.example", "")]),
        ('"unbalanced <a@l.example>, b@l.example', [("a@l.example", "unbalanced"), ("b@l.example", "")]),
        ("<>", []),
        ("Two <a@x.example, b@y.example>", [("a@x.example", "Two"), ("b@y.example", "")]),
    ],
)
def test_addresses_are_read_as_people_write_them(value: str, expected: list[tuple[str, str]]) -> None:
    assert list(mime.parse(raw(f"To: {value}\n")).to) == [Party(*one) for one in expected]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 13 Dec 1999 12:45:00 -0800 (PST)", datetime(1999, 12, 13, 20, 45, tzinfo=UTC)),
        ("13 Dec 99 12:45 GMT", datetime(1999, 12, 13, 12, 45, tzinfo=UTC)),
        ("Thu, 13 Dec 0001 12:45:00 +0000", datetime(2001, 12, 13, 12, 45, tzinfo=UTC)),
        ("Mon Dec 13 12:45:00 1999", datetime(1999, 12, 13, 12, 45, tzinfo=UTC)),
        ("2024-05-06T07:08:09+02:00", datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC)),
        ("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", datetime(1997, 11, 21, 15, 55, 6, tzinfo=UTC)),
        ("Sat, 1 Mar 2025 10:00:60 +9999", datetime(2025, 3, 1, 10, 0, 59, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_programs_write_them(date: str, expected: datetime) -> None:
    assert mime.parse(raw(f"Date: {date}\n")).at == expected


NESTED = b"".join(b"\nContent-Type: multipart/mixed; boundary=b%d\n\n--b%d" % (n, n) for n in range(80_000))
RECEIVED = "Received: from x by y; Sat, 1 Mar 2025 10:00:00 +0000\n"


@pytest.mark.parametrize(
    "date", ["whenever", "Thu, 1 Jan 1970 00:00:00 +0000", "Sat, 1 Mar 2042 10:00:00 +0000"]
)
def test_a_date_that_cannot_be_is_taken_from_received(date: str) -> None:
    assert mime.parse(raw(f"{RECEIVED}Date: {date}\n")).at == datetime(2025, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (raw("Date: whenever\n"), "no date"),
        (raw("From: \n"), "who sent it"),
        (b"no header at all\n", "no header"),
        (b"", "no header"),
    ],
)
def test_what_cannot_be_read_says_why(bad: bytes, reason: str) -> None:
    with pytest.raises(mime.Unreadable, match=reason):
        mime.parse(bad)


def test_what_cannot_be_read_says_whom_its_head_names() -> None:
    undated = b"From: Ann <ANN@x.example>\nTo: bo@y.example\n\nWrite to cy@z.example"
    with pytest.raises(mime.Unreadable) as said:
        mime.parse(undated)
    assert set(said.value.who) == {"ann@x.example", "bo@y.example"}
    assert set(mime.named(undated)) == {"ann@x.example", "bo@y.example"}


def test_a_message_without_id_gets_the_same_one_each_time() -> None:
    once, twice = mime.parse(raw("Subject: a\n")), mime.parse(raw("Subject: a\n", "Hello.\n"))
    assert once.id == twice.id != mime.parse(raw("Subject: b\n")).id
    assert once.id.startswith("hash:")


def test_a_broken_line_in_the_head_does_not_hide_the_rest() -> None:
    message = mime.parse(
        b"Subject: a\nthis is no header\nFrom: a@l.example\nDate: 1 Mar 2025 10:00 +0000\n\nHi\n"
    )
    assert (message.sender.address, message.body) == ("a@l.example", "Hi\n")


@pytest.mark.parametrize(
    ("charset", "data", "expected"),
    [
        ("utf8mb4-x", "café".encode(), "café"),
        ("iso-8859-1", b"\x93caf\xe9\x94", "“café”"),
        ("us-ascii", "café".encode(), "café"),
        ("gb2312", "你好".encode("gbk"), "你好"),
        ("utf-8", "naïve café".encode() + b"\xff", "naïve café�"),
        ("hex", b"abc", "abc"),
    ],
)
def test_charsets_are_read_for_what_they_are(charset: str, data: bytes, expected: str) -> None:
    head = raw(f'Content-Type: text/plain; charset="{charset}"\nContent-Transfer-Encoding: 8bit\n', "")
    assert mime.parse(head + data).body == expected


def test_plain_text_is_preferred_and_an_empty_one_is_not() -> None:
    html = "Content-Type: text/html\n\n<b>both</b>\n"
    both = mime.parse(multipart(f"{PLAIN}\n\nplain\n", html, subtype="alternative"))
    assert (both.body.strip(), both.form) == ("plain", Form.PLAIN)
    empty = mime.parse(multipart(f"{PLAIN}\n\n \n", html, subtype="alternative"))
    assert (empty.body.strip(), empty.form) == ("<b>both</b>", Form.HTML)


def test_all_inline_texts_are_read_in_order() -> None:
    message = mime.parse(multipart(f"{PLAIN}\n\none\n", f"{PLAIN}\n\ntwo\n"))
    assert message.body.split() == ["one", "two"]
    mixed = mime.parse(multipart("Content-Type: text/html\n\n<p>one</p>\n", f"{PLAIN}\n\n1 < 2\n"))
    assert mixed.form is Form.HTML
    assert "<p>one</p>" in mixed.body
    assert "1 &lt; 2" in mixed.body


@pytest.mark.parametrize(
    ("parameter", "form"),
    [("", Form.PLAIN), ("; format=flowed", Form.FLOWED), ("; Format=Flowed; DelSp=yes", Form.FLOWED_DELSP)],
)
def test_the_form_of_the_text_is_told(parameter: str, form: Form) -> None:
    assert mime.parse(raw(f"{PLAIN}{parameter}\n")).form is form


def test_attachments_are_named_and_the_picture_of_a_signature_is_none() -> None:
    message = mime.parse(
        multipart(
            f"{PLAIN}\n\nsee attached\n",
            "Content-Type: application/pdf\nContent-Disposition: attachment; filename*=utf-8''caf%C3%A9.pdf\n"
            "Content-Transfer-Encoding: base64\n\n" + "QUJD" * 19 + "\n",
            'Content-Type: image/png; name="=?utf-8?Q?caf=C3=A9.png?="\n\nxx\n',
            "Content-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline\n\nxx\n",
            "Content-Type: message/rfc822\n\nSubject: inner\n\ninner text\n",
        )
    )
    assert [(one.name, one.type) for one in message.attachments] == [
        ("café.pdf", "application/pdf"),
        ("café.png", "image/png"),
        ("forwarded message", "message/rfc822"),
    ]
    assert abs(message.attachments[0].size - 57) <= 2
    assert "inner" not in message.body


@pytest.mark.parametrize(
    "sealed",
    [
        multipart("Content-Type: application/pgp-encrypted\n\nVersion: 1\n", subtype="encrypted"),
        raw("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n"),
        raw("", "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n"),
        raw("Content-Type: image/png\n"),
        raw("Content-Type: text/html\n", '<p><img src="cid:1"></p>\n'),
    ],
)
def test_what_cannot_be_read_for_its_sealing_is_marked(sealed: bytes) -> None:
    assert mime.parse(sealed).sealed


def test_a_quoted_encrypted_block_seals_nothing() -> None:
    assert not mime.parse(raw("", "> -----BEGIN PGP MESSAGE-----\nI cannot open this.\n")).sealed


def test_gmail_labels_and_thread_are_kept_in_one_language() -> None:
    head = "X-Gmail-Labels: =?UTF-8?Q?Gesendet,Ge=C3=B6ffnet?=\nX-GM-THRID: 123\n"
    message = mime.parse(raw(head), labels=("all mail",))
    assert message.labels == ("sent", "geöffnet", "all mail")
    assert message.thread_hint == "123"


def test_ids_of_earlier_messages_are_read() -> None:
    message = mime.parse(raw("In-Reply-To: Your message of Monday <a@x>\nReferences: <r1@x>\n <r2@\n x>\n"))
    assert (message.in_reply_to, message.references) == ("a@x", ("r1@x", "r2@x"))


def test_what_tells_a_machine_is_kept() -> None:
    headers = mime.parse(raw("Auto-Submitted: auto-replied\nX-Private: no\nList-Id: <l.example>\n")).headers
    assert dict(headers) == {"auto-submitted": "auto-replied", "list-id": "<l.example>"}


def test_the_standard_library_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = [
        letter(1),
        multipart(f"{PLAIN}; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\ncaf=E9\n"),
        raw("To: =?utf-8?Q?An=C3=A4?= <a@l.example>\nSubject: =?utf-8?B?w6Q=?= x\n"),
    ]
    fast = [mime.parse(one) for one in samples]
    monkeypatch.setattr(trees, "parse_email_tree", None)
    assert [mime.parse(one) for one in samples] == fast


def test_a_part_whose_encoding_is_broken_is_read_as_far_as_it_goes() -> None:
    assert "hello" in mime.parse(raw("Content-Transfer-Encoding: base64\n", "aGVsbG8g4=*&\n")).body


@given(st.binary(max_size=400), st.integers(0, 400))
@settings(max_examples=150, deadline=None)
def test_no_damage_makes_it_raise_anything_but_a_reason(damage: bytes, where: int) -> None:
    whole = multipart(
        f"{PLAIN}; charset=utf-8\n\none\n", "Content-Type: message/rfc822\n\nSubject: in\n\nx\n"
    )
    for broken in (damage, whole[:where] + damage + whole[where:]):
        with contextlib.suppress(mime.Unreadable):
            assert isinstance(mime.parse(broken), Message)


@pytest.mark.parametrize(
    "hostile",
    [
        raw("Subject: " + "=?" * 100_000 + "\n"),
        raw("Subject: " + "=?utf-8?q?" * 30_000 + "\n"),
        raw('To: "' + 'a\\"' * 100_000 + "\n"),
        raw("To: " + "(" * 200_000 + "\n"),
        raw("Content-Type: multipart/mixed; boundary=x\n", "--x\n\na\n" * 20_000),
        raw("Content-Type: text/html\n", "<img>" + ">" * 1_000_000),
        letter(1, body="").rstrip() + NESTED,
    ],
)
def test_no_message_keeps_the_machine_busy(hostile: bytes) -> None:
    before = time.process_time()
    with contextlib.suppress(mime.Unreadable):
        mime.parse(hostile)
    assert time.process_time() - before < 2
