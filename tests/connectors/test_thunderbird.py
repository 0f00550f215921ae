"""Thunderbird's profiles are found where each system keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest
from recipflow_connectors import files, thunderbird

from recipflow.model import Message
from recipflow.testing import pull_all

from .letters import boxed, letter


def make(base: Path) -> Path:
    profile = base / "Profiles" / "abc.default"
    mail = profile / "ImapMail" / "imap.example"
    (mail / "Trash.sbd").mkdir(parents=True)
    (mail / "INBOX").write_bytes(boxed(letter(1), postmark="From - Sat Mar 01 09:00:00 2025"))
    (mail / "Sent-1").write_bytes(boxed(letter(2)))
    (mail / "INBOX.msf").write_bytes(b"// <!-- <mdb:mork -->")
    (mail / "Trash.sbd" / "old").write_bytes(boxed(letter(3)))
    (base / "profiles.ini").write_text("[Profile0]\nName=default\nIsRelative=1\nPath=Profiles/abc.default\n")
    return profile


@pytest.mark.parametrize(
    ("platform", "base"),
    [
        ("linux", ".thunderbird"),
        ("linux", "snap/thunderbird/common/.thunderbird"),
        ("darwin", "Library/Thunderbird"),
        ("win32", "AppData/Roaming/Thunderbird"),
    ],
)
def test_profiles_are_found_on_every_system(tmp_path: Path, platform: str, base: str) -> None:
    profile = make(tmp_path / base)
    assert thunderbird.profiles(tmp_path, {}, platform) == (profile.resolve(),)


def test_mail_kept_elsewhere_is_found_in_the_preferences(tmp_path: Path) -> None:
    profile, moved = make(tmp_path), tmp_path / "moved mail"
    moved.mkdir()
    escaped = str(moved).replace("\\", "\\\\")
    (profile / "prefs.js").write_text(f'user_pref("mail.server.server2.directory", "{escaped}");\n')
    assert moved in thunderbird.stores(profile)


def test_a_profile_is_read_without_its_indices_and_its_trash(tmp_path: Path) -> None:
    profile = make(tmp_path)
    pages = pull_all(files.connect({"paths": [str(store) for store in thunderbird.stores(profile)]}))
    found = [one for page in pages for one in page.interactions if isinstance(one, Message)]
    assert {one.id[0]: one.labels for one in found} == {"1": ("inbox",), "2": ("sent-1",)}
    assert [Path(one.where).name for page in pages for one in page.set_aside] == ["Trash.sbd"]


def test_a_profile_in_the_trash_is_left_out_with_it(tmp_path: Path) -> None:
    trash, elsewhere = tmp_path / "Trash.sbd", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "Inbox").write_bytes(boxed(letter(4)))
    profile = make(trash)
    (profile / "prefs.js").write_text(
        f'user_pref("mail.server.server2.directory", "{elsewhere.as_posix()}");\n'
    )
    pages = pull_all(files.connect({"paths": [str(tmp_path)]}))
    assert {one.id[0] for page in pages for one in page.interactions if isinstance(one, Message)} == {"4"}
    assert all("Trash.sbd" in one.where for page in pages for one in page.set_aside)


@pytest.mark.parametrize("named", ["", "Profiles", "Profiles/abc.default"])
def test_a_profile_named_as_a_folder_gives_its_mail_and_nothing_else(tmp_path: Path, named: str) -> None:
    profile, moved = make(tmp_path), tmp_path.parent / f"{tmp_path.name} moved"
    moved.mkdir()
    (moved / "Inbox").write_bytes(boxed(letter(4)))
    (profile / "prefs.js").write_text(f'user_pref("mail.server.server2.directory", "{moved.as_posix()}");\n')
    (profile / "AlternateServices.txt").write_text("https:addons.example:443\t0\t19000\n")
    pages = pull_all(files.connect({"paths": [str(tmp_path / named)]}))
    assert {one.id[0] for page in pages for one in page.interactions if isinstance(one, Message)} == {
        "1",
        "2",
        "4",
    }
    aside = {Path(one.where).name for page in pages for one in page.set_aside}
    assert aside == {"Trash.sbd"} | ({"profiles.ini"} if not named else set())
