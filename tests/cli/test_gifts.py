"""Gifts with amounts, what they come to in a year, the rules near them, and the register as a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.told import Told, told
from tests.letters import ANN, DANA, correspondence, letter

RUI = "rui@planning.gov"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    found = told(capsys, tmp_path, monkeypatch, correspondence())
    found.run("contacts", "add", RUI, "--name", "Rui Falcão")
    return found


def test_a_lunch_is_logged_in_the_words_one_would_use_and_kept_with_its_amount(shell: Told) -> None:
    shell.run("log", "give", "dana", "lunch", "--amount", 80, "EUR")
    newest = shell.ledger("dana")["ledger"][0]
    assert (newest["by"], newest["act"], newest["kind"], newest["quote"]) == (
        "me",
        "give",
        "hospitality",
        "lunch",
    )
    (gift,) = shell.json("gifts", "dana")["gifts"]
    assert (gift["direction"], gift["amount"], gift["currency"]) == ("given", "80.00", "EUR")


def test_a_year_comes_to_a_total_for_the_contact_and_the_organisation_each_way(shell: Told) -> None:
    shell.run("log", "give", "dana", "lunch", "--amount", 80, "EUR")
    shell.run("log", "dana", "give", "a book", "--amount", 20.5, "eur", "--at", "2026-03-10")
    shell.run("log", "receive", "dana", "a bottle of wine")
    sums = {(one["of"], one["direction"]): one for one in shell.json("gifts")["totals"]}
    for of in ("dana@harbour.example", "harbour.example"):
        assert sums[of, "given"]["amount"] == 100.5
        assert (sums[of, "received"]["amount"], sums[of, "received"]["without_amount"]) == (None, 1)


def test_an_unknown_amount_is_to_be_entered_and_never_zero(shell: Told) -> None:
    said = shell.run("log", "dana", "give", "a book")
    assert "without an amount (enter it)" in said
    (gift,) = shell.json("gifts")["gifts"]
    assert gift["amount"] == "enter it"
    shell.run("correct", gift["message"], "dana", "give", "gift", "--amount", 15, "EUR")
    (gift,) = shell.json("gifts")["gifts"]
    assert gift["amount"] == "15.00"


def test_a_gift_to_an_official_names_the_rule_its_source_and_its_day_and_stops(shell: Told) -> None:
    said = shell.run("log", "give", "rui", "lunch", "--amount", 80, "USD")
    assert "5 CFR 2635.204(a)" in said
    assert "as of 2026-11-23" in said
    assert "80 USD is above 20 an occasion" in said
    assert "80 USD this year is above 50 a year" in said
    assert "compliance" in shell.kinds(RUI)
    shell.run("done", shell.key("compliance", RUI))
    assert "compliance" not in shell.kinds(RUI)


def test_information_for_an_official_passes(shell: Told) -> None:
    shell.run("log", "give", "rui", "info", "the opening hours")
    assert "compliance" not in shell.kinds(RUI)


def test_the_users_own_limit_counts_both_ways(shell: Told) -> None:
    config = shell.home / "config.toml"
    text = config.read_text(encoding="utf-8").replace("# per_year = 100.0", "per_year = 100.0")
    config.write_text(text.replace('source = ""', 'source = "staff handbook 4.2"'), encoding="utf-8")
    said = shell.run("log", "receive", "dana", "tickets", "--amount", 120, "EUR")
    assert "120 EUR this year is above 100 a year (your own limit, staff handbook 4.2)." in said


def test_a_gift_in_another_currency_than_the_limit_is_said_not_to_have_been_compared(shell: Told) -> None:
    config = shell.home / "config.toml"
    text = config.read_text(encoding="utf-8").replace("# per_year = 100.0", "per_year = 100.0")
    config.write_text(text, encoding="utf-8")
    said = shell.run("log", "receive", "kwame", "tickets", "--amount", 120, "USD")
    assert "120 USD was not compared with 100 EUR a year: the currencies differ, so look it up" in said
    assert "above" not in said
    assert "120 USD was not compared" in shell.run("gifts", "kwame")
    said = shell.run("log", "give", "rui", "lunch", "--amount", 80, "EUR")
    assert "80 EUR was not compared with 20 USD an occasion and 50 USD a year" in said


def test_without_a_limit_of_the_users_own_nothing_is_compared(shell: Told) -> None:
    assert "compared" not in shell.run("log", "receive", "kwame", "tickets", "--amount", 120, "USD")


def test_the_register_is_a_file_for_a_spreadsheet_in_which_no_mail_is_a_formula(
    shell: Told, tmp_path: Path
) -> None:
    shell.run("log", "give", "dana", "=1+1 a book", "--amount", 20, "EUR")
    path = tmp_path / "gifts.csv"
    shell.run("gifts", "--csv", path)
    assert path.stat().st_mode & 0o077 == 0
    (row,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    assert (row["what"], row["amount"], row["currency"]) == ("'=1+1 a book", "20.00", "EUR")
    shell.run("gifts", "--csv", path, code=1)
    assert "is there already" in shell.err
    shell.run("gifts", "--csv", "-")
    assert shell.out.startswith("date,direction,contact")


@pytest.mark.parametrize(
    "amount", [("80", "euros"), ("-1", "EUR"), ("nan", "EUR"), ("x", "EUR"), ("1e3", "EUR")]
)
def test_an_amount_that_is_none_is_a_slip_told_with_the_way_out(shell: Told, amount: tuple[str, str]) -> None:
    shell.run("log", "give", "dana", "lunch", "--amount", *amount, code=2)
    said = " ".join(shell.err.split())
    assert f"{' '.join(amount)} is no amount" in said
    assert "like 80 EUR" in said
    assert "float" not in said


@pytest.mark.parametrize("amount", [("80EUR",), ("80 eur",), ("80", "€"), ("EUR", "80"), ("€80",)])
def test_an_amount_is_taken_however_one_writes_it(shell: Told, amount: tuple[str, ...]) -> None:
    shell.run("log", "give", "dana", "lunch", "--amount", *amount)
    (gift,) = shell.json("gifts", "dana")["gifts"]
    assert (gift["amount"], gift["currency"]) == ("80.00", "EUR")


@pytest.mark.parametrize("after", [(), ("--freely",)])
def test_an_amount_without_its_currency_is_asked_for_in_plain_words(
    shell: Told, after: tuple[str, ...]
) -> None:
    shell.run("log", "give", "dana", "lunch", "--amount", 80, *after, code=2)
    said = " ".join(shell.err.split())
    assert "80 of what? Name the currency, as in --amount 80 EUR" in said
    assert "argument" not in said


def test_what_no_sentence_tells_of_is_listed_without_one(shell: Told) -> None:
    shell.run("correct", "4@letters", "kwame", "give", "cash", "--amount", 300, "EUR")
    said = shell.run("gifts", "kwame")
    assert "cash from Kwame Asante, 300.00 EUR." in said
    assert "“”" not in said


def test_never_a_word_of_permission(shell: Told) -> None:
    said = shell.run("log", "give", "rui", "lunch", "--amount", 5, "USD") + shell.run("gifts")
    assert "allowed" not in said.lower()
    assert "permitted" not in said.lower()


def test_two_presents_in_one_mail_are_one_line_whose_amount_counts_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "I've left a jar of honey on your doorstep.\n\nI want you to have these frames, call it a gift."
    shell = told(capsys, tmp_path, monkeypatch, [*correspondence(), letter(99, DANA, ANN, text, day=9)])
    assert [one["kind"] for one in shell.ledger("dana")["ledger"]].count("gift") == 2
    (gift,) = shell.json("gifts")["gifts"]
    shell.run("correct", gift["message"], "dana", "give", "gift", "--amount", 30, "EUR")
    sums = {one["of"]: one["amount"] for one in shell.json("gifts")["totals"]}
    assert sums[DANA] == 30
