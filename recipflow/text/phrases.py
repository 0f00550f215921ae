"""How mail programs announce quoted and forwarded text, in the languages they speak."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as running text."""
    return frozenset(text.split())


def sayings(text: str) -> frozenset[str]:
    """The same for phrases, parted by bars."""
    return frozenset(text.split("|"))


FROM, DATE, TO, SUBJECT, OTHER = 1, 2, 4, 8, 16

_LABELS = {
    FROM: "from, von, de, da, van, från, fra, lähettäjä, od, expéditeur, remitente, mittente, afzender, avsender, "
    "afsender, absender, desde, frá, от, 发件人, 差出人",
    DATE: "sent, date, gesendet, datum, envoyé, enviado, enviada, enviado el, enviada em, fecha, data, inviato, "
    "verzonden, skickat, sendt, dato, lähetetty, päivämäärä, päiväys, wysłano, wysłane, gesendet am, envoyé le, "
    "inviato il, sent at, sent on, verzonden op, data wysłania, date d'envoi, fecha de envío, data de envio, дата, "
    "отправлено, 发送时间, 送信日時",
    TO: "to, an, à, para, a, aan, till, til, vastaanottaja, do, destinatario, destinatário, destinataire, ontvanger, "
    "empfänger, adresat, pour, kenelle, кому, 收件人, 宛先",
    SUBJECT: "subject, betreff, objet, asunto, assunto, oggetto, onderwerp, ämne, emne, aihe, temat, thema, sujet, "
    "тема, 主题, 件名",
    OTHER: "cc, bcc, cci, kopie, kopia, kopi, kopio, dw, copie à, reply-to, antwort an, responder a, importance, "
    "organization, attachments, anlagen, sent by, gesendet von, please respond to, kopie an, wichtigkeit, priorité, "
    "importancia, копия, 抄送",
}

LABELS = {name: kind for kind, names in _LABELS.items() for name in names.split(", ")}
"""Label of a header line above a quoted message, in lower case, to its kind."""

LONGEST_LABEL = max(map(len, LABELS)) + 2

VERBS = (
    " wrote",
    " writes",
    " schrieb",
    " a écrit",
    " ecrit",
    " écrit",
    " a ecrit",
    " escribió",
    " escribio",
    " escreveu",
    " ha scritto",
    " scrisse",
    " schreef",
    " heeft geschreven",
    " skrev",
    " kirjoitti",
    " napisał",
    " pisze",
    " napsal",
    " írta",
    " пишет",
    " написал",
    " yazdı",
    " said",
    "quoting ",
    "citando ",
    "zitat von ",
    "citando a ",
    "quoted ",
    "写道",
    "のメール",
)
"""What an attribution line says its author did; each is looked for in the lower-cased line."""

STARTS = (
    *(
        "on ",
        "am ",
        "le ",
        "el ",
        "em ",
        "il ",
        "op ",
        "den ",
        "på ",
        "w dniu ",
        "dnia ",
        "at ",
        "il giorno ",
    ),
    *(
        "quoting ",
        "zitat von ",
        "citando ",
        "in message ",
        "in article ",
        "in a message ",
        "a ",
        "dne ",
        "em ",
        "no ",
    ),
    *(
        "mon,",
        "tue,",
        "wed,",
        "thu,",
        "fri,",
        "sat,",
        "sun,",
        "mon ",
        "tue ",
        "wed ",
        "thu ",
        "fri ",
        "sat ",
        "sun ",
    ),
    *(
        "ma ",
        "ti ",
        "ke ",
        "to ",
        "pe ",
        "la ",
        "su ",
        "pon",
        "wt",
        "śr",
        "czw",
        "pt",
        "sob",
        "niedz",
        "lør",
        "tir",
    ),
)
"""How an attribution that begins with its date begins; digits do too."""

ORIGINALS = frozenset(
    {
        "original message",
        "original appointment",
        "ursprüngliche nachricht",
        "originalnachricht",
        "urspr. nachricht",
        "ursprüngliche e-mail",
        "message d'origine",
        "message d’origine",
        "message original",
        "message initial",
        "mensaje original",
        "mensagem original",
        "messaggio originale",
        "oorspronkelijk bericht",
        "oorspronkelijke bericht",
        "ursprungligt meddelande",
        "originalmeddelande",
        "oprindelig meddelelse",
        "original meddelelse",
        "opprinnelig melding",
        "original melding",
        "alkuperäinen viesti",
        "oryginalna wiadomość",
        "wiadomość oryginalna",
        "původní zpráva",
        "исходное сообщение",
        "原始邮件",
        "元のメッセージ",
        "reply message",
        "reply separator",
        "ursprüngliche mail",
        "end of original message",
    }
)
"""What stands between dashes above a quoted message."""

FORWARDS = (
    "forwarded message",
    "forwarded by",
    "forwarded message from",
    "forwarded with changes",
    "forwarded mail",
    "begin forwarded message",
    "start of forwarded message",
    "weitergeleitete nachricht",
    "weitergeleitet von",
    "anfang der weitergeleiteten",
    "ursprünglich weitergeleitet",
    "message transféré",
    "message transmis",
    "message réexpédié",
    "début du message transféré",
    "début du message réexpédié",
    "transféré par",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
    "reenviado por",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "início da mensagem",
    "encaminhado por",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "inoltrato da",
    "doorgestuurd bericht",
    "begin doorgestuurd bericht",
    "doorgezonden door",
    "vidarebefordrat meddelande",
    "vidarebefordrat brev",
    "videresendt meddelelse",
    "videresendt besked",
    "start på videresendt",
    "videresendt melding",
    "begynnelse på videresendt",
    "välitetty viesti",
    "välitetyn viestin",
    "edelleenlähetetty",
    "przekazana wiadomość",
    "wiadomość przekazana",
    "początek przekazywanej",
    "přeposlaná zpráva",
    "пересылаемое сообщение",
    "转发的邮件",
)
"""How a forwarded message is announced, between dashes or before a colon."""
