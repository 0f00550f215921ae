"""No file, however odd, stops the others from being read."""

from __future__ import annotations

import os
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recipflow.model import Meeting, Message

from .letters import SHARED, boxed, letter
from .test_files import event, read


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.sampled_from([letter(1), event("a@x")]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_makes_a_pull_raise(tmp_path: Path, pieces: list[bytes], good: bytes) -> None:
    path = tmp_path / "hostile"
    for content in (b"".join(pieces), good.join(pieces), boxed(*pieces, good)):
        path.write_bytes(content)
        found, aside, _ = read(path)
        assert found or aside


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = SHARED / "odd_dev.tar.xz"
    if not archive.exists():
        pytest.skip("odd_dev.tar.xz is not here")
    target = tmp_path_factory.mktemp("odd")
    with tarfile.open(archive) as packed:
        packed.extractall(target, filter="data")
    return target


def _all_files(root: Path) -> Iterator[Path]:
    for directory, _, names in os.walk(root):
        yield from (Path(directory) / name for name in names)


def test_every_odd_file_is_read_or_set_aside_by_name(odd: Path) -> None:
    paths = sorted(_all_files(odd))
    assert len(paths) == 396 + 233
    slow = []
    for path in paths:
        before = time.process_time()
        found, aside, _ = read(path)
        if time.process_time() - before > 4:  # what costs without bound takes minutes
            slow.append(path.name)
        assert found or (aside and all(one.where.startswith(str(path)) and one.reason for one in aside)), path
        assert not any("too broken" in one.reason for one in aside if "/mime/" in one.where), path
    assert not slow


def test_the_gold_mailbox_is_read_whole() -> None:
    gold = SHARED / "gold_dev"
    if not gold.exists():
        pytest.skip("the gold mailbox is not here")
    found, aside, _ = read(gold / "mail.mbox", gold / "calendar.ics")
    letters = [one for one in found if isinstance(one, Message)]
    uids = {one.uid for one in found if isinstance(one, Meeting)}
    assert len(letters) == len({one.id for one in letters}) == 660
    assert (
        len(uids) == (gold / "calendar.ics").read_bytes().count(b"BEGIN:VEVENT") - 1
    )  # one is a moved instance
    assert not aside
    assert not any("�" in one.body for one in letters)
