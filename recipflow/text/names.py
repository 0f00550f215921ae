"""What a line at the foot of a letter looks like: a name, a closing formula, or words about who signs."""

from __future__ import annotations

import re

from recipflow.text.phrases import sayings, words

_CLOSINGS = sayings(
    "best regards|kind regards|regards|warm regards|with regards|best|all the best|best wishes|"
    "many thanks|thanks|thank you|thx|cheers|sincerely|yours sincerely|sincerely yours|yours|yours truly|"
    "respectfully|cordially|thanks again|thanks in advance|with best regards|kindest regards|warmly|ciao|"
    "love|take care|talk soon|br|rgds|hugs|xoxo|xo|herzlich|herzlichst|herzliche grüsse|bis bald|"
    "beijinho|beijo|abraço forte|um beijinho|besos|un beso|bisous|groetjes|kram|kramar|knus|klem|halaus|"
    "buziaki|ciao ciao|un abbraccio|baci|até já|até breve|thanks a lot|thanks so much|thank you so much|"
    "with kind regards|best to all|greetings|hth|hope this helps|mit freundlichen grüßen|"
    "mit freundlichen grüssen|freundliche grüße|freundliche grüsse|viele grüße|viele grüsse|liebe grüße|"
    "liebe grüsse|beste grüße|herzliche grüße|schöne grüße|gruß|gruss|grüße|lg|vg|mfg|danke|vielen dank|"
    "cordialement|bien cordialement|bien à vous|amicalement|merci|merci d'avance|à bientôt|salutations|"
    "bises|saludos|un saludo|saludos cordiales|un abrazo|gracias|atentamente|muchas gracias|abrazos|"
    "cumprimentos|com os melhores cumprimentos|melhores cumprimentos|atenciosamente|abraço|abraços|"
    "obrigado|obrigada|um abraço|beijinhos|beijos|saudações|cordiali saluti|distinti saluti|saluti|"
    "un saluto|grazie|a presto|met vriendelijke groet|met vriendelijke groeten|groeten|groetjes|"
    "vriendelijke groet|mvg|bedankt|dank je|med vänliga hälsningar|vänliga hälsningar|hälsningar|mvh|"
    "med vänlig hälsning|tack|med venlig hilsen|venlig hilsen|vh|hilsen|med vennlig hilsen|"
    "vennlig hilsen|tak|takk|ystävällisin terveisin|terveisin|parhain terveisin|t|kiitos|pozdrawiam|"
    "z poważaniem|pozdrowienia|serdecznie pozdrawiam|dziękuję|z wyrazami szacunku"
)
_CONTACT = re.compile(
    r"\+?\(?\d[\d ()./-]{6,}\d|@| at [\w.-]+\.[a-z]{2}| dot |://|www\.|^[\w-]+(?:\.[\w-]+)+(?:/|$| )|"
    r"^(?:tel|phone|fax|mobile|cell|mob|ph|office|direct|e-?mail|web|website|skype)\b|\bx-?\d{4,5}\b|"
    r"^\d{3}-\d{4}$|^[CTMFPWEO]:? ?[+(\d]",
    re.IGNORECASE,
)
_ROLES = words(
    "gmbh ag kg ltd limited inc llc llp plc lda s.a s.r.l srl b.v bv corp corporation company co as ab oy "
    "aps university université universität universidad universidade università universiteit universitetet "
    "institute institut instituto istituto instituut department dept division divisão división group "
    "gruppe center centre college school faculty fakultät laboratory hospital bank banco team office "
    "research labs foundation manager director head chief ceo cto cfo cio coo cmo vp president engineer "
    "developer designer consultant professor professora prof dr phd ph.d md m.d msc mba analyst "
    "specialist associate assistant partner founder cofounder co-founder owner officer lead leiter "
    "leiterin geschäftsführer geschäftsführerin chef chefin directeur directrice directora diretor "
    "diretora gerente gestor gestora responsable responsável solicitor attorney lawyer counsel accountant "
    "editor writer coordinator administrator secretary scientist researcher fellow lecturer chair dean "
    "street st str road rd avenue ave floor suite room statistics statistician recruiter producer curator "
    "produktmanagement vertrieb einkauf marketing sales procurement"
)
_STREETS = ("straße", "strasse", "str.", "gasse", "gatan", "gata", "laan", "straat", "vej", "katu", "weg")
_POSTAL = re.compile(r"\b[A-Z]{0,2}-?\d{4,6}\b|\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b")
_SEPARATORS = (" | ", " · ", " • ", " / ", " . ", " – ", " :: ")
_PARTICLES = words("de da do dos del della di van von der den la le el bin ibn al y e af zu ter ten")
_NOT_NAMES = words(
    "hi hello hey dear yes no ok okay thanks thank you please ps note fyi sorry great sure and the this "
    "that what monday tuesday wednesday thursday friday saturday sunday tomorrow today tonight or not "
    "attached see call true false null nice cool perfect done agreed same good morning hallo bonjour hola "
    "olá oui ja nein merci"
)
_LONGEST_NAME = 40


