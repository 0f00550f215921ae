"""A message as Graph gives it into a Message: its head alone, or the whole of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from recipflow.connector import SetAside
from recipflow.model import KEPT_HEADERS, Attachment, Form, Message, Party
from recipflow_connectors.headers import MAX_PARTIES, addresses_in, message_id, message_ids
from recipflow_connectors.parts import MAX_ATTACHMENTS, MAX_BODY, Content

Json = Mapping[str, Any]

HEAD = (
    "id,internetMessageId,conversationId,subject,from,sender,toRecipients,ccRecipients,bccRecipients,replyTo,"
    "sentDateTime,receivedDateTime,parentFolderId,isDraft,internetMessageHeaders"
)
WHOLE = f"{HEAD},lastModifiedDateTime,body"
#: What a message answers stands in its headers when it came by SMTP, and in these properties always.
#: https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxprops: PidTagInReplyToId, PidTagInternetReferences
IN_REPLY_TO, REFERENCES = "String 0x1042", "String 0x1039"
EXPAND = (
    "attachments($select=id,name,contentType,size,isInline),"
    f"singleValueExtendedProperties($filter=id eq '{IN_REPLY_TO}' or id eq '{REFERENCES}')"
)
_KEPT_LENGTH = 1_000
_INVITATION = "#microsoft.graph.eventMessage"
_ITEM, _LINK = "#microsoft.graph.itemAttachment", "#microsoft.graph.referenceAttachment"
_OPAQUE_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_OPAQUE_NAMES = frozenset({"smime.p7m", "message.rpmsg"})


def head(one: Json, label: str) -> Message | SetAside | None:
    """Its head, `partial`; None for a draft, and for a change of something that is known already."""
    if one.get("isDraft") or "receivedDateTime" not in one:
        return None
    return _message(one, label, partial=True)


def whole(one: Json, label: str) -> Message | SetAside:
    """The message with its body, its attachments' names, and what its headers tell."""
    return _message(one, label, partial=False)


def _message(one: Json, label: str, *, partial: bool) -> Message | SetAside:
    ref = string(one.get("id"), 2_000)
    at, sender = _sent(one), party(one.get("from")) or party(one.get("sender"))
    if at is None or sender is None:
        missing = "it has no date one could go by" if at is None else "it does not say who sent it"
        return SetAside(f"message {ref[-40:]}", missing, _who(one))
    to, cc, bcc = (tuple(_parties(one.get(f"{name}Recipients"))) for name in ("to", "cc", "bcc"))
    known = message_id(string(one.get("internetMessageId"), 4_000))
    return Message(
        id=known or "hash:" + sha256(ref.encode("utf-8", "replace")).hexdigest(),
        at=at,
        sender=sender,
        to=to,
        cc=cc,
        bcc=bcc,
        subject=_line(one.get("subject")),
        thread_hint=string(one.get("conversationId"), 500),
        labels=(label,) if label else (),
        ref=ref,
        partial=partial,
        **_headers(one),
        **({} if partial else _content(one)),
    )


def _who(one: Json) -> tuple[str, ...]:
    named = (
        one.get(name) for name in ("from", "sender", *(f"{name}Recipients" for name in ("to", "cc", "bcc")))
    )
    return addresses_in(str(list(named)))


def _headers(one: Json) -> dict[str, Any]:
    heads = dict(_heads(one))
    properties = {
        string(each.get("id")).lower(): string(each.get("value"), 100_000)
        for each in _dicts(one.get("singleValueExtendedProperties"))
    }
    answered = message_ids(properties.get(IN_REPLY_TO.lower()) or heads.get("in-reply-to", ""))
    return {
        "in_reply_to": answered[0] if answered else "",
        "references": message_ids(properties.get(REFERENCES.lower()) or heads.get("references", "")),
        "headers": {name: heads[name][:_KEPT_LENGTH] for name in KEPT_HEADERS & heads.keys()},
    }


def _content(one: Json) -> dict[str, Any]:
    content = Content()
    for attachment in _dicts(one.get("attachments")):
        _attach(attachment, content)
    body, form = _body(one.get("body"))
    content.texts.append((body, form))
    return {
        "attachments": tuple(content.attachments),
        "sealed": content.sealed(body, form),
        "body": body,
        "form": form,
    }


def _heads(one: Json) -> Iterator[tuple[str, str]]:
    """The headers, of several the first; within an organisation there are none: properties tell who sent it for whom,
    and that it is an invitation."""
    sender, name = party(one.get("sender")), party(one.get("from"))
    if sender and name and sender.address != name.address:
        yield "sender", sender.address
    for each in reversed(_dicts(one.get("internetMessageHeaders"))):
        yield string(each.get("name")).lower(), " ".join(string(each.get("value"), 100_000).split())
    if string(one.get("@odata.type")).startswith(_INVITATION):
        yield "content-type", "text/calendar"


def _body(given: Any) -> tuple[str, Form]:
    body = given if isinstance(given, dict) else {}
    content = string(body.get("content"), MAX_BODY).replace("\r\n", "\n").replace("\r", "\n")
    return content, Form.HTML if string(body.get("contentType")).lower() == "html" else Form.PLAIN


def _attach(one: Json, content: Content) -> None:
    kind, name = string(one.get("contentType"), 100).lower(), _line(one.get("name"))[:255]
    if kind.partition(";")[0] in _OPAQUE_TYPES or name.lower() in _OPAQUE_NAMES:
        content.encrypted = True
    image = kind.startswith("image/")
    content.images |= image
    if image and one.get("isInline"):  # the picture in a signature is no gift
        return
    of = one.get("@odata.type")
    if of == _ITEM:
        kind = kind or "message/rfc822"
    size = one.get("size")
    if len(content.attachments) < MAX_ATTACHMENTS:
        content.attachments.append(
            Attachment(name, kind, size if isinstance(size, int) and of != _LINK else 0)
        )


def _sent(one: Json) -> datetime | None:
    """When it was sent, unless it says later than it was received, or a time before there was mail."""
    sent, received = moment(one.get("sentDateTime")), moment(one.get("receivedDateTime"))
    if sent and received and (sent.year < 1990 or sent > received + timedelta(days=1)):
        return received
    return sent or received


def moment(given: Any) -> datetime | None:
    """An Edm.DateTimeOffset; None when it is none, or before there was mail."""
    try:
        found = datetime.fromisoformat(string(given))
    except ValueError:
        return None
    return found.astimezone(UTC).replace(microsecond=0) if found.tzinfo and found.year >= 1970 else None


def party(given: Any) -> Party | None:
    """Who a recipient is; None without an address."""
    found = given.get("emailAddress") if isinstance(given, dict) else None
    if not isinstance(found, dict):
        return None
    address = "".join(string(found.get("address"), 320).split()).lower().strip("<>'\"")
    name = " ".join(string(found.get("name"), 400).strip("'\" ").split())[:200]
    return Party(address, "" if name.lower() == address else name) if address else None


def _parties(given: Any) -> Iterator[Party]:
    for one in (given if isinstance(given, list) else [])[:MAX_PARTIES]:
        found = party(one)
        if found:
            yield found


def _dicts(given: Any) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def string(given: Any, longest: int = 1_000) -> str:
    return given[:longest].replace("\x00", "") if isinstance(given, str) else ""


def _line(given: Any) -> str:
    return " ".join(string(given, 4_000).split())[:1_000]
