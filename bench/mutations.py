"""What hostile and broken mail looks like: ways to spoil a message or a calendar, and whole ones that are absurd."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random], bytes]

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
STRANGE = (
    "\u202egnp.exe", "\u2066\u2067", "\x1b[2J\x1b]0;owned\x07", "<script>alert(1)</script>", "\x00", "\ufeff",
    "a\u0301" * 400, "\ud7ff\uffff\U0010ffff", "\r\nBcc: x@y.example", "'; DROP TABLE party; --", "{{ 7*7 }}",
    "%s%n", "\u2028", "\x85", "\ud800", "👩‍👩‍👧" * 50,
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
_ICS_DATES = (b"00010101T000000Z", b"99991231T235959Z", b"20260230T250000", b"", b"x", b"20260302", b"-1")
_RRULES = (
    b"FREQ=SECONDLY", b"FREQ=MINUTELY;COUNT=99999999", b"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", b"FREQ=DAILY;INTERVAL=0",
    b"FREQ=WEEKLY;UNTIL=00010101T000000Z", b"FREQ=YEARLY;BYDAY=53MO;BYWEEKNO=1", b"FREQ=NEVER", b"",
    b"FREQ=DAILY;BYSECOND=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYHOUR=0,1,2,3,4,5,6,7,8,9",
    b"FREQ=DAILY;COUNT=-1", b"FREQ=MONTHLY;BYSETPOS=366;BYDAY=MO", b"FREQ=DAILY;INTERVAL=99999999999999999999",
)  # fmt: skip


def mutated(raw: bytes, random: Random) -> bytes:
    """A message spoilt in one to four ways."""
    for _ in range(random.randint(1, 4)):
        raw = random.choice(MAIL)(raw, random)
    return raw


def mutated_calendar(raw: bytes, random: Random) -> bytes:
    """A calendar spoilt in one to four ways."""
    for _ in range(random.randint(1, 4)):
        raw = random.choice(CALENDAR)(raw, random)
    return raw


def _strange(random: Random) -> bytes:
    return random.choice(STRANGE).encode("utf-8", "surrogatepass")


def _truncate(raw: bytes, random: Random) -> bytes:
    return raw[: random.randint(0, len(raw))]


def _flip(raw: bytes, random: Random) -> bytes:
    spoilt = bytearray(raw)
    for _ in range(random.choice((1, 5, 50)) if spoilt else 0):
        spoilt[random.randrange(len(spoilt))] = random.randrange(256)
    return bytes(spoilt)


def _insert(raw: bytes, random: Random) -> bytes:
    at = random.randint(0, len(raw))
    return raw[:at] + _strange(random) + raw[at:]


def _repeat(raw: bytes, random: Random) -> bytes:
    """A stretch of it many times over."""
    at, length = random.randint(0, len(raw)), random.randint(1, 200)
    return raw[:at] + raw[at : at + length] * random.choice((2, 20, 500)) + raw[at + length :]


def _double_header(raw: bytes, random: Random) -> bytes:
    lines = raw.partition(b"\n\n")[0].split(b"\n")
    return random.choice(lines) + b"\n" + raw


def _drop_header(raw: bytes, random: Random) -> bytes:
    return _without(raw, random.choice(_HEADS))


def _set_header(raw: bytes, random: Random) -> bytes:
    return _with(raw, random.choice(_HEADS), _strange(random))


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
    return _with(_with(raw, b"From", b"Ann <" + ME + b">"), b"To", _strange(random) + b" <" + other + b">")


def _hostile_name(raw: bytes, random: Random) -> bytes:
    return _with(raw, b"From", b'"' + _strange(random) + b'" <dana@harbour.example>')


def _odd_address(raw: bytes, random: Random) -> bytes:
    odd = (
        b"@",
        b"a@",
        b"@b",
        b"a@b@c",
        b"<>",
        b"a b@c d",
        b"undisclosed-recipients:;",
        b"x@[::1]",
        b"\xc3\xa9@\xff",
        b'"a@b"@c',
    )
    return _with(raw, random.choice((b"From", b"To", b"Sender", b"Reply-To")), random.choice(odd))


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


def _line_ends(raw: bytes, random: Random) -> bytes:
    return raw.replace(b"\n", random.choice((b"\r", b"\r\n", b"\n\r", b"\n\n", b"\x00\n", b"\x0b", b"\x0c")))


def _postmark(raw: bytes, random: Random) -> bytes:
    at = random.randint(0, len(raw))
    return raw[:at] + b"\n\nFrom - Mon Mar  2 09:00:00 2026\n" + raw[at:]


def _with(raw: bytes, name: bytes, value: bytes) -> bytes:
    return name + b": " + value + b"\n" + _without(raw, name)


def _without(raw: bytes, name: bytes) -> bytes:
    head, gap, body = raw.partition(b"\n\n")
    return re.sub(rb"(?im)^" + name + rb":.*\n?(?:[ \t].*\n?)*", b"", head) + gap + body


def _calendar_date(raw: bytes, random: Random) -> bytes:
    name = random.choice((b"DTSTART", b"DTEND", b"DTSTAMP", b"RECURRENCE-ID", b"EXDATE", b"RDATE"))
    return _in_event(
        raw,
        name + random.choice((b"", b";TZID=No/Where", b";VALUE=DATE")) + b":" + random.choice(_ICS_DATES),
        random,
    )


def _recurrence(raw: bytes, random: Random) -> bytes:
    return _in_event(raw, b"RRULE:" + random.choice(_RRULES), random)


def _version(raw: bytes, random: Random) -> bytes:
    """Another version of an event that is there, before or after it: moved, cancelled, or with a mad sequence."""
    events = re.findall(rb"BEGIN:VEVENT.*?END:VEVENT\r?\n", raw, re.DOTALL)
    if not events:
        return raw
    sequence = random.choice((b"0", b"1", b"99999999999999999999", b"-5", b"x"))
    status = random.choice((b"CANCELLED", b"CONFIRMED", b"TENTATIVE", b"\xff"))
    other = _in_event(random.choice(events), b"SEQUENCE:" + sequence + b"\r\nSTATUS:" + status, random)
    at = random.choice((raw.find(b"BEGIN:VEVENT"), raw.find(b"END:VCALENDAR")))
    return raw[:at] + other + raw[at:]


def _attendees(raw: bytes, random: Random) -> bytes:
    one = b"ATTENDEE;CN=" + _strange(random).replace(b"\n", b"") + b":mailto:p%d@crowd.example\r\n"
    many = b"".join(one.replace(b"%d", b"%d" % number) for number in range(random.choice((1, 2_000))))
    return _in_event(raw, many, random)


def _summary(raw: bytes, random: Random) -> bytes:
    return _in_event(raw, b"SUMMARY:" + _strange(random) * random.choice((1, 5_000)), random)


def _duration(raw: bytes, random: Random) -> bytes:
    return _in_event(
        raw, b"DURATION:" + random.choice((b"P99999999999D", b"-PT5M", b"PT", b"P1W2D", b"x")), random
    )


def _cancel(raw: bytes, random: Random) -> bytes:
    return raw.replace(
        b"VERSION:2.0", b"VERSION:2.0\r\nMETHOD:" + random.choice((b"CANCEL", b"REPLY", b"\x00")), 1
    )


def _own_zone(raw: bytes, random: Random) -> bytes:
    zone = random.choice((b"../../etc/passwd", b"Europe/Lisbon", b"", b"a" * 5_000, b"\x00"))
    return raw.replace(b"VERSION:2.0", b"VERSION:2.0\r\nX-WR-TIMEZONE:" + zone, 1)


def _in_event(raw: bytes, line: bytes, random: Random) -> bytes:
    starts = [one.end() for one in re.finditer(rb"BEGIN:VEVENT\r?\n", raw)]
    if not starts:
        return raw
    at = random.choice(starts)
    name = re.match(rb"[A-Z-]*", line)
    rest = re.sub(rb"(?m)^" + (name[0] if name else b"") + rb"[:;].*\n", b"", raw[at:], count=1)
    return raw[:at] + line.rstrip(b"\r\n") + b"\r\n" + rest


MAIL: tuple[Mutation, ...] = (
    _truncate, _flip, _insert, _repeat, _double_header, _drop_header, _set_header, _huge_header, _bad_date, _charset,
    _encoding, _encoded_words, _many_recipients, _names_itself, _names_each_other, _from_me, _hostile_name, _odd_address,
    _nested, _same_edges, _long_line, _deep_html, _line_ends, _postmark,
)  # fmt: skip
CALENDAR: tuple[Mutation, ...] = (
    _truncate, _flip, _insert, _repeat, _calendar_date, _recurrence, _version, _attendees, _summary, _duration, _cancel,
    _own_zone, _line_ends,
)  # fmt: skip
