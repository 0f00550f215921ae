"""The arcs of the built-in mailbox, from its files to advice: what its author wrote it for comes out, and nothing beside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recipflow import config
from recipflow.demo import unpack
from recipflow.home import find
from tests.cli.running import Shell
from tests.daemon.golden import settings

BEN, MAYA = "ben@achterberg.example", "maya.khoury@gmail.com"
NOAH, MEILING, DANA = (
    "noah@secondsketch.example",
    "meiling.chow@tessellate.example",
    "dana.ruiz@brightharbor.example",
)
GRAHAM, ARJUN = "graham.pell@haldentransit.example", "arjun@framewell.example"
SOFIE = "sofie@halyard.example"
RUI, HELENA = "rui.falcao@planeamento.gov.pt", "helena.marques@cm-vilaflorida.pt"
WINDOWS = {"ask_now", "ask_soon"}
INSTANTS = (
    "2025-10-06T09:00+01:00",
    "2025-12-01T09:00+00:00",
    "2025-12-13T09:00+00:00",
    "2026-02-20T09:00+00:00",
    "2026-04-20T09:00+01:00",
    "2026-06-20T09:00+01:00",
    "2026-09-28T09:00+01:00",
    "2026-10-29T09:00+00:00",
)
"""Days on which the author says what must not be said of Ben or Maya, and some between."""

Said = Callable[[str, str], set[str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noor's, with all her mail, and the people as she told of them."""
    folder = tmp_path_factory.mktemp("noor")
    files = unpack(folder)
    root = folder / "home"
    root.mkdir()
    account = {"name": "mail", "connector": "files", "paths": [str(files.mail), str(files.calendar)]}
    config.create(
        find({"RECIPFLOW_HOME": str(root)}).config, {**settings(files.people), "accounts": [account]}
    )
    return root


@pytest.fixture
def shell(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("RECIPFLOW_HOME", str(home))
    shell = Shell(capsys)
    if not (home / "recipflow.db").exists():
        shell.run("sync")
    return shell


@pytest.fixture
def said(shell: Shell) -> Said:
    def kinds(contact: str, at: str) -> set[str]:
        nudges = shell.json("today", "--at", at)["nudges"]
        return {one["kind"] for one in nudges if contact in one["contact"]["addresses"]}

    return kinds


def loop(shell: Shell, contact: str, at: str) -> dict[str, Any]:
    (one,) = shell.json("loop", contact, "--at", at)["loop"]
    return dict(one)


def patterns(shell: Shell, contact: str, at: str) -> set[str]:
    return {one["name"] for one in loop(shell, contact, at)["patterns"]}


def test_after_a_real_no_a_step_back_may_be_taken_once_and_while_it_is_seen_as_one(said: Said) -> None:
    assert "retreat" in said(MEILING, "2026-01-21T18:00+00:00")
    assert "retreat" not in said(
        DANA, "2026-01-21T09:00+00:00"
    )  # she was asked for something smaller already
    assert "retreat" not in said(MEILING, "2026-01-24T09:00+00:00")
    assert "retreat" in said(NOAH, "2026-03-05T18:00+00:00")
    assert "retreat" not in said(GRAHAM, "2026-03-05T18:00+00:00")


def test_a_gift_with_an_ask_in_it_to_a_stranger_opens_nothing_and_is_named(shell: Shell, said: Said) -> None:
    at = "2025-11-27T09:00+00:00"
    assert said(GRAHAM, at).isdisjoint({*WINDOWS, "give_back"})
    assert {"bundled", "first_contact"} <= patterns(shell, GRAHAM, at)


@pytest.mark.parametrize(
    ("official", "at"), [(RUI, "2026-02-20T12:00+00:00"), (HELENA, "2026-07-06T18:00+01:00")]
)
def test_a_present_for_an_official_stops_for_the_rules(said: Said, official: str, at: str) -> None:
    stands = said(official, at)
    assert "compliance" in stands
    assert stands.isdisjoint(WINDOWS)


def test_while_a_tender_is_decided_nothing_is_well_placed(shell: Shell, said: Said) -> None:
    at = "2026-03-05T18:00+00:00"
    assert said(RUI, at).isdisjoint({*WINDOWS, "retreat"})
    assert "pending" in shell.run("loop", RUI, "--at", at)
    shell.run("check", "--to", RUI, "--size", 0.5, "--at", at, "--json", code=3)
    assert '"decision_pending"' in shell.out


@pytest.mark.parametrize("at", INSTANTS)
def test_of_a_close_friend_neither_books_nor_windows_are_kept(shell: Shell, said: Said, at: str) -> None:
    assert said(MAYA, at).isdisjoint({*WINDOWS, "give_back", "hold_back", "stale", "retreat", "could_give"})
    assert loop(shell, MAYA, at)["step"] is None
    assert not shell.json("show", MAYA, "--at", at, "--numbers").get("numbers")


@pytest.mark.parametrize("at", INSTANTS)
def test_who_only_ever_asks_is_owed_an_answer_and_nothing_else(said: Said, at: str) -> None:
    assert said(BEN, at) <= {"reply_owed", "keep_promise"}


def test_asks_that_grow_from_round_to_round_are_met_with_room_and_those_of_others_are_named(
    shell: Shell, said: Said
) -> None:
    stands = said(ARJUN, "2026-06-02T09:00+01:00")
    assert "hold_back" in stands
    assert stands.isdisjoint(WINDOWS)
    assert "growing" in patterns(shell, ARJUN, "2026-06-02T09:00+01:00")
    assert "growing_theirs" in patterns(shell, SOFIE, "2025-11-24T09:00+00:00")
