"""A favour told in two sentences of one letter counts once, and two favours count twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recipflow.ledger.once import told_once
from recipflow.model import Act, ActType, Entry, Kind, Side
from tests.ledgers import act, entry, folded

GIVE = ActType.GIVE


def told(*said: tuple[str, Kind, float]) -> tuple[Act, ...]:
    """Notable gives in one letter, sentence for sentence."""
    acts = (act(GIVE, size, kind, notable=True, quote=quote) for quote, kind, size in said)
    return tuple(replace(one, position=place) for place, one in enumerate(acts))


def letter(*acts: Act, by: Side = Side.THEM) -> Entry:
    return entry(0, by, *acts)


@pytest.mark.parametrize(
    "quotes",
    [
        ("Dana, meet Ola, who prints in Bergen.", "You two should talk."),
        ("Max, meet Zoe, who runs the gallery.", "I'll leave you two to it."),
        ("I put the whole catalogue in order.", "It took me the weekend."),
        ("Sobraram dois passes para o festival.", "São teus, sem segundas intenções."),
        ("Ich habe den ganzen Katalog geordnet.", "Das hat mich das Wochenende gekostet."),
        ("Sobran dos entradas para el festival.", "Son tuyas, sin compromiso."),
    ],
)
@pytest.mark.parametrize("by", Side)
def test_a_sentence_that_takes_up_the_one_before_tells_of_no_second_favour(
    quotes: tuple[str, str], by: Side
) -> None:
    both = told((quotes[0], Kind.INTRO, 2.0), (quotes[1], Kind.INTRO, 3.0))
    alone = replace(both[0], size=3.0)
    first, second = folded([letter(*both, by=by)], 1), folded([letter(alone, by=by)], 1)
    assert first.standing == second.standing
    assert first.favours == second.favours


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        ("Here is the list of printers, too.", Kind.INTRO),  # a thing of its own
        ("It comes with the template I use.", Kind.RESOURCE),  # another kind
        ("Italian printers are cheaper, I asked three.", Kind.INTRO),
    ],
)
def test_two_favours_in_one_letter_count_twice(second: str, kind: Kind) -> None:
    acts = told(("Dana, meet Ola, who prints in Bergen.", Kind.INTRO, 2.0), (second, kind, 2.0))
    assert told_once(acts) == acts


def test_what_takes_up_nothing_that_was_given_stays() -> None:
    asked = act(ActType.ASK, 2, Kind.INTRO, quote="Could you introduce me to Ola?")
    given = replace(told(("It is done.", Kind.INTRO, 2.0))[0], position=1)
    assert told_once((asked, given)) == (asked, given)
