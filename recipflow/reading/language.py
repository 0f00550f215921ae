"""Telling in which language a text is written, by the little words every sentence needs."""

from __future__ import annotations

import re

from recipflow.model import UNKNOWN

SAMPLE = 600
"""Characters looked at: more changes nothing."""

_WORDS = {
    "en": "the and you for that is are this with have was will not your what can from it's i'm would we be but if of to"
    " it my me please thanks thank hi just do on our has know let get any about there they been at i a so he she"
    " as or an by up all had were go back out how when should could see work time good",
    "de": "der die das und ist nicht ich du sie wir ihr ein eine einen dem den mit für auf zu von wie auch noch aber"
    " bitte danke hallo dich dir mir mich kann habe hast wird vielen liebe lieber grüße schon nur oder wenn es im"
    " vielen dank viele gern gerne ihnen ihre ihr uns sind haben wäre sehr bei zum zur nach sich als dass ja nein leider"
    " bis heute morgen herr frau können könnten möchte tausend dein deine deinen mein meine meinen unser unsere hätte"
    " wäre würde geht alles etwas immer hier da schön sieht hast habt bist diese dieser dieses jetzt wieder mal"
    " fuer koennen koennten moechte gruss gruesse",
    "pt": "que não com uma um para você os das dos mas por mais está obrigado obrigada isso muito também já seu sua"
    " olá bom dia meu minha eu te nos ao à é são foi tem vou pode se na no em do da de tudo bem beijo"
    " até tenho temos às comigo pelo pela nosso nossa vosso este esta esse essa sou estou boa noite tarde amanhã hoje sim"
    " depois aqui lhe ou quando posso podes queria abraço oi desculpa desculpe ainda dois duas dias quer quero fazer"
    " fiz teu tua teus tuas vosso vossa vossos onde ontem mês podem podias podia consegues consegue até sexta quinta"
    " mando envio segue obrigadas sem nada outro outra gente fica vem meus minhas seus suas beijos mesmo só lá cá aí"
    " nao voce ate tambem",
    "es": "que el la los las una un con para por no está gracias muy pero más usted tu mi yo hola buenos días lo se es"
    " son fue tiene puede si en del de y al también ya te me nos cuando esto saludos bien"
    " sí hasta tengo tenemos soy estoy nuestro nuestra este esta ese esa hoy mañana muchas mil qué cómo quiero puedo"
    " porque desde sobre o semana abrazo le eso lo tus tus mis sus unos unas hay voy vas vamos ahora luego después"
    " entonces todo todos visto quieras quieres puedes podrías hacer hice dos día mañana aún nada sin otro otra aquí allí",
    "fr": "le la les des une un et est que qui dans pour pas avec vous nous je tu il elle sur au aux ce cette mais ou"
    " merci bonjour salut très bien mon ma votre notre c'est j'ai suis être avoir plus de du en à",
    "it": "il lo la gli le un una che di non per con è sono ho hai ha grazie ciao molto ma anche come più questo mi ti"
    " ci si nel della del dei alla da e in buongiorno tutto bene saluti quando",
    "nl": "de het een en van ik je niet dat is met voor op zijn maar ook aan bij nog wel naar wij jullie bedankt dank"
    " hoi hallo groeten graag kan heb hebt wordt deze dit dan als te er uit",
    "sv": "och att det är jag du inte en ett på för med som har den till av om vi men kan ska tack hej så här mig dig"
    " när var från eller hälsningar också nu",
    "da": "og at det er jeg du ikke en et på for med som har den til af om vi men kan skal tak hej så her mig dig"
    " når var fra eller hilsen også nu venlig",
    "pl": "w na nie się że z jest jak co dziękuję proszę czy ale mam dla pan pani za od po być są dzień dobry pozdrawiam"
    " już tak przez",
}

_LANGUAGES = tuple(_WORDS)


def _evidence() -> dict[str, tuple[tuple[int, float], ...]]:
    """Each word with the languages it speaks for; a word of many languages speaks softly."""
    speakers: dict[str, list[int]] = {}
    for number, words in enumerate(_WORDS.values()):
        for word in words.split():
            speakers.setdefault(word, []).append(number)
    return {word: tuple((number, 1 / len(found)) for number in found) for word, found in speakers.items()}


_EVIDENCE = _evidence()


def language_of(text: str) -> str:
    """An ISO 639-1 code, or `UNKNOWN`. A guess is only made where one language clearly leads."""
    scores = [0.0] * len(_LANGUAGES)
    sample = text[:SAMPLE].replace("’", "'")
    words = sample.lower().replace("-", " ").split()
    for word in words:
        bare = word if word.isalpha() else word.strip(".,!?;:()\"'-")
        for number, weight in _EVIDENCE.get(bare, ()):
            scores[number] += weight
    if not sample.isascii() or "-" in sample:
        for language, sign in _SIGNS:
            if sign.search(sample):
                scores[_LANGUAGES.index(language)] += 1.0
    best = max(scores)
    if best < _needed(len(words), text):
        return _by_script(text) if best < 1 else UNKNOWN
    second = max((score for score in scores if score < best), default=0.0)
    if scores.count(best) > 1 or best < 1.4 * second:
        return UNKNOWN
    return _LANGUAGES[scores.index(best)]


def _needed(words: int, text: str) -> float:
    """Long texts must show more little words, or a list of product names would have a language."""
    return max(1.5, 0.04 * words) if text.isascii() else 1.0


_SIGNS = (
    ("pt", re.compile(r"(?<!\w)[a-zà-ÿ]+(?:ão|ãos|ões|ães|ã|ãs)(?!\w)")),
    ("pt", re.compile(r"(?<!\w)[a-zà-ÿ]{3,}-(?:me|te|lhe|lhes|nos|vos|feira)(?!\w)")),
    ("es", re.compile(r"[¿¡]")),
    ("es", re.compile(r"(?<!\w)[a-zà-ÿ]*(?:ñ[aeiou]s?|ción|ciones)(?!\w)")),
    ("de", re.compile(r"(?<!\w)[a-zà-ÿ]+(?:ß|ü)[a-z]*(?!\w)")),
)
"""What only one of our languages writes; in names, which begin large, it says nothing."""

_SCRIPTS = (
    ("\u0400", "\u04ff", "ru"),
    ("\u0370", "\u03ff", "el"),
    ("\u0590", "\u05ff", "he"),
    ("\u0600", "\u06ff", "ar"),
    ("\u0900", "\u097f", "hi"),
    ("\u0e00", "\u0e7f", "th"),
    ("\u3040", "\u30ff", "ja"),
    ("\u4e00", "\u9fff", "zh"),
    ("\uac00", "\ud7af", "ko"),
)


def _by_script(text: str) -> str:
    if text.isascii():
        return UNKNOWN
    sample = text[:SAMPLE]
    for first, last, language in _SCRIPTS:
        if sum(first <= letter <= last for letter in sample) * 3 > len(sample):
            return language
    return UNKNOWN
