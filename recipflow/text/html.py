"""An HTML body as plain text: what a reader sees, with quotes marked by `>` and signatures left out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from recipflow.text.html_limits import tamed
from recipflow.text.html_style import SHORT, WHITE, Paint, hidden_names, paint_of
from recipflow.text.phrases import LABELS, words

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SILENT = words(
    "script style head title noscript template iframe object embed svg math select textarea button map "
    "audio video canvas datalist meta link base frameset -comment !doctype"
)
_BREAKS = words(
    "div tr table tbody thead tfoot ul ol dl dt dd li section article header footer main nav aside "
    "address center form fieldset figure body html caption hr blockquote p pre h1 h2 h3 h4 h5 h6"
)
_PARAGRAPHS = words("p h1 h2 h3 h4 h5 h6 pre blockquote ul ol table hr")
_QUOTES = words(
    "protonmail_quote yahoo_quoted tutanota_quote moz-cite-prefix front-blockquote outlookmessageheader "
    "zmail_extra gmail_quote_attribution ydp_yahoo_quoted mail-editor-reference-message-container"
)
_QUOTED_BELOW = words(
    "divrplyfwdmsg appendonsend stopspelling reply-intro x_divrplyfwdmsg mail-editor-reference-message- "
    "container isforwardcontent isreplycontent olk_src_body_section"
)
_SIGNATURES = words(
    "gmail_signature gmail_signature_prefix moz-signature protonmail_signature_block signature ms- "
    "outlook-mobile-signature ms-outlook-ios-signature x_signature mobile_signature"
)
_LINKS = ("http://", "https://", "ftp://")


class _Frame(NamedTuple):
    """What holds inside an element."""

    depth: int
    paint: Paint
    pre: bool
    spaced: bool = False  #: a reader sees space around it


def plain_text(html: str) -> str:
    """The visible text; each level of quoting adds a `>`. Work is proportional to the length."""
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(tamed(html)).root
    if root is None:
        return ""
    page = _Page(hidden_names(html))
    _walk(root, page)
    return page.text()


def _walk(root: LexborNode, page: _Page) -> None:
    """Depth first, without recursion: a hostile page may nest as deep as `tamed` lets it."""
    node: LexborNode | None = root
    path: list[tuple[LexborNode, str, _Frame]] = []
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            page.write(node.text_content or "")
        elif tag not in _SILENT:
            frame = page.frame
            if page.enter(node, tag):
                child = node.child
                if child is not None:
                    path.append((node, tag, frame))
                    node = child
                    continue
                page.leave(tag, frame)
        following = node.next if path else None
        while following is None and path:
            node, tag, frame = path.pop()
            page.leave(tag, frame)
            following = node.next if path else None
        node = following


class _Page:
    """The text written so far, and what holds at this point."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self.hidden = hidden
        self.lines: list[str] = []
        self.line: list[str] = []
        self.frame = _Frame(0, Paint(text=None, ground=WHITE), False)
        self.links: list[tuple[int, int, str]] = []  # where a link's text begins, and its target

    def text(self) -> str:
        self._break()
        return "\n".join(self.lines)

    def write(self, text: str) -> None:
        if self.frame.pre and "\n" in text:
            first, *rest = text.split("\n")
            self.line.append(first)
            for line in rest:
                self._break(empty=True)
                self.line.append(line)
            return
        words = " ".join(text.split())
        if words:
            before = " " if text[0].isspace() else ""
            self.line.append(before + words + (" " if text[-1].isspace() else ""))
        elif text and self.line:
            self.line.append(" ")
        elif "\xa0" in text:
            self._blank()

    def enter(self, node: LexborNode, tag: str) -> bool:
        """Whether to go on inside the element."""
        if tag == "br":
            self._break(empty=True)
            return False
        if tag in _BREAKS:
            self._break()
        attributes = node.attributes
        depth, paint, pre, _ = self.frame
        if attributes:
            names = _names(attributes)
            paint = paint_of(attributes, self.frame.paint)
            if paint.hidden or names & _SIGNATURES or (self.hidden and names & self.hidden):
                return False
            depth += self._quotes(node, tag, attributes, names)
        elif tag == "blockquote":
            depth += 1
        spaced = tag in _PARAGRAPHS and "MsoNormal" not in (attributes.get("class") or "")  # Word's have none
        self._open(tag, attributes, spaced=spaced)
        self.frame = _Frame(
            self.frame.depth if depth < self.frame.depth else depth, paint, pre or tag == "pre", spaced
        )
        return True

    def leave(self, tag: str, frame: _Frame) -> None:
        """Go on around the element, where `frame` holds."""
        if tag == "a":
            self._close_link()
        elif tag in _BREAKS:
            self._break()
            if self.frame.spaced:
                self._blank()
        elif tag in ("td", "th"):
            self.line.append(" ")
        self.frame = frame if frame.depth >= self._floor else frame._replace(depth=self._floor)

    _floor = 0  #: the depth below which nothing goes any more: all that follows is quoted

    def _quotes(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], names: frozenset[str]
    ) -> int:
        """By how many levels the element is quoted deeper than what is around it."""
        style = (attributes.get("style") or "").lower()
        if names & _QUOTED_BELOW or ("border-top:" in style and _is_outlook_header(node, style)):
            self._floor = max(self._floor, 1)
            return 1
        if tag == "blockquote":
            return 0 if _is_indent(style, names) else 1
        if names & _QUOTES:
            return 1
        return 1 if "gmail_attr" in names and not (node.text() or "").lstrip().startswith("--") else 0

    def _open(self, tag: str, attributes: dict[str, str | None], *, spaced: bool) -> None:
        if tag == "li":
            self.line.append("- ")
        elif tag == "a":
            target = (attributes.get("href") or "").strip()
            self.links.append((len(self.lines), len(self.line), target))
        elif spaced:
            self._blank()

    def _close_link(self) -> None:
        """A link's address is added where its text does not show it: shared documents matter."""
        if not self.links:
            return
        lines, pieces, target = self.links.pop()
        if not target.startswith(_LINKS) or lines != len(self.lines):
            return
        shown = "".join(self.line[pieces:]).strip()
        if shown and shown.rstrip("/…").removesuffix("...") not in target:
            self.line.append(f" <{target}>")

    def _break(self, *, empty: bool = False) -> None:
        """End the line; an empty one counts only where the page asks for it."""
        if not self.line and not empty:
            return
        text = "".join(self.line)
        self.line.clear()
        if not self.frame.pre:
            text = text.strip()
        if text.strip() or empty:
            self.lines.append(">" * self.frame.depth + " " + text if self.frame.depth else text)

    def _blank(self) -> None:
        if self.lines and self.lines[-1] and not self.line:
            self.lines.append("")


def _names(attributes: dict[str, str | None]) -> frozenset[str]:
    """Its classes and its id, in lower case."""
    both = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return _split(both) if len(both) <= SHORT else frozenset(both.lower().split())


@lru_cache(maxsize=1024)
def _split(names: str) -> frozenset[str]:
    return frozenset(names.lower().split())


def _is_indent(style: str, names: frozenset[str]) -> bool:
    """A blockquote that only indents, as the buttons of web mailers make it."""
    bare = style.replace(" ", "")
    return "gmail_quote" not in names and "border:none" in bare and "border-left" not in bare


def _is_outlook_header(node: LexborNode, style: str) -> bool:
    """The ruled block `From: … Sent: … To: …` that Outlook puts above a quoted message."""
    if "solid" not in style:
        return False
    text = (node.text() or "")[:80].lstrip()
    label, colon, _ = text.partition(":")
    return bool(colon) and label.strip().lower() in LABELS
