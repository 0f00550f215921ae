"""A digest as plain text for the terminal and as one HTML page that needs nothing from anywhere."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from recipflow.digest.model import Digest, DigestItem, QuestionItem
from recipflow.digest.replies import Reply

if TYPE_CHECKING:
    from jinja2 import Template

_INDENT = "    "
_DATE = re.compile(r"\b(\d{1,2}) (?=[A-Z][a-z])")
_MAIL_WIDTH = 72  # RFC 3676 asks for less than 78, and a quoted answer needs room


def as_text(
    digest: Digest, *, width: int = 80, commands: bool = True, heading: Callable[[str], str] = str
) -> str:
    """The digest in lines of at most `width` characters.

    `commands` adds how to look behind each item; `heading` may make the headings bold.
    """
    blocks = [heading(f"{digest.title}, {digest.day_words}")]
    blocks.extend(textwrap.fill(note, width) for note in digest.notes)
    for section in digest.sections:
        blocks.append(heading(section.title))
        blocks.extend(_item_text(item, width, digest.again, commands) for item in section.items)
    if not digest.sections:
        blocks.append(digest.empty)
    if digest.questions:
        blocks.append(heading(digest.questions_title))
        blocks.extend(_question_text(item, width, commands) for item in digest.questions)
    if digest.more:
        blocks.append(textwrap.fill(digest.more, width))
    if digest.review:
        blocks.append(heading(digest.review_title))
        blocks.append("\n".join(_filled(line, width, "  ", "  ") for line in digest.review))
    if digest.footer:
        blocks.append("\n".join(textwrap.fill(line, width) for line in digest.footer))
    return "\n\n".join(blocks) + "\n"


def as_html(digest: Digest, *, commands: bool = True) -> str:
    """One page: styles within, nothing remote, no script; for light and dark, paper and a phone.

    `commands` adds how to look behind each item.
    """
    return _page("digest.html.j2").render(digest=digest, commands=commands)


def as_mail(digest: Digest, replies: Mapping[str, Sequence[Reply]]) -> tuple[str, str]:
    """The same page as a mail: plain text, and HTML whose styles stand at every element, as mail programs want it.

    `replies`: by nudge, the mails to oneself that answer it.
    """
    html = _page("mail.html.j2").render(digest=digest, replies=replies)
    return as_text(digest, width=_MAIL_WIDTH), html


def _item_text(item: DigestItem, width: int, again: str, commands: bool) -> str:
    lines = [_filled(item.sentence, width, "  ", "  ")]
    if item.quote:
        lines.append(_filled(f"“{item.quote}”", width, _INDENT, _INDENT + " "))
    if commands:
        lines.append(f"{_INDENT}recipflow why {item.key}" + (f"   ({again})" if item.again else ""))
    return "\n".join(lines)


def _question_text(item: QuestionItem, width: int, commands: bool) -> str:
    lines = [_filled(item.sentence, width, "  ", "  ")]
    if item.quote:
        lines.append(_filled(f"“{item.quote}”", width, _INDENT, _INDENT + " "))
    if commands:
        lines.append(f"{_INDENT}recipflow yes {item.key}   or   recipflow no {item.key}")
    return "\n".join(lines)


def _filled(text: str, width: int, first: str, rest: str) -> str:
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


@cache
def _page(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("recipflow.digest", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["together"] = _together
    return environment.get_template(name)


def _together(sentence: str) -> str:
    """A date is not broken at the end of a line: "30 October"."""
    return _DATE.sub("\\1\u00a0", sentence)
