"""The connector `files`: what could not be read is looked at again, and what was said of it is taken back."""

from __future__ import annotations

import builtins
import os
from pathlib import Path
from typing import Any

import pytest
from recipflow_connectors import files, position

from recipflow.connector import Page
from recipflow.testing import ids, pull_all

from .letters import boxed, letter


def pages(path: Path, cursor: str | None = None) -> list[Page]:
    return pull_all(files.connect({"paths": [str(path)]}), cursor)


def reread(found: list[Page]) -> set[str]:
    return {place for page in found for place in page.reread}


def aside(found: list[Page]) -> list[str]:
    return [one.where for page in found for one in page.set_aside]


def test_a_file_that_became_mail_is_set_aside_no_more(tmp_path: Path) -> None:
    odd = tmp_path / "odd.eml"
    odd.write_bytes(b"\x00\x01 no mail")
    before = pages(tmp_path)
    odd.write_bytes(letter(1))
    after = pages(tmp_path, before[-1].cursor)
    assert aside(before) == [str(odd)]
    assert reread(after) == {str(odd)}
    assert ids(after) == {"1@ana.example"}


def test_a_message_whose_head_broke_off_is_set_aside_until_there_is_more_of_it(tmp_path: Path) -> None:
    box, whole = tmp_path / "box", boxed(letter(1), letter(2))
    box.write_bytes(whole[: len(boxed(letter(1))) + 60])
    before = pages(box)
    box.write_bytes(whole)
    after = pages(box, before[-1].cursor)
    assert aside(before) == [f"{box}, message at byte {len(boxed(letter(1)))}"]
    assert reread(after) == set(aside(before))
    assert ids(after) == {"2@ana.example"}


def test_what_is_said_of_an_mbox_stays_while_only_what_was_added_is_read(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.write_bytes(boxed(letter(1)))
    before = pages(box)
    with box.open("ab") as file:
        file.write(boxed(letter(2)))
    assert str(box) not in reread(pages(box, before[-1].cursor))


def test_a_file_that_another_program_kept_closed_is_tried_again_though_nothing_in_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.eml").write_bytes(letter(1))
    (tmp_path / "two.eml").write_bytes(letter(2))
    usual, closed = builtins.open, str(tmp_path / "one.eml")

    def opened(path: Any, *words: Any, **more: Any) -> Any:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return usual(path, *words, **more)

    with monkeypatch.context() as locked:
        locked.setattr(builtins, "open", opened)
        before = pages(tmp_path)
    after = pages(tmp_path, before[-1].cursor)
    assert aside(before) == [closed]
    assert ids(after) == {"1@ana.example"}
    assert reread(after) == {closed}
    assert not reread(pages(tmp_path, after[-1].cursor))


def test_an_mbox_that_was_kept_closed_is_read_on_and_what_was_set_aside_in_it_before_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = tmp_path / "box"
    box.write_bytes(boxed(letter(1)))
    first = pages(tmp_path)
    with box.open("ab") as file:
        file.write(boxed(letter(2)))

    def refused(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as locked:
        locked.setattr(builtins, "open", refused)
        kept = pages(tmp_path, first[-1].cursor)
    after = pages(tmp_path, kept[-1].cursor)
    assert aside(kept) == [str(box)]
    assert ids(after) == {"2@ana.example"}
    assert [place for page in after for place in page.opened] == [str(box)]
    assert str(box) not in reread(after)


def test_what_is_deleted_or_renamed_is_set_aside_under_its_old_name_no_more(tmp_path: Path) -> None:
    odd = [tmp_path / name for name in ("gone", "gone, too", "old", "left, message at byte 7", "left")]
    for path in odd:
        path.write_bytes(b"\x00\x01 no mail")
    connector = files.connect({"paths": [str(tmp_path)]})
    before = pull_all(connector)
    places = [*aside(before), *(f"{path}, message at byte 7" for path in odd), "2@ana.example"]
    assert list(connector.vanished(places)) == []
    odd[0].unlink()
    odd[1].unlink()
    odd[2].rename(tmp_path / "new")
    after = pull_all(connector, before[-1].cursor)
    assert aside(after) == [str(tmp_path / "new")]
    assert {*connector.vanished(places)} == {
        *map(str, odd[:3]),
        *(f"{path}, message at byte 7" for path in odd[:3]),
    }


def test_what_was_set_aside_stays_so_while_the_disk_it_lies_on_is_away(tmp_path: Path) -> None:
    disk, odd = tmp_path / "disk", tmp_path / "disk" / "odd"
    disk.mkdir()
    odd.write_bytes(b"\x00\x01 no mail")
    connector = files.connect({"paths": [str(disk)]})
    first = pull_all(connector)
    odd.unlink()
    on_a_disk = position.load(first[-1].cursor)
    assert on_a_disk
    on_a_disk.devices[str(disk)] += 1
    pull_all(connector, on_a_disk.dump())  # an empty folder is left of it
    assert list(connector.vanished([str(odd)])) == []
    pull_all(connector, first[-1].cursor)
    assert list(connector.vanished([str(odd)])) == [str(odd)]
    disk.rmdir()
    pull_all(connector, first[-1].cursor)
    assert list(connector.vanished([str(odd)])) == []


def test_a_disk_that_is_pulled_out_during_a_sync_takes_nothing_off_the_list(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "odd").write_bytes(b"\x00\x01 no mail")
    connector = files.connect({"paths": [str(disk)]})
    pull_all(connector)
    disk.rename(tmp_path / "away")
    assert list(connector.vanished([str(disk / "odd")])) == []


def test_what_could_not_be_opened_just_now_is_not_taken_for_gone(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    connector = files.connect({"paths": [str(tmp_path)]})
    first = pull_all(connector)
    assert aside(first) == [str(link)]
    link.unlink()
    assert list(connector.vanished([str(link)])) == []
    assert str(link) in reread(pull_all(connector, first[-1].cursor))


def test_a_path_that_is_there_again_and_a_link_that_is_gone_are_set_aside_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    try:
        (folder / "dead").symlink_to(folder / "nowhere")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    connector = files.connect({"paths": [str(folder)]})
    first = pull_all(connector)
    folder.rename(tmp_path / "away")
    gone = pull_all(connector, first[-1].cursor)
    (tmp_path / "away").rename(folder)
    os.unlink(folder / "dead")  # noqa: PTH108
    back = pull_all(connector, gone[-1].cursor)
    assert aside(first) + aside(gone) == [str(folder / "dead"), str(folder)]
    assert reread(gone) | reread(back) == {str(folder / "dead"), str(folder)}
