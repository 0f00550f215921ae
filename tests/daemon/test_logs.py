"""The daemon's log names nobody: not by our words, and not by those of the libraries."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from recipflow.daemon import logs
from recipflow.files import write_whole

SECRET = "https://calendar.example/private-8f3a/ann@haven.example.ics"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    before = {name: logging.getLogger(name).level for name in (None, "recipflow", "apscheduler")}
    path = tmp_path / "log"
    logs.start(path)
    yield path
    for one in [each for each in logging.getLogger().handlers if isinstance(each, logs._Private)]:
        logging.getLogger().removeHandler(one)
        with suppress(OSError):  # what a full disk did not take
            one.close()
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def test_of_a_librarys_warning_only_the_place_is_kept(log: Path) -> None:
    logging.getLogger("urllib3.connectionpool").warning("Failed to parse headers (url=%s)", SECRET)
    logging.getLogger("recipflow.hooks").warning("a hook failed", extra={"hook": "bell"})
    theirs, ours = (json.loads(line) for line in log.read_text("utf-8").splitlines())
    assert theirs["logger"] == "urllib3.connectionpool"
    assert theirs["message"].startswith("test_logs, line ")
    assert (ours["message"], ours["hook"]) == ("a hook failed", "bell")
    assert "haven" not in log.read_text("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk at hand")
def test_on_a_full_disk_a_line_is_lost_and_stands_nowhere_else(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.symlink_to("/dev/full")
    logging.getLogger("recipflow.hooks").warning("a hook failed", extra={"hook": SECRET})
    assert capsys.readouterr().err == ""


def test_with_debug_all_of_it_is_kept(log: Path) -> None:
    logging.getLogger("recipflow").setLevel(logging.DEBUG)
    logging.getLogger("urllib3.connectionpool").warning("Failed to parse headers (url=%s)", SECRET)
    assert SECRET in log.read_text("utf-8")


def test_it_goes_on_in_the_file_that_took_the_place_of_its_own(log: Path) -> None:
    ours = logging.getLogger("recipflow.hooks")
    ours.warning("first")
    write_whole(log, "")
    ours.warning("second")
    assert [json.loads(line)["message"] for line in log.read_text("utf-8").splitlines()] == ["second"]
    log.unlink()
    ours.warning("third")
    assert [json.loads(line)["message"] for line in log.read_text("utf-8").splitlines()] == ["third"]
    assert log.stat().st_mode & 0o777 == 0o600
