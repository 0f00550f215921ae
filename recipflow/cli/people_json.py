"""What the commands about people say to scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from recipflow.advice.days import instant
from recipflow.digest.as_json import one_as_json
from recipflow.explain.grounds import told_of
from recipflow.explain.portrait import Deed, Painter
from recipflow.model import Act, Contact, Nudge

if TYPE_CHECKING:
    from recipflow.cli.people_text import Row
    from recipflow.explain.grounds import Ground
    from recipflow.explain.unadvised import Reason
    from recipflow.insight import Standpoint
    from recipflow.people.merging import Suggestion

Json = dict[str, object]


def contacts(rows: Iterable[Row], suggested: Iterable[Suggestion], zone: tzinfo) -> Json:
    """Everybody, the one last heard first, and the merges that are suggested."""
    return {
        "contacts": [
            _contact(row.contact) | {"last_mine": _at(row.mine, zone), "last_theirs": _at(row.theirs, zone)}
            for row in rows
        ],
        "suggested_merges": [
            {"addresses": [one.a, one.b], "evidence": one.evidence, "confidence": one.confidence}
            for one in suggested
        ],
    }


def show(
    point: Standpoint,
    painter: Painter,
    nudges: Iterable[Nudge],
    deeds: Iterable[Deed],
    numbers: Mapping[str, object] | None,
) -> Json:
    """One contact, where it stands, and the ledger, newest first."""
    found = sorted(deeds, key=lambda deed: (deed.at, deed.message), reverse=True)
    shown: Json = {
        "contact": _contact(point.contact),
        "where": painter.where(point.relationship, tuple(nudges)),
        "open": painter.waiting(point.relationship),
        "guards": painter.guards(point.contact.tags, point.contact.profile),
        "ledger": [
            {"at": deed.at.astimezone(painter.zone), "message": deed.message}
            | _act(deed.act, numbers=numbers is not None)
            for deed in found
        ],
    }
    return shown | ({} if numbers is None else {"numbers": numbers})


def why(
    point: Standpoint,
    painter: Painter,
    nudge: Nudge,
    grounds: Iterable[Ground],
    because: Mapping[str, str],
    numbers: Mapping[str, object] | None,
) -> Json:
    """The chain from the advice down to the sentences it stands on."""
    told = one_as_json(nudge, point.contact, painter.wording, painter.now, painter.zone)
    chain: Json = {
        "nudge": told,
        "grounds": [
            {
                "message": one.id,
                "date": one.at.astimezone(painter.zone),
                "subject": one.subject,
                "acts": [
                    _act(act, numbers=numbers is not None)
                    | {"because": told_of(because.get(act.rule, ""), act.by)}
                    for act in one.acts
                ],
            }
            for one in grounds
        ],
        "changes": _next(point, painter.zone),
    }
    return chain | ({} if numbers is None else {"numbers": numbers})


def why_not(
    point: Standpoint,
    standing: Sequence[str],
    reasons: Iterable[Reason],
    guards: Sequence[str],
    zone: tzinfo,
    numbers: Mapping[str, object] | None,
) -> Json:
    """What stands, and every kind that is not shown, with the reason."""
    told: Json = {
        "contact": _contact(point.contact),
        "stands": list(standing),
        "guards": list(guards),
        "reasons": [
            {"kind": one.kind.value, "reason": one.reason, "until": _at(one.until, zone)} for one in reasons
        ],
        "changes": _next(point, zone),
    }
    return told | ({} if numbers is None else {"numbers": numbers})


def _contact(one: Contact) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "addresses": list(one.addresses),
        "profile": one.profile and one.profile.value,
        "norm": one.norm.value,
        "tags": sorted(one.tags),
        "watched": one.watched,
    }


def _act(act: Act, *, numbers: bool) -> Json:
    told: Json = {
        "by": act.by.value,
        "act": act.act.value,
        "kind": act.kind and act.kind.value,
        "routine": act.routine,
        "notable": act.notable,
        "quote": act.quote,
        "rule": act.rule,
        "due": act.due,
        "learned": act.taught,
    }
    return told | ({"size": act.size, "confidence": act.confidence} if numbers else {})


def _next(point: Standpoint, zone: tzinfo) -> datetime | None:
    due = point.advice.next_due
    return None if due is None else instant(due).astimezone(zone)


def _at(at: datetime | None, zone: tzinfo) -> datetime | None:
    return None if at is None else at.astimezone(zone)
