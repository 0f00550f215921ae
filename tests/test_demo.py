"""The built-in mailbox is complete, fictional, and small."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recipflow.demo import MORNING, unpack

SOURCE = Path(__file__).parents[2] / "shared" / "data" / "gold_dev"


def test_the_demo_unpacks_into_three_files(tmp_path: Path) -> None:
    unpacked = unpack(tmp_path)
    assert unpacked.mail.read_bytes().count(b"\nX-Gmail-Labels: ") == 660
    assert unpacked.calendar.read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert len(json.loads(unpacked.people.read_text(encoding="utf-8"))["contacts"]) == 44
    assert sorted(path.name for path in tmp_path.iterdir()) == ["calendar.ics", "mail.mbox", "people.json"]


def test_the_demo_is_the_gold_mailbox_byte_for_byte(tmp_path: Path) -> None:
    if not SOURCE.is_dir():
        pytest.skip(f"{SOURCE.name} is not there")
    unpacked = unpack(tmp_path)
    assert unpacked.mail.read_bytes() == (SOURCE / "mail.mbox").read_bytes()
    assert unpacked.calendar.read_bytes() == (SOURCE / "calendar.ics").read_bytes()


def test_the_people_file_has_only_what_the_product_reads(tmp_path: Path) -> None:
    people = json.loads(unpack(tmp_path).people.read_text(encoding="utf-8"))
    assert {key for contact in people["contacts"] for key in contact} <= {
        "name", "addresses", "profile", "norm", "tz", "tags",
    }  # fmt: skip


def test_the_demo_weighs_less_than_400_kilobytes() -> None:
    import recipflow.demo

    folder = Path(recipflow.demo.__file__).parent
    assert sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) <= 400_000


def test_the_morning_lies_within_the_mailbox() -> None:
    assert datetime(2025, 10, 1, tzinfo=UTC) < MORNING < datetime(2026, 10, 31, tzinfo=UTC)
