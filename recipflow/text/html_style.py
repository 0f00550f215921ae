"""Which elements of a page nobody can see: not displayed, without size, or painted in the colour of their ground."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)

_NAMED: dict[str, Colour] = {
    "white": WHITE,
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
    "red": (255, 0, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "green": (0, 128, 0),
    "silver": (192, 192, 192),
    "yellow": (255, 255, 0),
    "orange": (255, 165, 0),
    "purple": (128, 0, 128),
}
_NUMBER = re.compile(r"\d+")
SHORT = 300
"""Characters of an attribute up to which it is worth remembering."""
_ALIKE = 12  # of 255: colours nearer than this in every channel look the same


class Paint(NamedTuple):
    """Colours of text and ground; None is unknown. `hidden`: nothing of it can be seen."""

    text: Colour | None
    ground: Colour | None
    hidden: bool = False


def paint_of(attributes: dict[str, str | None], around: Paint) -> Paint:
    """How an element with these attributes is painted, inside one painted as `around`."""
    if "hidden" in attributes:
        return around._replace(hidden=True)
    style, text, ground = attributes.get("style") or "", attributes.get("color"), attributes.get("bgcolor")
    if not style and not text and not ground:
        return around
    hidden, coloured = (_told if len(style) <= SHORT else _told.__wrapped__)(style)
    if hidden:
        return around._replace(hidden=True)
    return _coloured(around, text, ground, style) if text or ground or coloured else around


@lru_cache(maxsize=1024)
def _told(style: str) -> tuple[bool, bool]:
    """Whether declarations hide their element, and whether they may colour it. A page has few, over and over."""
    style = _bare(style)
    return hides(style), "color" in style or "background" in style


def _bare(style: str) -> str:
    return style.lower().replace(" ", "")


def _coloured(around: Paint, text: str | None, ground: str | None, style: str) -> Paint:
    colours = _declared(_bare(style))
    ground = colours.get("background-color") or colours.get("background") or ground
    text = colours.get("color") or text
    paint = Paint(
        _colour(text) if text else around.text,
        _colour(ground) if ground and ground != "transparent" else around.ground,
    )
    return paint._replace(hidden=bool(text) and _alike(paint.text, paint.ground))


def _declared(style: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.partition(":") for part in style[:4000].split(";"))}


def hides(style: str) -> bool:
    """Whether declarations (lower case, no spaces) take an element out of sight."""
    if "display:none" in style or "visibility:hidden" in style or "mso-hide:all" in style:
        return True
    if "font-size:" not in style and "max-" not in style and "opacity" not in style:
        return False
    return any(_is_nothing(part) for part in style[:4000].split(";"))


def _is_nothing(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    if name not in ("font-size", "max-height", "max-width", "opacity"):
        return False
    number = value.removesuffix("!important").rstrip("pxtemr%")
    try:
        size = float(number)
    except ValueError:
        return False
    return size <= (1 if name == "font-size" and value.startswith("1px") else 0)


def hidden_names(html: str) -> frozenset[str]:
    """Classes and ids that the page's own style sheet hides on every screen, in lower case."""
    begin = html.find("<style")
    if begin < 0:
        return frozenset()
    sheet = html[begin : begin + 50_000].partition("</style")[0].partition(">")[2].lower()
    # What follows a media query may hold on small screens only.
    sheet = sheet.partition("@media")[0]
    names: set[str] = set()
    for rule in sheet.split("}"):
        selectors, _, declarations = rule.rpartition("{")
        if selectors and hides("".join(declarations.split())):
            names.update(_simple(selectors))
    return frozenset(names)


def _simple(selectors: str) -> list[str]:
    """Those selectors that are one class or one id."""
    found = (selector.split()[-1:] for selector in selectors.split(","))
    names = [words[0] for words in found if words]
    return [
        name[1:]
        for name in names
        if name[:1] in ".#" and name[1:].replace("-", "").replace("_", "").isalnum()
    ]


def _colour(value: str) -> Colour | None:
    value = value.strip().removesuffix("!important")
    if value.startswith("#"):
        return _hex(value[1:])
    if value.startswith("rgb"):
        numbers = _NUMBER.findall(value[:40])
        return (int(numbers[0]), int(numbers[1]), int(numbers[2])) if len(numbers) >= 3 else None
    return _NAMED.get(value)


def _hex(digits: str) -> Colour | None:
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits[:3])
    try:
        number = int(digits[:6], 16)
    except ValueError:
        return None
    return (number >> 16 & 255, number >> 8 & 255, number & 255) if len(digits) >= 6 else None


def _alike(one: Colour | None, other: Colour | None) -> bool:
    return (
        one is not None
        and other is not None
        and all(abs(a - b) <= _ALIKE for a, b in zip(one, other, strict=True))
    )
