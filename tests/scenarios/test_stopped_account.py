"""While an account cannot be read, nothing is claimed that rests on silence, and why-not says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.scenarios.scene import ANN, START, scene

DANA = "dana@ruiz.example"


def test_thanks_are_not_called_for_while_they_may_have_been_said_unseen(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = scene(capsys, tmp_path, monkeypatch)
    life.mail(ANN, DANA, "Hi Dana,\n\nGood to see you at the fair.\n\nAnn", day=-20)
    life.mail(
        DANA,
        ANN,
        "Hi Ann,\n\nI spent the whole weekend on your application: attached are six pages of notes I wrote for you, with "
        "a better budget.\n\nDana",
        day=0,
    )
    assert "thank" in life.on(2).says(DANA)
    there, gone = life.folder / "mail", life.folder / "gone"
    there.rename(gone)
    life.now = START + timedelta(days=3)
    life.run("sync", code=1)
    assert "thank" in life.says(DANA)
    life.now = START + timedelta(days=5)
    assert "thank" not in life.says(DANA)
    assert "some of the mail since then is missing" in " ".join(life.run("why-not", DANA).split())
    gone.rename(there)
    assert "thank" in life.on(5).says(DANA)
