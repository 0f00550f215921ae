"""Which language a text is written in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recipflow.model import UNKNOWN
from recipflow.reading.language import language_of

NEWTEXT = Path(__file__).resolve().parents[2] / "shared" / "data" / "gold_dev" / "newtext.jsonl"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Could you send me the report by Friday?"),
        ("de", "Kannst du mir bitte den Bericht bis Freitag schicken?"),
        ("pt", "Podes enviar-me o relatório até sexta? Muito obrigada, um beijo para você"),
        ("es", "¿Puedes enviarme el informe antes del viernes? Muchas gracias por todo"),
        ("pt", "Bem visto! Segue a versão nova."),
        ("pt", "Oi Rui! Te mando as fotos."),
        ("es", "Visto, gracias por todo."),
        ("es", "¿Vienes?"),
        ("de", "Tausend Dank dafür!"),
        ("fr", "Peux-tu m'envoyer le rapport avant vendredi ? Merci pour tout, à bientôt"),
        ("it", "Puoi mandarmi il rapporto entro venerdì? Grazie per la tua pazienza, non è urgente"),
        ("nl", "Kun je mij het rapport voor vrijdag sturen? Bedankt en groeten van ons"),
        ("sv", "Kan du skicka rapporten till mig före fredag? Tack så mycket för att du hjälper"),
        ("ru", "Не могли бы вы прислать мне отчёт до пятницы?"),
        ("ja", "金曜日までに報告書を送っていただけますか。"),
    ],
)
def test_a_sentence_is_enough(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["", "ok", "👍", "12.30 18.20", "Acme Widget Deluxe 3000", "http://example.org/x", "João, done!"]
)
def test_too_little_to_tell_is_unknown_and_never_guessed(text: str) -> None:
    assert language_of(text) == UNKNOWN


def test_no_message_of_the_gold_mailbox_is_taken_for_another_language() -> None:
    if not NEWTEXT.exists():
        pytest.skip("the gold mailbox is not beside the repository")
    rows = map(json.loads, NEWTEXT.read_text(encoding="utf-8").splitlines())
    read = [(row["lang"], language_of(row["text"])) for row in rows]
    assert not [pair for pair in read if pair[1] not in (pair[0], UNKNOWN)]
    assert sum(pair[1] == UNKNOWN for pair in read) < 0.1 * len(read)
