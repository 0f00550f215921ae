"""What a mail client makes of the words: attributions, signatures, quotes, plain and HTML."""

from __future__ import annotations

import hashlib
import html
import textwrap
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from tests.data.sources import MARK, Message

SENT_FROM = "Sent from my iPhone"
OUTLOOK_LINE = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"


def digest(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


def sender_of(message: Message) -> str:
    box = message.box
    if message.sender != "me":
        return box.named(message.sender, int(message.options.get("from", 0)))
    close = message.recipient in box.people and box.people[message.recipient].profile == "close"
    return box.named("me", 1 if close else 0)


def message_id(message: Message) -> str:
    domain = parseaddr(sender_of(message))[1].split("@")[1]
    return f"{digest(message.ref)[:32]}@{'mail.gmail.com' if client_of(message) == 'gmail' else domain}"


def client_of(message: Message) -> str:
    person = message.box.people.get(message.sender)
    return message.options.get("client", person.client if person else "gmail")


def attribution(message: Message, parent: Message) -> list[str]:
    """The line or lines a client puts above the quoted message."""
    zone = message.box.people.get(message.sender, message.box.me).tz
    at, author = parent.when.astimezone(ZoneInfo(zone)), sender_of(parent)
    match client_of(message):
        case "outlook" | "owa":
            labels = (
                ("Von", "Gesendet", "An", "Betreff") if german(message) else ("From", "Sent", "To", "Subject")
            )
            values = (
                author,
                f"{at:%A, %B} {at.day}, {at:%Y %I:%M %p}",
                message.box.named(parent.recipient),
                parent.subject,
            )
            return [f"{label}: {value}" for label, value in zip(labels, values, strict=True)]
        case "tbird":
            name = parseaddr(author)[0]
            return [
                f"Am {at:%d.%m.%y} um {at:%H:%M} schrieb {name}:"
                if german(message)
                else f"On {at:%d/%m/%Y %H:%M}, {name} wrote:"
            ]
        case "gmail" if message.options.get("lang") == "es":
            return [f"El {at.day}/{at.month}/{at.year} a las {at:%H:%M}, {author} escribió:"]
        case "gmail" if message.options.get("lang") == "pt":
            return [f"Em {at:%d/%m/%Y} às {at:%H:%M}, {author} escreveu:"]
        case "gmail":
            return textwrap.wrap(f"On {at:%a, %b} {at.day}, {at.year} at {at:%I:%M %p} {author} wrote:", 78)
        case _:
            return [f"On {at:%b} {at.day}, {at.year}, at {at:%I:%M %p}, {author} wrote:"]


def german(message: Message) -> bool:
    return message.options.get("lang") == "de"


def signature(message: Message) -> list[str]:
    person = message.box.people.get(message.sender)
    if client_of(message) == "ios":
        return ["", SENT_FROM]
    if person is None or not person.signature or (message.sender == "me" and message.parent):
        return []
    return ["", *(["-- "] if client_of(message) in ("gmail", "tbird") else []), *person.signature.split("\n")]


def render(message: Message) -> None:
    """Set the plain text and the HTML that stand in the message, the quote of its parent included."""
    width = {"gmail": 76, "tbird": 72}.get(client_of(message), 10_000)
    lines = [MARK.sub(lambda mark: mark[2], line) for line in "\n".join(message.lines).strip().split("\n")]
    body = [
        part
        for line in lines
        for part in (
            [line.removeprefix("|").removeprefix(" ")]
            if line.startswith("|")
            else textwrap.wrap(line, width) or [""]
        )
    ]
    parent, inline = message.parent, message.options.get("q") == "inline"
    head = attribution(message, parent) if parent else []
    quote = parent.plain.rstrip("\n").split("\n") if parent else []
    if client_of(message) not in ("outlook", "owa"):
        quote = [">" + line if line.startswith(">") else f"> {line}".rstrip() for line in quote]
    below = [] if inline or not parent else ["", *head, "", *quote]
    message.plain = "\n".join([*(head if inline else []), *body, *signature(message), *below]) + "\n"
    own = "".join(
        f"<div>{html.escape(line, quote=False) or '<br>'}</div>\n"
        for line in [*(head if inline else []), *lines, *signature(message)]
    )
    message.inner = own + (_html_quote(message, parent, head) if below and parent else "")


def _html_quote(message: Message, parent: Message, head: list[str]) -> str:
    lead = "<br>".join(html.escape(line, quote=False) for line in head)
    match client_of(message):
        case "outlook":
            return f'<div style="{OUTLOOK_LINE}"><p class="MsoNormal">{lead}</p></div>{parent.inner}'
        case "owa":
            return f'<div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg">{lead}</div>{parent.inner}'
        case "gmail":
            attribution_line = f'<div class="gmail_attr">{lead}<br></div>'
            quoted = f'<blockquote class="gmail_quote">{parent.inner}</blockquote>'
            return f'<div class="gmail_quote">{attribution_line}{quoted}</div>'
        case _:
            return f'<blockquote type="cite"><div>{lead}</div><br>{parent.inner}</blockquote>'
