"""Names and addresses are read alike by every Python, however oddly they are written."""

from __future__ import annotations

import pytest

from recipflow.addressed import addressed, first_addressed


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", []),
        ("dana@y.example", [("", "dana@y.example")]),
        (
            '"Ruiz, Dana" <dana@y.example>, bo@z.example',
            [("Ruiz, Dana", "dana@y.example"), ("", "bo@z.example")],
        ),
        ("dana@y.example,", [("", "dana@y.example")]),
        ("dana@y.example, , bo@z.example", [("", "dana@y.example"), ("", "bo@z.example")]),
        ("Team: dana@y.example, bo@z.example;", [("", "dana@y.example"), ("", "bo@z.example")]),
        ("dana@y.example <dana@y.example>", [("", "dana@y.example"), ("", "dana@y.example")]),
    ],
)
def test_what_is_odd_about_a_header_costs_nobody(header: str, expected: list[tuple[str, str]]) -> None:
    assert addressed(header) == expected
    assert first_addressed(header) == (expected or [("", "")])[0]
