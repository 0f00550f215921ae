"""What several scenarios begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.scene import ANN, RUTH, Scene, scene


@pytest.fixture
def stage(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Ann and Ruth have written before."""
    found = scene(capsys, tmp_path, monkeypatch)
    found.mail(ANN, RUTH, "Hi Ruth,\n\nThe fair is in May this year.\n\nAnn", day=-20)
    return found
