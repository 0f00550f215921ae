"""config.toml: every problem at once with its key, comments left alone, and an example that cannot lie."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from recipflow import config, home
from recipflow.errors import UserError
from recipflow.model import NormName, ProfileName, Tag

ROOT = Path(__file__).parents[1]


def problems(text: str) -> list[str]:
    with pytest.raises(UserError) as caught:
        config.check(tomllib.loads(text))
    return [problem.removeprefix("config.toml: ") for problem in caught.value.problems]


def switched_on() -> dict[str, Any]:
    """The example with the commented settings switched on too."""
    return tomllib.loads(re.sub(r"^# (?=[a-z_]+ = |\[)", "", config.example(), flags=re.MULTILINE))


def test_the_example_loads_and_equals_the_defaults() -> None:
    assert config.check(tomllib.loads(config.example())) == config.check({})


def test_the_example_names_every_setting_with_its_default() -> None:
    from recipflow.settings import AccountTable, ContactTable, Settings

    parsed = switched_on()
    config.check(parsed)
    assert set(parsed) == set(Settings.model_fields)
    assert set(parsed["contacts"][0]) == set(ContactTable.model_fields)
    assert set(AccountTable.model_fields) < {key for table in parsed["accounts"] for key in table}
    for section in ("me", "digest", "rules", "profiles", "my_policy"):
        assert set(parsed[section]) == set(type(getattr(Settings(), section)).model_fields)


def test_the_numbers_the_example_gives_for_profiles_are_the_built_in_ones() -> None:
    built_in = tomllib.loads((ROOT / "rules/recipflow_rules/profiles.toml").read_text(encoding="utf-8"))
    for name, changes in switched_on()["profiles"].items():
        assert changes == {key: built_in[name][key] for key in changes}


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert config.load(tmp_path / "config.toml") == config.check({})


def test_all_problems_are_told_at_once_with_their_keys() -> None:
    told = problems("""
        keep_txt_days = 3
        default_profile = "bussiness"
        [me]
        addresses = ["a@b", "zz"]
        tz = "Europe/Lissabon"
        [digest]
        hour = 25
        max_items = true
        [profiles.business]
        freshness_minutes = 0
        lapse_days = 3
        [[contacts]]
        addresses = []
        tags = ["nope", "pending_decision:2026-02-31..2026-03-01"]
        [[contacts]]
        name = 3
        [[contacts]]
        addresses = ["nobody"]
    """)
    assert len(told) == len(set(told))
    assert set(told) == {
        "keep_txt_days: is not a setting; did you mean keep_text_days?",
        "default_profile: must be one of 'sales', 'business' or 'close', is \"bussiness\"",
        'me.addresses[2]: must be an address like dana@example.org, is "zz"',
        'me.tz: must be a time zone like Europe/Lisbon, is "Europe/Lissabon"',
        "digest.hour: must be 0–23, is 25",
        "digest.max_items: must be a whole number, is true",
        "profiles.business.freshness_minutes: must be above 0 and at most 43200, is 0",
        "profiles.business.lapse_days: is not a setting",
        "contacts[1].addresses: must not be empty, is []",
        "contacts[1].tags[1]: must be one of public_sector, regulated, dependant, not_public_sector, team, private, never "
        'or pending_decision:FROM..TO, is "nope"',
        "contacts[1].tags[2]: must be pending_decision:FROM..TO with dates like 2026-02-05, "
        'is "pending_decision:2026-02-31..2026-03-01"',
        "contacts[2].addresses: is missing",
        'contacts[2].name: must be a text in "quotes", is 3',
        'contacts[3].addresses[1]: must be an address like dana@example.org, is "nobody"',
    }


def test_one_address_cannot_be_two_people_nor_one_name_two_accounts() -> None:
    told = problems("""
        me.addresses = ["me@x.example"]
        contacts = [{ addresses = ["ME@x.example"] }, { addresses = ["d@x.example"] }, { addresses = ["d@x.example"] }]
        accounts = [{ name = "a", connector = "files" }, { name = "a", connector = "imap" }]
    """)
    assert told == [
        'accounts[2].name: "a" stands already in accounts[1].name',
        'contacts[1].addresses: "me@x.example" stands already in me.addresses',
        'contacts[3].addresses: "d@x.example" stands already in contacts[2].addresses',
    ]


def test_what_two_places_disagree_about_is_told_beside_all_else() -> None:
    told = problems("""
        me.addresses = ["me@x.example"]
        digest = { hour = 25, via = "gone" }
        reminders = { via = "kal", minutes = "ten" }
        contacts = [{ addresses = ["me@x.example", 3] }, "nobody"]
        accounts = [{ name = "cal", connector = 1 }, { name = "cal", connector = "imap" }, { connector = "imap" }]
    """)
    assert set(told) >= {
        "digest.hour: must be 0–23, is 25",
        'digest.via: is the name of no account (cal), is "gone"',
        'reminders.minutes: must be a whole number, is "ten"',
        'reminders.via: is the name of no account (cal), is "kal"',
        "accounts[3].name: is missing",
        'accounts[2].name: "cal" stands already in accounts[1].name',
        'contacts[1].addresses: "me@x.example" stands already in me.addresses',
    }


@pytest.mark.parametrize("content", [b"a = ", b"a = 1\na = 2", b"\xff\xfe", b'name = "\xe9"'])
def test_what_is_no_toml_is_told_with_the_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"^config\.toml: is not"):
        config.load(path)


def test_a_table_that_was_pasted_though_it_stood_there_is_told_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[digest]\nhour = 7\n\n[digest]\nhour = 8\n", encoding="utf-8")
    with pytest.raises(UserError) as told:
        config.load(path)
    (problem,) = told.value.problems
    assert problem.startswith("config.toml: [digest] stands in it twice (line 4): put what is below it")


def test_a_contact_is_what_the_user_said() -> None:
    settings = config.check(
        tomllib.loads("""
        default_norm = "enduring"
        [[contacts]]
        addresses = ["Dana@Y.example", "d@home.example"]
        profile = "close"
        tags = ["regulated", "pending_decision:2026-02-05..2026-04-10"]
        watched = true
    """)
    )
    (dana,) = settings.people()
    assert (dana.id, dana.addresses) == ("dana@y.example", ("dana@y.example", "d@home.example"))
    assert (dana.profile, dana.norm, dana.tags) == (
        ProfileName.CLOSE,
        NormName.ENDURING,
        frozenset({Tag.REGULATED}),
    )
    assert dana.pending_decisions == ((date(2026, 2, 5), date(2026, 4, 10)),)
    assert dana.watched


def test_what_else_an_account_says_is_left_to_its_connector() -> None:
    table = {"accounts": [{"name": "a", "connector": "files", "paths": ["x"], "deep": {"er": 1}}]}
    (account,) = config.check(table).accounts
    assert account.settings == {"paths": ["x"], "deep": {"er": 1}}


def test_people_json_says_the_same_as_config_and_other_keys_pass(tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    dana = {
        "key": "dana",
        "addresses": ["dana@y.example"],
        "profile": "sales",
        "norm": None,
        "who": "a client",
    }
    path.write_text(
        json.dumps({"me": {"addresses": ["me@x.example"], "key": 1}, "contacts": [dana], "more": 1})
    )
    me, (contact,) = config.people_from_json(path)
    assert me is not None
    assert me.addresses == ("me@x.example",)
    assert (contact.id, contact.profile, contact.norm) == (
        "dana@y.example",
        ProfileName.SALES,
        NormName.NEUTRAL,
    )
    path.write_text(json.dumps([dana]))
    assert config.people_from_json(path) == (None, (contact,))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ("3", "must be a list"),
        ('{"contacts": 3}', "contacts: must be"),
        ("[3]", "contacts: must"),
    ],
)
def test_a_people_json_of_another_shape_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "people.json"
    path.write_text(content)
    with pytest.raises(UserError, match=rf"people\.json: {said}"):
        config.people_from_json(path)


def test_the_gold_mailbox_s_people_are_read() -> None:
    path = ROOT.parent / "shared/data/gold_dev/people.json"
    if not path.exists():
        pytest.skip("the shared data is not here")
    me, people = config.people_from_json(path)
    assert me is not None
    assert me.tz == "Europe/Lisbon"
    assert len(people) == 44
    assert sum(Tag.PUBLIC_SECTOR in one.tags for one in people) == 2


def test_a_new_config_is_the_example_with_the_answers_in_place(tmp_path: Path) -> None:
    path = tmp_path / "home" / "config.toml"
    config.create(path, {"me.addresses": ["me@x.example"], "digest.hour": 6})
    settings = config.load(path)
    assert (settings.me.addresses, settings.digest.hour) == (("me@x.example",), 6)
    assert path.read_text(encoding="utf-8").count("#") == config.example().count("#")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_adding_an_account_leaves_every_comment_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    mine = '# mine\n[digest]   # early\nhour = 5\n[[accounts]]\nname = "a"  # old\nconnector = "files"\n'
    path.write_text(mine, encoding="utf-8")
    config.append(path, "contacts", {"addresses": ["d@x.example"], "tags": ["private"]})
    config.append(path, "accounts", {"name": "b", "connector": "files", "paths": ['C:\\mail "old"']})
    assert path.read_text(encoding="utf-8").startswith(mine)
    settings = config.load(path)
    assert [one.name for one in settings.accounts] == ["a", "b"]
    assert settings.accounts[1].settings == {"paths": ['C:\\mail "old"']}


def test_what_would_break_the_config_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('accounts = [{ name = "a", connector = "files" }]\n')
    with pytest.raises(UserError, match=r"\[\[accounts\]\] tables"):
        config.append(path, "accounts", {"name": "b", "connector": "files"})
    assert path.read_text() == 'accounts = [{ name = "a", connector = "files" }]\n'


def test_importing_config_does_not_import_pydantic() -> None:
    code = "import sys, recipflow.config, recipflow.home; print('pydantic' in sys.modules, 'tomlkit' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False"]


def test_recipflow_home_names_one_directory_for_everything(tmp_path: Path) -> None:
    places = home.find({"RECIPFLOW_HOME": str(tmp_path)})
    assert {places.config.parent, places.database.parent, places.rules.parent, places.logs.parent} == {
        tmp_path
    }


def test_without_recipflow_home_the_platform_s_own_places_are_used() -> None:
    places = home.find({})
    assert places.config.name == "config.toml"
    assert "recipflow" in str(places.database.parent)


@pytest.mark.skipif(os.name == "nt", reason="Windows lets not everybody make links")
def test_a_link_stays_a_link_and_what_it_leads_to_is_changed(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    config.create(real, {})
    link.symlink_to(real)
    config.change(link, {"me.addresses": ["me@x.example"]})
    assert link.is_symlink()
    assert config.load(real).me.addresses == ("me@x.example",)


def test_an_account_can_be_added_to_what_an_editor_began_with_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('\ufeff[me]\naddresses = ["me@x.example"]\n', encoding="utf-8")
    config.append(path, "accounts", {"name": "mail", "connector": "files", "paths": ["/mail"]})
    assert [one.name for one in config.load(path).accounts] == ["mail"]
