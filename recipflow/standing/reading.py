"""Profiles and norms out of parsed TOML; whatever is wrong with it is said all at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from recipflow.errors import UserError
from recipflow.model import NormName, ProfileName
from recipflow.standing.etiquette import Norm, Profile

Name = TypeVar("Name", bound=str)


def read_profiles(toml: Mapping[str, object], source: str = "profiles.toml") -> dict[ProfileName, Profile]:
    """All profiles of a parsed file; UserError with every missing, unknown or impossible key in it."""
    problems: list[str] = []
    read = {name: _profile(table) for name, table in _tables(toml, list(ProfileName), source, problems)}
    if problems:
        raise UserError(problems)
    return {name: profile for name, profile in read.items() if profile is not None}


def read_norms(toml: Mapping[str, object], source: str = "norms.toml") -> dict[NormName, Norm]:
    """All norms of a parsed file; UserError with every missing, unknown or impossible key in it."""
    problems: list[str] = []
    read = {name: _norm(table) for name, table in _tables(toml, list(NormName), source, problems)}
    if problems:
        raise UserError(problems)
    return read


class _Table:
    """One table being read: hands out its values and adds to the problems what is wrong with them."""

    def __init__(self, values: Mapping[str, object], where: str, problems: list[str]) -> None:
        self.where = where
        self.problems = problems
        self.sound = True
        self._values = dict(values)

    def complain(self, problem: str) -> None:
        self.sound = False
        self.problems.append(f"{self.where}: {problem}")

    def number(self, key: str, *, most: float = math.inf, zero: bool = False) -> float:
        value = self._values.pop(key, None)
        number = _number(value)
        if number is None or number > most or (number == 0 and not zero):
            limit = "" if most == math.inf else f", at most {most:g}"
            self.complain(f"{key} must be a number {'from' if zero else 'above'} 0{limit}, not {value!r}")
            return 1.0
        return number

    def numbers(self, key: str) -> tuple[float, ...]:
        value = self._values.pop(key, None)
        numbers = [_number(item) for item in value] if isinstance(value, list) else []
        if not numbers or not all(numbers):
            self.complain(f"{key} must be a list of numbers above 0, not {value!r}")
        return tuple(number for number in numbers if number is not None)

    def flag(self, key: str) -> bool:
        value = self._values.pop(key, None)
        if not isinstance(value, bool):
            self.complain(f"{key} must be true or false, not {value!r}")
        return value is True

    def close(self) -> None:
        for key in self._values:
            self.complain(f"unknown key {key}")


def _tables(
    toml: Mapping[str, object], names: Sequence[Name], source: str, problems: list[str]
) -> Iterator[tuple[Name, _Table]]:
    problems += [
        f"{source}: unknown table [{key}]; known are {', '.join(names)}" for key in toml if key not in names
    ]
    for name in names:
        values = toml.get(name)
        if isinstance(values, dict):
            yield name, _Table(values, f"{source} [{name}]", problems)
        else:
            problems.append(f"{source}: the table [{name}] is missing")


def _number(value: object) -> float | None:
    """A finite number from 0, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        return None
    return float(value)


def _profile(table: _Table) -> Profile | None:
    fields = {
        "small_half_life_days": table.number("small_half_life_days"),
        "substantial_half_life_days": table.number("substantial_half_life_days"),
        "half_substantial_fu": table.number("half_substantial_fu"),
        "freshness_minutes": table.number("freshness_minutes"),
        "pace_half_life_days": table.number("pace_half_life_days"),
        "gap_after_grant_days": table.number("gap_after_grant_days", zero=True),
        "gap_after_refusal_days": table.number("gap_after_refusal_days", zero=True),
        "lapse_days": table.number("lapse_days"),
        "credit_half_life_minutes": table.number("credit_half_life_minutes", zero=True),
        "framing": table.number("framing", most=1.0),
    }
    followup_days, communal = table.numbers("followup_days"), table.flag("communal")
    table.close()
    if not table.sound:
        return None
    try:
        return Profile(followup_days=followup_days, communal=communal, **fields)
    except ValueError as impossible:
        table.complain(str(impossible))
        return None


def _norm(table: _Table) -> Norm:
    norm = Norm(
        half_life_factor=table.number("half_life_factor"),
        settles=table.number("settles", most=1.0),
        growth=table.number("growth"),
        warns_small_gifts=table.flag("warns_small_gifts"),
    )
    table.close()
    return norm
