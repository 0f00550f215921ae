"""What spoils any file: cut off, bits flipped, stretches repeated, letters that nobody expects."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random], bytes]

STRANGE = (
    "\u202egnp.exe", "\u2066\u2067", "\x1b[2J\x1b]0;owned\x07", "<script>alert(1)</script>", "\x00", "\ufeff",
    "a\u0301" * 400, "\ud7ff\uffff\U0010ffff", "\r\nBcc: x@y.example", "'; DROP TABLE party; --", "{{ 7*7 }}",
    "%s%n", "\u2028", "\x85", "\ud800", "👩‍👩‍👧" * 50,
)  # fmt: skip


def strange(random: Random) -> bytes:
    return random.choice(STRANGE).encode("utf-8", "surrogatepass")


def truncate(raw: bytes, random: Random) -> bytes:
    return raw[: random.randint(0, len(raw))]


def flip(raw: bytes, random: Random) -> bytes:
    spoilt = bytearray(raw)
    for _ in range(random.choice((1, 5, 50)) if spoilt else 0):
        spoilt[random.randrange(len(spoilt))] = random.randrange(256)
    return bytes(spoilt)


def insert(raw: bytes, random: Random) -> bytes:
    at = random.randint(0, len(raw))
    return raw[:at] + strange(random) + raw[at:]


def repeat(raw: bytes, random: Random) -> bytes:
    """A stretch of it many times over."""
    at, length = random.randint(0, len(raw)), random.randint(1, 200)
    return raw[:at] + raw[at : at + length] * random.choice((2, 20, 500)) + raw[at + length :]


def line_ends(raw: bytes, random: Random) -> bytes:
    return raw.replace(b"\n", random.choice((b"\r", b"\r\n", b"\n\r", b"\n\n", b"\x00\n", b"\x0b", b"\x0c")))
