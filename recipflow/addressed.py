"""Names and addresses as mail writes them, read alike by every Python.

Newer ones (from 3.11.10 and 3.12.5 on) answer nothing at all to a header with anything odd in it, as guards against forgery
must; here it would only lose a person. https://docs.python.org/3/library/email.utils.html#email.utils.getaddresses
"""

from __future__ import annotations

import email.utils
from collections.abc import Callable
from functools import partial
from typing import cast

_Read = Callable[[list[str]], list[tuple[str, str]]]
_STRICT = getattr(email.utils, "supports_strict_parsing", False)
_read = cast(_Read, partial(email.utils.getaddresses, strict=False) if _STRICT else email.utils.getaddresses)


def addressed(header: str) -> list[tuple[str, str]]:
    """The name ("" for none) and the address of each, in their order."""
    return [(name, address) for name, address in _read([header]) if name or address]


def first_addressed(header: str) -> tuple[str, str]:
    """The first of them, or two times ""."""
    return next(iter(addressed(header)), ("", ""))
