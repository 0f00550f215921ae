"""Bytes into text whatever their label says: labels lie, are misspelt, or name nothing at all."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# Python codecs that are no charset of mail: slow on hostile input, platform-bound, or they warn.
_REFUSED = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
_WESTERN = frozenset({"ascii", "iso8859-1", "cp1252"})
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "unicode": "utf-8",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "x-macroman": "mac-roman",
}
_META = re.compile(rb"charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)


def decode(data: bytes, label: str = "") -> str:
    """`data` as text; never fails. Western labels are read as UTF-8 where the bytes are UTF-8."""
    name = codec(label)
    if name == "utf-8" or name in _WESTERN or not name:
        return _utf8_or_western(data, trusted=name == "utf-8")
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return _utf8_or(name, data)


@lru_cache(maxsize=256)
def codec(label: str) -> str:
    """The name of Python's codec for a charset label; empty when there is none to trust."""
    wanted = label.strip(" \"'").lower()
    wanted = _ALIASES.get(wanted, wanted)
    try:
        name = codecs.lookup(wanted).name
        b"a".decode(name, "replace")  # some codecs are not of text
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if name.replace("_", "-") in _REFUSED else name


def declared_in_html(data: bytes) -> str:
    """The charset an HTML part names in itself, for parts whose header names none."""
    found = _META.search(data, 0, 2048)
    return found[1].decode("ascii") if found else ""


def _utf8_or(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(name, "replace")


def _utf8_or_western(data: bytes, *, trusted: bool) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if trusted:
        # A cut or damaged character among good ones: it is UTF-8 all the same.
        text = data.decode("utf-8", "replace")
        lost = text.count("\ufffd")
        if len(data) - len(text) > lost:
            return text
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")
