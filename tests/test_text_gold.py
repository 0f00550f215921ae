"""The gold mailbox and the list archive, measured as `bench/newtext.py` does."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"


def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_newtext", ROOT / "bench" / "newtext.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_newtext"] = module
    spec.loader.exec_module(module)
    return module


def test_the_gold_mailbox_is_cut_exactly() -> None:
    if not (DATA / "gold_dev").exists():
        pytest.skip("the gold mailbox is not beside the repository")
    assert bench().measure_gold(DATA / "gold_dev", verbose=False)["gold_exact_percent"] >= 95


def test_a_built_mailbox_whose_rows_know_no_sign_off_nor_program_is_measured_as_well(tmp_path: Path) -> None:
    (tmp_path / "mail.mbox").write_text(
        "From x Mon Mar  9 10:00:00 2026\nMessage-ID: <1@x.example>\nFrom: d@x.example\n\nAll done.\n\nBest,\nDana\n"
    )
    rows = [
        {"message_id": "1@x.example", "text": "All done.\n\nBest,\nDana"},
        {"message_id": "2@x.example", "text": "No"},
    ]
    (tmp_path / "newtext.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert bench().measure_gold(tmp_path, verbose=True)["gold_exact_percent"] == 50


def test_a_list_archive_leaks_and_loses_less_than_one_percent() -> None:
    archive = DATA / "r-devel_dev.mbox.xz"
    if not archive.exists():
        pytest.skip("the list archive is not beside the repository")
    found = bench().measure_list(archive, strict=False, verbose=False)
    assert found["leak_percent"] < 1
    assert found["loss_percent"] < 1
