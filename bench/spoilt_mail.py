"""What hostile and broken mail looks like: ways to spoil a message."""

from __future__ import annotations

import re
from random import Random

from bench.spoilt_bytes import Mutation, flip, insert, line_ends, repeat, strange, truncate

ME = b"ann@haven.example"
CHARSETS = (
    b"utf-7", b"utf-16", b"x-unknown", b"iso-2022-jp", b"gb18030", b"koi8-r", b"idna", b"unicode_escape",
    b"rot13", b"zlib", b"", b"utf-8\x00", b"a" * 300,
)  # fmt: skip
DATES = (
    b"", b"0", b"Mon, 31 Feb 2026 25:61:61 +9999", b"Thu, 01 Jan 1970 00:00:00 -2359", b"1 Jan 0001 00:00:00 +1400",
    b"31 Dec 9999 23:59:59 -1200", b"Tue, 99 Foo 99999999999999999999 1:2:3", b"2026-03-02T09:00:00+24:00",
    b"Mon, 2 Mar 2026 09:00:00 " + b"(" * 5_000, b"1 Jan 1960 00:00:00 +0000", b"1 Jan 2099 00:00:00 +0000",
)  # fmt: skip
_HEADS = (b"From", b"To", b"Cc", b"Subject", b"Date", b"Message-ID", b"References", b"In-Reply-To", b"Content-Type",
          b"Reply-To", b"Sender", b"List-Id", b"Auto-Submitted", b"Received", b"X-GM-THRID", b"X-Gmail-Labels")  # fmt: skip
_ADDRESSES = (
    b"@", b"a@", b"@b", b"a@b@c", b"<>", b"a b@c d", b"undisclosed-recipients:;", b"x@[::1]", b"\xc3\xa9@\xff", b'"a@b"@c',
    b"=?utf-8?q?ann=00=40haven=2Eexample?=", b"dana@harbour.example\x00", b"a\x1b[31m@b.example", b"a\xe2\x80\xae@b.example",
)  # fmt: skip
_UNITS = (
    b"x",
    b"> ",
    b"> > On ",
    b"a b ",
    b"http://",
    b"<div>",
    b"thanks ",
    b"please ",
    b"I'll ",
    b"@",
    b"&#",
)


def _double_header(raw: bytes, random: Random) -> bytes:
    lines = raw.partition(b"\n\n")[0].split(b"\n")
    return random.choice(lines) + b"\n" + raw


def _drop_header(raw: bytes, random: Random) -> bytes:
    return _without(raw, random.choice(_HEADS))


def _set_header(raw: bytes, random: Random) -> bytes:
    return _with(raw, random.choice(_HEADS), strange(random))


def _huge_header(raw: bytes, random: Random) -> bytes:
    filling = random.choice(
        (b"a", b"=?utf-8?q?x?= ", b"<", b"(", b'"', b",", b"<a@b.example>, ", b"a@", b"\n ")
    )
    return _with(raw, random.choice(_HEADS), filling * random.choice((100, 20_000)))


def _bad_date(raw: bytes, random: Random) -> bytes:
    return _with(raw, b"Date", random.choice(DATES))


def _charset(raw: bytes, random: Random) -> bytes:
    kind = random.choice((b"text/plain", b"text/html"))
    return _with(raw, b"Content-Type", kind + b"; charset=" + random.choice(CHARSETS))


def _encoding(raw: bytes, random: Random) -> bytes:
    names = (b"base64", b"quoted-printable", b"x-uuencode", b"8bit", b"binary", b"gzip")
    return _with(raw, b"Content-Transfer-Encoding", random.choice(names))


def _encoded_words(raw: bytes, random: Random) -> bytes:
    word = b"=?" + random.choice(CHARSETS) + b"?" + random.choice((b"b", b"q", b"z")) + b"?" + b"=D8=00zz" * 9
    return _with(raw, random.choice((b"Subject", b"From", b"To")), word + b"?= <kwame@kiosk.example>")


