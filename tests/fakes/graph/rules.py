"""What the metadata does not say, rule by rule, each with where it is written; a test holds the stand-in to each."""

from __future__ import annotations

from typing import NamedTuple

LEARN = "https://learn.microsoft.com/graph/"


class Rule(NamedTuple):
    says: str
    source: str


RULES = {
    "delta-is-per-folder": Rule("A delta query tracks one folder.", LEARN + "delta-query-messages"),
    "delta-links": Rule(
        "A round gives nextLinks, then one deltaLink; both carry the query.", LEARN + "delta-query-overview"
    ),
    "delta-filter": Rule(
        "Of filters, delta knows receivedDateTime ge or gt alone, of orders receivedDateTime desc.",
        LEARN + "api/message-delta",
    ),
    "delta-most": Rule("With a filter, delta gives up to 5,000 messages.", LEARN + "delta-query-messages"),
    "delta-removed": Rule(
        "What was deleted or moved away comes as an id with @removed.", LEARN + "delta-query-overview"
    ),
    "delta-expired": Rule("A forgotten state answers 410 syncStateNotFound.", LEARN + "errors#code-property"),
    "page-size": Rule(
        "Prefer: odata.maxpagesize bounds a delta page; $top, 1 to 1,000, a list; 10 without.",
        LEARN + "api/user-list-messages",
    ),
    "immutable-ids": Rule(
        'Prefer: IdType="ImmutableId" gives ids that outlive a move.', LEARN + "outlook-immutable-id"
    ),
    "list-order": Rule(
        "What is ordered by must be filtered by, else 400 InefficientFilter.",
        LEARN + "api/user-list-messages#using-filter-and-orderby-in-the-same-query",
    ),
    "headers-selected": Rule(
        "internetMessageHeaders come when selected alone.", LEARN + "api/resources/message#properties"
    ),
    "hidden-folders": Rule(
        "Folders are given level by level, hidden ones not.", LEARN + "api/user-list-mailfolders"
    ),
    "batch": Rule("A batch holds up to 20 requests, each answered for itself.", LEARN + "json-batching"),
    "throttled": Rule(
        "More than 10,000 requests in 10 minutes answer 429 with Retry-After.",
        LEARN + "throttling-limits#outlook-service-limits",
    ),
    "send-mail": Rule("sendMail answers 202, without a body.", LEARN + "api/user-sendmail"),
    "transaction-id": Rule(
        "A repeated transactionId makes no second event.", LEARN + "api/resources/event#properties"
    ),
    "if-match": Rule("Another etag answers 412.", LEARN + "errors#http-status-codes"),
    "view-delta": Rule(
        "Its window is fixed by the first request; $select, $filter and $orderby are refused.",
        LEARN + "api/event-delta",
    ),
    "view-occurrences": Rule(
        "In a view's delta an occurrence has its id, its series and its times alone.",
        "https://github.com/microsoftgraph/microsoft-graph-docs/issues/7632",
    ),
    "view-outside": Rule(
        "What changed outside of the window comes as @removed.", LEARN + "api/event-delta#response"
    ),
    "extended-properties": Rule(
        "Extended properties come when expanded by their id alone.",
        LEARN + "api/singlevaluelegacyextendedproperty-get",
    ),
    "shared-mailboxes": Rule(
        "Another's mailbox lies below users/{address}, for Mail.Read.Shared and for its members; the links of its "
        "answers lead there, too.",
        LEARN + "outlook-share-messages-folders",
    ),
    "scopes": Rule("Without the permission 403 ErrorAccessDenied.", LEARN + "permissions-reference"),
}
