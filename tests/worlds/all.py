"""The worlds by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from recipflow import config
from recipflow.demo import DemoFiles
from recipflow.model import NormName
from tests.daemon.simulation import BOX, Provider, from_files
from tests.worlds import World

WORLDS = ("memory", "google", "graph", "servers")


@contextmanager
def opened(name: str, files: DemoFiles, folder: Path) -> Iterator[World]:
    """One of them, with these files to come; `folder` is not there yet."""
    me, _ = config.people_from_json(files.people, NormName.NEUTRAL)
    assert me
    addresses = tuple(me.addresses)
    if name == "memory":
        items = from_files([files.mail, files.calendar], datetime(2026, 12, 31, tzinfo=UTC))
        yield Provider(items=items, settings={"accounts": [BOX], "digest.via": "box", "reminders.via": "box"})
    elif name == "google":
        from tests.worlds.google import at_google

        with at_google(files, addresses) as google:
            yield google
    elif name == "graph":
        from tests.worlds.graph import at_microsoft

        with at_microsoft(files, addresses, folder) as graph:
            yield graph
    else:
        from tests.worlds.servers import at_servers

        with at_servers(files, addresses, folder) as servers:
            yield servers