def _many_recipients(raw: bytes, random: Random) -> bytes:
    many = b", ".join(b"p%d@crowd.example" % number for number in range(random.choice((600, 10_000))))
    return _with(raw, random.choice((b"To", b"Cc")), many)


def _names_itself(raw: bytes, random: Random) -> bytes:
    own = b"<same%d@x.example>" % random.randrange(3)
    raw = _with(_with(raw, b"Message-ID", own), b"In-Reply-To", own)
    return _with(raw, b"References", own * random.choice((1, 300)))


def _names_each_other(raw: bytes, random: Random) -> bytes:
    """Cycles: a few ids that answer one another in any direction, and the same id with other content."""
    one, other = (b"<cycle%d@x.example>" % random.randrange(4) for _ in "ab")
    raw = _with(_with(raw, b"Message-ID", one), b"In-Reply-To", other)
    return _with(raw, b"References", other + b" " + one + b" " + other)


def _from_me(raw: bytes, random: Random) -> bytes:
    other = random.choice((ME, b"kwame@kiosk.example"))
    return _with(_with(raw, b"From", b"Ann <" + ME + b">"), b"To", strange(random) + b" <" + other + b">")


def _hostile_name(raw: bytes, random: Random) -> bytes:
    return _with(raw, b"From", b'"' + strange(random) + b'" <dana@harbour.example>')


def _odd_address(raw: bytes, random: Random) -> bytes:
    return _with(raw, random.choice((b"From", b"To", b"Sender", b"Reply-To")), random.choice(_ADDRESSES))


def _nested(raw: bytes, random: Random) -> bytes:
    """Multiparts in multiparts, or mails in mails."""
    for number in range(random.choice((3, 70, 700))):
        edge = b"edge%d" % number
        kind = random.choice(
            (b"multipart/mixed", b"multipart/alternative", b"multipart/signed", b"message/rfc822")
        )
        head = b"Content-Type: " + kind + b"; boundary=" + edge + b"\n\n--" + edge + b"\n"
        raw = head + raw[:20_000] + b"\n--" + edge + random.choice((b"--\n", b"\n", b""))
    return raw


def _same_edges(raw: bytes, random: Random) -> bytes:
    edge = random.choice((b"e", b'""', b"", b"-" * 300))
    part = b"--" + edge + b"\nContent-Type: multipart/mixed; boundary=" + edge + b"\n\nx\n"
    return _with(raw, b"Content-Type", b"multipart/mixed; boundary=" + edge) + part * random.choice(
        (2, 200, 5_000)
    )


def _long_line(raw: bytes, random: Random) -> bytes:
    unit = random.choice(_UNITS)
    return raw + unit * random.choice((1_000, 200_000))


def _deep_html(raw: bytes, random: Random) -> bytes:
    tag = random.choice(
        (b"<div>", b"<table><tr><td>", b"<blockquote>", b"<a href=x>", b"<!--", b"<style>", b"<p/>")
    )
    raw = _with(_with(raw, b"Content-Type", b"text/html"), b"Content-Transfer-Encoding", b"8bit")
    return raw + tag * random.choice((100, 30_000))


def _postmark(raw: bytes, random: Random) -> bytes:
    at = random.randint(0, len(raw))
    return raw[:at] + b"\n\nFrom - Mon Mar  2 09:00:00 2026\n" + raw[at:]


def _with(raw: bytes, name: bytes, value: bytes) -> bytes:
    return name + b": " + value + b"\n" + _without(raw, name)


def _without(raw: bytes, name: bytes) -> bytes:
    head, gap, body = raw.partition(b"\n\n")
    return re.sub(rb"(?im)^" + name + rb":.*\n?(?:[ \t].*\n?)*", b"", head) + gap + body


MAIL: tuple[Mutation, ...] = (
    truncate, flip, insert, repeat, _double_header, _drop_header, _set_header, _huge_header, _bad_date, _charset,
    _encoding, _encoded_words, _many_recipients, _names_itself, _names_each_other, _from_me, _hostile_name, _odd_address,
    _nested, _same_edges, _long_line, _deep_html, line_ends, _postmark,
)  # fmt: skip
