"""The MIME tree of a message: which of its parts are the body, and which are attachments."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from recipflow.model import Attachment, Form
from recipflow_connectors.charsets import declared_in_html, decode
from recipflow_connectors.headers import parameters, words

#: A longer text is a log or a book, not somebody's words.
MAX_BODY = 5_000_000
MAX_ATTACHMENTS = 200
MAX_PARTS = 1_000
_TEXTUAL = frozenset({"text/plain", "text/html", "text/markdown", "text/enriched", "text/richtext", "text"})
_SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)
_OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PGP = "-----BEGIN PGP MESSAGE-----"
_SEEN_WORD = re.compile(r"(?:^|>)[^<>\w]*\w")


class Part(Protocol):
    """A node of the MIME tree, as fast-mail-parser gives it."""

    @property
    def content_type(self) -> str: ...
    @property
    def headers(self) -> dict[str, list[str]]: ...
    @property
    def filename(self) -> str: ...
    @property
    def content_id(self) -> str | None: ...
    @property
    def disposition(self) -> str | None: ...
    @property
    def encoded_size(self) -> int | None: ...
    @property
    def content(self) -> bytes | None: ...
    @property
    def children(self) -> Sequence[Part]: ...


@dataclass(slots=True)
class Content:
    """What the parts of one message come to."""

    texts: list[tuple[str, Form]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    images: bool = False
    encrypted: bool = False

    @property
    def body(self) -> tuple[str, Form]:
        """All texts in their order; HTML as soon as one of them is."""
        texts = [(text, form) for text, form in self.texts if text.strip()] or self.texts[:1]
        if not texts:
            return "", Form.PLAIN
        if len(texts) == 1:
            return texts[0]
        if any(form is Form.HTML for _, form in texts):
            joined = "\n".join(
                text if form is Form.HTML else f"<pre>{html.escape(text)}</pre>" for text, form in texts
            )
            return joined[:MAX_BODY], Form.HTML
        return "\n".join(text for text, _ in texts)[:MAX_BODY], texts[0][1]

    def sealed(self, body: str, form: Form) -> bool:
        """Whether there may be words that cannot be read: encrypted, or nothing but images."""
        if self.encrypted or (_PGP in body and ("\n" + body).find("\n" + _PGP) >= 0):
            return True
        if form is Form.HTML:
            return (self.images or "<img" in body) and not _SEEN_WORD.search(body)
        return self.images and not body.strip()


def content(root: Part) -> Content:
    """The texts and attachments under `root`. A DecodeError of the parser passes through."""
    found = Content()
    if not root.children and is_text(root):
        found.texts.append(_text(root))
    else:
        _gather(root, found, depth=0)
    return found


def is_text(part: Part) -> bool:
    """Whether it may be words of the message, and no attachment."""
    if part.content_type not in _TEXTUAL or part.disposition == "attachment":
        return False
    return not part.filename or part.disposition != "inline"


def _is_rich(part: Part) -> bool:
    return part.content_type == "text/html" and not part.filename and is_text(part)


def _gather(part: Part, found: Content, *, depth: int, related: bool = False) -> None:
    kind = part.content_type
    if kind.startswith("multipart/") and depth < 100:
        _gather_children(part, found, depth=depth + 1)
    elif is_text(part) and not (found.texts and part.filename):
        found.texts.append(_text(part))
    else:
        _attach(part, found, related=related)


def _gather_children(part: Part, found: Content, *, depth: int) -> None:
    kind = part.content_type
    if kind == "multipart/encrypted":
        found.encrypted = True
    if kind == "multipart/alternative":
        _gather_alternative(part.children, found, depth=depth)
        return
    for child in part.children[:MAX_PARTS]:
        _gather(child, found, depth=depth, related=kind == "multipart/related")


def _gather_alternative(children: Sequence[Part], found: Content, *, depth: int) -> None:
    """Of several renderings of one text the plain one is taken, unless it is empty."""
    renderings: list[list[tuple[str, Form]]] = []
    for child in children[:MAX_PARTS]:
        if renderings and renderings[0][0][1] is not Form.HTML and _is_rich(child):
            continue  # it cannot be the one, and decoding takes time
        inner = Content()
        _gather(child, inner, depth=depth)
        found.attachments += inner.attachments
        found.images |= inner.images
        found.encrypted |= inner.encrypted
        if any(text.strip() for text, _ in inner.texts):
            renderings.append(inner.texts)
    plain = [texts for texts in renderings if all(form is not Form.HTML for _, form in texts)]
    if plain or renderings:
        found.texts += (plain or renderings)[0]


def _text(part: Part) -> tuple[str, Form]:
    data = part.content or b""
    if len(data) > 4 * MAX_BODY:
        data = data[: 4 * MAX_BODY]
    declared = part.headers.get("Content-Type") or part.headers.get("Content-type")
    label, form = _declared(declared[0]) if declared else ("", Form.PLAIN)
    is_html = part.content_type == "text/html"
    text = decode(data, label or (declared_in_html(data) if is_html else ""))[:MAX_BODY]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, Form.HTML if is_html else form


@lru_cache(maxsize=512)
def _declared(content_type: str) -> tuple[str, Form]:
    """The charset a Content-Type names, and how its plain text is written."""
    given = parameters(content_type)
    form = Form.PLAIN
    if given.get("format", "").lower() == "flowed":
        form = Form.FLOWED_DELSP if given.get("delsp", "").lower() == "yes" else Form.FLOWED
    return given.get("charset", ""), form


def _attach(part: Part, found: Content, *, related: bool) -> None:
    kind = part.content_type
    if kind in _SIGNATURES:
        return
    if kind in _OPAQUE or kind == "application/pgp-encrypted":
        found.encrypted = True
    if kind.startswith("image/"):
        found.images = True
        # The picture in a signature is no gift.
        if part.content_id and (related or part.disposition == "inline"):
            return
    if len(found.attachments) < MAX_ATTACHMENTS:
        found.attachments.append(Attachment(_file_name(part), kind[:100], _size(part)))


def _file_name(part: Part) -> str:
    if part.content_type == "message/rfc822":
        return "forwarded message"
    name = part.filename
    if "=?" in name:
        name = words(name)
    return " ".join(name.replace("\x00", "").split())[:255]


def _size(part: Part) -> int:
    """The size in bytes without decoding: of base64 three quarters, less the line ends."""
    encoded = part.encoded_size or 0
    encoding = next(iter(part.headers.get("Content-Transfer-Encoding") or ()), "")
    return encoded * 57 // 77 if encoding.strip().lower() == "base64" else encoded
