"""A letter from the user to the user as MIME, the way Graph's sendMail takes it."""

from __future__ import annotations

from base64 import b64encode
from email.headerregistry import Address

from recipflow.connector import Letter
from recipflow.errors import UserError
from recipflow_connectors.composing import composed


def encoded(letter: Letter) -> str:
    """The letter in base64, to its one address: https://learn.microsoft.com/graph/outlook-send-mime-message."""
    try:
        Address(addr_spec=letter.address)
    except (ValueError, IndexError) as fault:
        raise UserError(f"{letter.address!r} is no address a digest can be sent to.") from fault
    return b64encode(composed(letter, letter.address).as_bytes()).decode()
