"""Words that nobody typed: disclaimers, list footers, "sent from my phone", banners of mail gateways."""

from __future__ import annotations

_SECRET = (
    "confiden",
    "vertraul",
    "vertrouwelijk",
    "konfiden",
    "riservat",
    "luottamuks",
    "poufn",
    "fortroli",
    "privileg",
)
_MAIL = (
    *(
        "mail",
        "message",
        "nachricht",
        "mensaje",
        "mensagem",
        "messagg",
        "bericht",
        "meddel",
        "melding",
        "viesti",
    ),
    *("wiadomo", "courriel", "correo", "mensagen", "communication", "information", "transmission"),
)
_MEANT = (
    *(
        "recipient",
        "addressee",
        "intended",
        "adressat",
        "empfänger",
        "destinat",
        "geadresseerde",
        "mottag",
        "modtag",
    ),
    *(
        "mottak",
        "vastaanottaj",
        "adresat",
        "in error",
        "irrtüm",
        "par erreur",
        "por error",
        "por erro",
        "per errore",
    ),
    *("abusiv", "misstag", "ved en fejl", "ved en feil", "virheellis", "omyłk", "named", "solely", "legal"),
)
_DISCLAIMERS = (
    "intended recipient",
    "intended only for",
    "intended solely for",
    "for the named addressee",
    "for the named recipient",
    "for the sole use of",
    "this message is confidential",
    "this email is confidential",
    "this e-mail is confidential",
    "email and any attachment",
    "e-mail and any attachment",
    "message and any attachment",
    "received this email in error",
    "received this e-mail in error",
    "received this message in error",
    "received this in error",
    "consider the environment before",
    "think before you print",
    "before printing this",
    "legally privileged",
    "equal opportunity employer",
    "vor dem ausdrucken",
    "nicht der richtige adressat",
    "nicht der beabsichtigte empfänger",
    "irrtümlich erhalten",
    "ce message et toutes les pièces jointes",
    "n'imprimez ce message",
    "pensez à l'environnement",
    "si vous n'êtes pas le destinataire",
    "antes de imprimir",
    "este mensaje va dirigido",
    "este mensaje y sus archivos",
    "si no es usted el destinatario",
    "esta mensagem pode conter",
    "esta mensagem e seus anexos",
    "se não é o destinatário",
    "questo messaggio è destinato",
    "prima di stampare",
    "le informazioni contenute in",
    "dit bericht is uitsluitend",
    "dit bericht kan informatie",
    "detta meddelande är avsett",
    "denne e-mail er kun",
    "denne meldingen er kun",
    "tämä viesti on tarkoitettu",
    "treść tej wiadomości",
    "niniejsza wiadomość",
    "virus-free. www.",
    "this email has been checked for viruses",
    "this e-mail has been scanned",
    "this message has been scanned",
    "has been checked for viruses by",
    "diese e-mail wurde von",
    "not intended to be an offer",
)
_SHORTEST_NOTICE = 20
_NOTICE = (
    *("mail", "mess", "mensa", "nachricht", "bericht", "meddel", "melding", "viesti", "wiadomo", "recipient"),
    *(
        "confiden",
        "vertraul",
        "print",
        "druck",
        "imprim",
        "stampare",
        "privileg",
        "named a",
        "informa",
        "virus",
    ),
    *("equal oppor", "destinat", "adressat", "empfänger", "offer"),
)
"""One of these stands in every notice: most paragraphs are told from one by them alone."""
_FOOTERS = (
    "[[alternative html version deleted]]",
    "you received this message because you are subscribed",
    "to unsubscribe from this",
    "to unsubscribe, ",
    "unsubscribe from this list",
    "to post to this group",
    "this list is provided by",
    "yahoo! groups",
    "yahoo! groups sponsor",
    "check out the vibrant tech community",
    "to reply to this message, ",
    "reply to this email directly",
    "do you yahoo!?",
    "get your free email",
    "get your private, free email",
    "join the world's largest e-mail",
    "msn photos is the easiest",
)
_DEVICES = (
    "sent from ",
    "sent with ",
    "sent via ",
    "get outlook for ",
    "sent by outlook for",
    "von meinem ",
    "gesendet mit ",
    "gesendet von ",
    "gesendet aus ",
    "diese nachricht wurde von meinem",
    "holen sie sich outlook für",
    "outlook für ",
    "envoyé de mon ",
    "envoyé depuis ",
    "envoyé à partir d",
    "obtenez outlook pour",
    "télécharger outlook pour",
    "enviado desde mi ",
    "enviado desde ",
    "enviado do meu ",
    "enviado a partir d",
    "enviado de meu ",
    "enviado via ",
    "obtener outlook para",
    "obter o outlook para",
    "inviato da ",
    "inviato dal mio ",
    "scarica outlook per",
    "verzonden vanaf ",
    "verstuurd vanaf ",
    "verzonden met ",
    "outlook voor ",
    "skickat från ",
    "hämta outlook för",
    "sendt fra ",
    "hent outlook",
    "få outlook for",
    "lähetetty ",
    "wysłane z ",
    "wysłano z ",
    "pobierz outlook",
    "отправлено с ",
    "发自我的",
)
_BANNERS = (
    "originated from outside",
    "external email",
    "external sender",
    "[external]",
    "from outside of the organization",
    "you don't often get email from",
    "sie erhalten nicht häufig e-mails von",
    "some people who received this message don't often get email",
)


def is_disclaimer(paragraph: str) -> bool:
    """Whether a paragraph, in lower case and on one line, is a legal or technical notice."""
    if len(paragraph) < _SHORTEST_NOTICE or not _says(paragraph, _NOTICE):
        return False
    if _says(paragraph, _DISCLAIMERS):
        return True
    return _says(paragraph, _SECRET) and _says(paragraph, _MAIL) and _says(paragraph, _MEANT)


def is_device_line(line: str) -> bool:
    """Whether a line only says what it was written on; in lower case."""
    return len(line) <= 110 and line.lstrip("-_*< ").startswith(_DEVICES)


def is_footer(paragraph: str) -> bool:
    """Whether a paragraph, in lower case, was appended by a list, a gateway or a free mail provider."""
    if not paragraph.strip("-_=*~#+ "):
        return True
    return _says(paragraph, _FOOTERS)


def is_banner(paragraph: str) -> bool:
    """Whether the first paragraph, in lower case, is a gateway's warning."""
    return len(paragraph) <= 500 and _says(paragraph, _BANNERS)


def _says(paragraph: str, phrases: tuple[str, ...]) -> bool:
    """Half the time of `any` over a generator; it is asked of every paragraph at the end of a mail."""
    for phrase in phrases:  # noqa: SIM110
        if phrase in paragraph:
            return True
    return False
