"""Running the command line within the test, as a user would have typed it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from recipflow import cli


class Shell:
    """Runs commands and keeps what they said."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = ""
        self.err = ""

    def run(self, *words: object, code: int = 0) -> str:
        """What the command wrote to standard output, wrapped lines joined; it must end with `code`."""
        with pytest.raises(SystemExit) as stopped:
            cli.main([str(word) for word in words])
        self.out, self.err = self._capsys.readouterr()
        assert (stopped.value.code or 0) == code, self.out + self.err
        assert "Traceback" not in self.err
        return " ".join(self.out.split())

    def json(self, *words: object) -> Any:
        """What the command wrote as JSON."""
        self.run(*words, "--json")
        return json.loads(self.out)

    def lines(self, *words: object) -> list[Any]:
        """What the command wrote as JSON, an object a line."""
        self.run(*words, "--json")
        return [json.loads(line) for line in self.out.splitlines()]
