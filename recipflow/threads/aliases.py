"""What stands for a message where others refer to it.

A store that kept the Message-IDs of mail it must not know (of private or forgotten people, of what was never delivered)
would name it, and one that hid only those would tell which they are. So references are numbers throughout: two that
refer to one message still meet, and nothing tells an id that is not here from any other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

_ALIAS = re.compile("#[0-7][0-9a-f]{15}")


def digest(kind: str, ext: str) -> int:
    """What an interaction is found by: 63 bits, so that among a million no two are expected to meet."""
    name = f"{kind} {ext}".encode("utf-8", "replace")
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big") >> 1


def alias(message: str) -> str:
    """What stands for this Message-ID: "#" and its digest in 16 hexadecimal digits; an alias stands for itself."""
    return message if not message or _is_alias(message) else _alias(message)


def aliases(references: str) -> str:
    """What stands for these Message-IDs, separated by spaces as a store keeps them."""
    return " ".join(map(alias, references.split(" ")))


def number(node: str) -> int:
    """The digest of a node of a thread: of a message's alias, or of a provider's thread id."""
    return int(node[1:], 16) if _is_alias(node) else digest("message", node)


def _is_alias(text: str) -> bool:
    return text[0] == "#" and _ALIAS.fullmatch(text) is not None


@lru_cache(maxsize=16_384)  # a long conversation names the same messages again and again
def _alias(message: str) -> str:
    return f"#{digest('message', message):016x}"
