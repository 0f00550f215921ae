"""A mailbox at the stand-in for Graph, as tests fill it and read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from recipflow_connectors.microsoft.outlook_mail import Sending

from recipflow.connector import Page
from recipflow.model import Message
from recipflow.testing import NOW, pull_all
from tests.connectors.microsoft.accounts import ME, at, graph
from tests.fakes.graph.mailbox import recipient, stamp
from tests.fakes.graph.server import FakeGraph

DANA = recipient("Dana.Ruiz@Fabrikam.example", "Dana Ruiz")


def account(fake: FakeGraph, **more: Any) -> Sending:
    return Sending(graph(fake), graph(fake), address=ME, **more)


def received(days: float) -> dict[str, str]:
    """Received so many days ago."""
    return {"receivedDateTime": stamp(at(days)), "sentDateTime": stamp(at(days))}


def subjects(pages: list[Page]) -> list[str]:
    return [one.subject for page in pages for one in page.interactions if isinstance(one, Message)]


def pulled(fake: FakeGraph, cursor: str | None = None, *, now: datetime = NOW) -> tuple[list[str], str]:
    """The subjects, and from where to go on."""
    pages = pull_all(account(fake), cursor, now=now)
    return subjects(pages), pages[-1].cursor