def is_closing(line: str) -> bool:
    """Whether the line is nothing but a closing formula."""
    return len(line) <= 45 and line.strip(" ,.!-–—:;)").lower() in _CLOSINGS


def is_name(line: str) -> bool:
    """Whether the line is, or begins as, a person's name: at most five capitalised words, or initials."""
    name = _name_part(line)
    if len(name) < len(line) and (len(line) > 70 or line[-1] in ".?!,"):
        return False
    if not name or len(name) > _LONGEST_NAME or name[-1] in "?!:;,)" or is_closing(line):
        return False
    words = name.rstrip(",").split()
    if len(words) > 5 or words[0].lower().strip(",.") in _NOT_NAMES:
        return False
    if len(words) == 1 and words[0].islower():
        return line == name and words[0].isalpha() and 1 <= len(words[0]) <= 9
    return all(_is_name_word(word) for word in words) and (name[-1] != "." or len(words[-1]) <= 4)


def is_byline(line: str) -> bool:
    """Whether the line is a whole signature by itself: `Sofie / Studio Halyard`."""
    return (
        len(line) <= 60
        and line[-1] not in "?!:"
        and any(mark in line for mark in _SEPARATORS[:4])
        and (len(_name_part(line).split()) <= 3 and len(line.split()) <= 9)
    )


def _name_part(line: str) -> str:
    """The line up to a separator, a bracket, or a comma: `Dana Ruiz | Head of Product`, `Priya (she/her)`."""
    for separator in _SEPARATORS:
        line = line.partition(separator)[0]
    return line.partition(" (")[0].partition(", ")[0].strip("*_ ")


def _is_name_word(word: str) -> bool:
    core = word.strip(".,'’\"")
    if not core or core.lower() in _PARTICLES:
        return bool(core)
    return core[0].isupper() and all(char.isalpha() or char in "-'’." for char in core)


def is_prose(line: str) -> bool:
    """Whether the line reads as words to somebody."""
    words = line.split()
    if line[-1:] in ("?", "!") or len(line) > 90:
        return True
    if len(words) >= 4 and line[-1] == "." and not _is_role(words[-1]):
        return True
    return len(words) >= 8 and not says_who(line)


def says_who(line: str) -> bool:
    """Whether the line tells how to reach the author, or what they are: phone, address, title, company."""
    if len(line) > 90 or line[-1:] in ("?", "!"):
        return False
    words = line.split()
    if len(words) <= 12 and _reaches(line):
        return True
    return len(words) <= 8 and any(map(_is_role, words)) and (line[-1] != "." or _is_role(words[-1]))


def _reaches(line: str) -> bool:
    """Whether there is a number, an address, a link, or parts set off by a bar or a dot."""
    if any(mark in line for mark in _SEPARATORS):
        return True
    telling = any(char in line for char in "@.:") or any(map(str.isdigit, line))
    return telling and bool(_CONTACT.search(line) or _POSTAL.search(line))


def _is_role(word: str) -> bool:
    core = word.strip(".,;:()/").lower()
    return core in _ROLES or word.lower().endswith(_STREETS)


def is_signature_line(line: str) -> bool:
    """Whether the line may stand below a name: it says who, or is a few words in no sentence."""
    if len(line.split()) <= 7 and line[-1:] not in (".", "?", "!", ":", ",", ";"):
        return True
    return says_who(line)
