"""What stands below an author's words: signature blocks, disclaimers, device lines; and the name typed by hand."""

from __future__ import annotations

from typing import NamedTuple

from recipflow.text.boilerplate import is_banner, is_device_line, is_disclaimer, is_footer
from recipflow.text.names import is_byline, is_closing, is_name, is_prose, is_signature_line, says_who

_LONGEST_PARAGRAPH = 40  # lines; below this nothing of the tail is looked at
_MOST_PARAGRAPHS = 9  # a disclaimer may have several
_LONGEST_BLOCK = 10  # lines of a signature


class Tail(NamedTuple):
    """An author's lines without what follows them, and the name that closes them."""

    lines: list[str]
    signoff: str


def without_signature(lines: list[str]) -> Tail:
    """Cut what no one typed from the end (and a gateway's banner from the top)."""
    end = _boilerplate_begins(lines, _last(lines, len(lines)))
    end = _signature_begins(lines, end)
    begin = _banner_ends(lines, end)
    return Tail(lines[begin:end], _signoff(lines, begin, end))


def _last(lines: list[str], end: int) -> int:
    """The end without the blank lines before it."""
    while end > 0 and not lines[end - 1].strip():
        end -= 1
    return end


def _first(lines: list[str], end: int) -> int:
    """Where the paragraph that ends at `end` begins; at most some forty lines up."""
    begin = end
    stop = max(0, end - _LONGEST_PARAGRAPH)
    while begin > stop and lines[begin - 1].strip():
        begin -= 1
    return begin


def _boilerplate_begins(lines: list[str], end: int) -> int:
    """Device lines and footers go one by one; a disclaimer takes along whatever stands below it."""
    at, cut = end, end
    for _ in range(_MOST_PARAGRAPHS):
        begin = _first(lines, at)
        if begin == at:
            break
        paragraph = " ".join(lines[begin:at])[:3000].lower()
        if is_disclaimer(paragraph):
            cut = _disclaimer_begins(lines, begin, at)
        elif at == cut:
            cut = _without_device_line(lines, begin, at, paragraph)
        at = _last(lines, min(begin, cut) if cut <= at else begin)
    return _last(lines, cut)


def _without_device_line(lines: list[str], begin: int, end: int, paragraph: str) -> int:
    if is_footer(paragraph):
        return begin
    if is_device_line(lines[end - 1].strip().lower()):
        return end - 1
    return end


def _disclaimer_begins(lines: list[str], begin: int, end: int) -> int:
    """A disclaimer may stand right below the signature: only from its own first long line on is it one."""
    for at in range(begin, end):
        if len(lines[at]) > 45 or not lines[at].strip("-_=*~#+ "):
            return at
    return begin


def _signature_begins(lines: list[str], end: int) -> int:
    """The top of the signature block above `end`; it may consist of up to three paragraphs."""
    cut = at = end
    for step in range(3):
        begin = _first(lines, at)
        if begin == at or at - begin >= _LONGEST_PARAGRAPH:
            break
        top = _block_begins(lines, begin, at, above=_last(lines, begin))
        if top < at:
            cut = at = _last(lines, top)
            if top > begin:
                break
        elif step == 0 and (_is_company(lines, begin, at) or _is_motto(lines, begin, at)):
            at = _last(lines, begin)
        else:
            break
    return cut


def _is_motto(lines: list[str], begin: int, end: int) -> bool:
    """Whether the last paragraph is a firm's standing words below a full signature; a postscript is not."""
    motto = " ".join(lines[begin:end])
    if len(motto) > 300 or "?" in motto or motto[:2].lower() in ("ps", "p."):
        return False
    above = _last(lines, begin)
    block = [line.strip() for line in lines[_first(lines, above) : above]]
    return (
        2 <= len(block) <= _LONGEST_BLOCK
        and " " in block[0]
        and is_name(block[0])
        and all(map(says_who, block[1:]))
    )


def _is_company(lines: list[str], begin: int, end: int) -> bool:
    block = [line.strip() for line in lines[begin:end]]
    return len(block) <= _LONGEST_BLOCK and all(map(says_who, block))


def _block_begins(lines: list[str], begin: int, end: int, *, above: int) -> int:
    """Where in the paragraph `begin:end` its signature begins; `end` if it has none."""
    low = max(begin, end - _LONGEST_BLOCK)
    block = [line.strip() for line in lines[low:end]]
    if len(block) == 1 and above and is_byline(block[0]):
        return low
    top = _lowest_name(block)
    if top < 0:
        return end
    rest = block[top + 1 :]
    if top > 0 or low > begin:
        return _below_closing(block, top, rest, low, end)
    if rest and any(map(says_who, rest)):
        return low if above or all(map(says_who, rest)) else end
    if rest and above and " " in block[0]:
        return low
    name_above = lines[above - 1].strip() if above else ""
    return low if _same_name(name_above, block[0]) else end


def _lowest_name(block: list[str]) -> int:
    """The name a signature begins with: all below it says who the author is."""
    found = -1
    for at in range(len(block) - 1, -1, -1):
        line = block[at]
        named = is_name(line)
        if named:
            found = at
        if is_closing(line) or is_prose(line) or not (named or is_signature_line(line)):
            break
    return found


def _below_closing(block: list[str], top: int, rest: list[str], low: int, end: int) -> int:
    """A name under words of the same paragraph was typed by hand; what says who it is was not."""
    if not rest or not any(map(says_who, rest)):
        return end
    if top and is_closing(block[top - 1]):
        return low + top + 1
    return low + top if len(rest) > 1 else end


def _same_name(typed: str, name: str) -> bool:
    """Whether a name typed by hand is that of the signature: a first name, or initials."""
    words = typed.strip("-–—~,. ").split()
    if not words or len(words) > 4 or not is_name(typed.strip("-–—~, ")):
        return False
    first, given = words[0].strip(".").lower(), name.split()[0].lower()
    return first == given or (len(first) == 1 and given.startswith(first))


def _banner_ends(lines: list[str], end: int) -> int:
    begin = 0
    while begin < end and not lines[begin].strip():
        begin += 1
    stop = begin
    while stop < min(end, begin + 6) and lines[stop].strip():
        stop += 1
    return stop if stop > begin and is_banner(" ".join(lines[begin:stop])[:600].lower()) else begin


def _signoff(lines: list[str], begin: int, end: int) -> str:
    """The name that closes the text: alone, under a closing formula, or after a dash."""
    if end <= begin:
        return ""
    name = lines[end - 1].strip()
    typed = name.lstrip("-–—~/ ")
    if not typed or not is_name(typed) or is_closing(typed):
        return ""
    alone = end - 1 == begin or not lines[end - 2].strip() or is_closing(lines[end - 2].strip())
    return name if alone or typed != name or lines[end - 2].rstrip()[-1] in ".!?" else ""
