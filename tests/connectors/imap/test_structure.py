"""What a server tells of a message's parts, in the ways that servers tell it."""

from __future__ import annotations

import pytest
from recipflow_connectors.imap.structure import shape


@pytest.mark.parametrize(
    "told",
    [
        (b"filename*", b"utf-8''Angebot%20f%C3%BCr%20Bo.pdf"),
        (b"filename", b"=?utf-8?q?Angebot_f=C3=BCr_Bo=2Epdf?="),
        (b"filename", "Angebot für Bo.pdf".encode()),
    ],
)
def test_the_name_of_an_attachment_comes_as_written_decoded_or_in_bare_utf_8(
    told: tuple[bytes, bytes],
) -> None:
    part = (b"application", b"pdf", None, None, None, b"base64", 100, None, (b"attachment", told), None, None)
    assert shape(part).leaf.filename == "Angebot für Bo.pdf"
