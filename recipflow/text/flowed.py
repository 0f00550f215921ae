"""What transport did to a plain body, undone: soft line breaks of format=flowed, residue of quoted-printable."""

from __future__ import annotations

import binascii

_SOFT_BREAK_WIDTHS = range(70, 79)  # where encoders break: RFC 2045 allows 76, old gateways differ by a few


def unflow(lines: list[str], *, delsp: bool = False) -> list[str]:
    """The paragraphs of a format=flowed body (RFC 3676); quoted ones keep their `>` marks.

    A line that ends in a space goes on in the next one of the same quote depth. `delsp` says that this
    space is not part of the text.
    """
    out: list[str] = []
    pieces: list[str] = []
    open_depth = -1
    for line in lines:
        depth, text = _split_marks(line)
        if open_depth >= 0 and (depth != open_depth or text == "-- "):
            out.append("".join(pieces))
            open_depth = -1
        if open_depth < 0:
            pieces = [">" * depth + " "] if depth else []
        soft = text.endswith(" ") and text != "-- "
        pieces.append(text[:-1] if soft and delsp else text)
        if soft:
            open_depth = depth
        else:
            out.append("".join(pieces))
            open_depth = -1
    if open_depth >= 0:
        out.append("".join(pieces))
    return out


def _split_marks(line: str) -> tuple[int, str]:
    """Quote depth, and the text without its stuffed space."""
    text = line.lstrip(">") if line.startswith(">") else line
    return len(line) - len(text), text[1:] if text.startswith(" ") else text


def without_qp_residue(body: str) -> str:
    """The body decoded once more, if an archive left it in quoted-printable; otherwise as it is."""
    if "=\n" not in body and "=20\n" not in body:
        return body
    return _decode(body) if _looks_encoded(body) else body


def _looks_encoded(body: str) -> bool:
    if "=20\n" in body:
        return True
    at = body.find("=\n")
    # Code may end a line in "=" too, but not just where an encoder would break it.
    return at - (body.rfind("\n", 0, at) + 1) + 1 in _SOFT_BREAK_WIDTHS


def _decode(body: str) -> str:
    if not body.isascii():
        return body.replace("=\n", "").replace("=20", " ").replace("=09", "\t").replace("=3D", "=")
    decoded = binascii.a2b_qp(body.encode("ascii"))
    try:
        return decoded.decode("utf-8")
    except UnicodeDecodeError:
        return decoded.decode("cp1252", "replace")
