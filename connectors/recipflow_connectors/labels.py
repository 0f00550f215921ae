"""What a folder is for, whatever language the mail program speaks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from recipflow_connectors.headers import words

#: Nobody has sent these, or nobody wanted them: they are left out, and counted.
LEFT_OUT = frozenset({"drafts", "spam", "trash", "chats"})
LEFT_OUT_REASON = "drafts, spam, trash or chats left out"

_NAMES = {
    "sent": """sent|sent mail|sent items|sent messages|sent-mail|sent_items|sentmail|outgoing|gesendet|gesendete
        elemente|gesendete objekte|gesendete nachrichten|gesendete|enviados|enviado|elementos enviados|itens enviados
        |mensagens enviadas|mensajes enviados|correo enviado|e-mails enviados|enviats|envoyés|envoyé|éléments
        envoyés|messages envoyés|posta inviata|inviati|inviata|posta inviata|elementi inviati|verzonden|verzonden
        items|verzonden berichten|sendt|sendt post|sendte elementer|skickat|skickade objekt|lähetetyt|lähetetyt
        viestit|wysłane|elementy wysłane|odeslané|odeslaná pošta|odoslané|elküldött|elküldött elemek|trimise|mesaje
        trimise|απεσταλμένα|отправленные|надіслані|gönderilmiş|gönderilmiş postalar|gönderilenler|נשלח|المرسلة
        |البريد المرسل|送信済み|送信済みメール|送信済みアイテム|已发送|已发邮件|已傳送|寄件備份|보낸편지함|보낸 편지함""",
    "inbox": """inbox|posteingang|eingang|bandeja de entrada|recibidos|caixa de entrada|entrada|boîte de réception
        |courrier entrant|posta in arrivo|postvak in|inkorgen|indbakke|innboks|saapuneet|odebrane|doručená pošta
        |doručené|beérkezett üzenetek|primite|εισερχόμενα|входящие|вхідні|gelen kutusu|受信トレイ|受信箱|收件箱
        |收件匣|받은편지함""",
    "drafts": """drafts|draft|entwürfe|entwurf|borradores|borrador|rascunhos|rascunho|brouillons|brouillon|bozze|bozza
        |concepten|utkast|utkorg|kladder|luonnokset|wersje robocze|szkice|koncepty|rozepsané|piszkozatok|ciorne
        |πρόχειρα|черновики|чернетки|taslaklar|下書き|草稿|草稿箱|임시보관함|templates|vorlagen|modèles|plantillas
        |modelos|modelli|outbox|unsent messages|unsent""",
    "spam": """spam|junk|junk e-mail|junk email|junk mail|bulk mail|spamverdacht|junk-e-mail|correo no deseado|no deseado
        |lixo eletrônico|lixo electrónico|correo basura|pourriel|courrier indésirable|indésirables|posta
        indesiderata|indesiderata|ongewenst|ongewenste e-mail|skräppost|søppelpost|uønsket mail|roskaposti
        |wiadomości-śmieci|nevyžádaná pošta|levélszemét|спам|önemsiz|迷惑メール|垃圾邮件|垃圾郵件|스팸함""",
    "trash": """trash|bin|deleted|deleted items|deleted messages|papierkorb|gelöscht|gelöschte elemente|gelöschte
        objekte|papelera|elementos eliminados|eliminados|lixo|lixeira|itens excluídos|itens eliminados|corbeille
        |éléments supprimés|messages supprimés|cestino|posta eliminata|eliminata|prullenbak|verwijderde items
        |papperskorgen|borttagna objekt|papirkurv|slettet post|roskakori|poistetut|kosz|elementy usunięte|koš
        |odstraněná pošta|lomtár|törölt elemek|coș de gunoi|κάδος|корзина|удаленные|кошик|çöp kutusu|silinmiş öğeler
        |ゴミ箱|已删除|已删除邮件|垃圾桶|휴지통""",
    "chats": "chat|chats|chat history|conversation history|unterhaltungsverlauf",
}
_MEANING = {
    " ".join(name.split()): meaning for meaning, names in _NAMES.items() for name in names.split("|") if name
}


@lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """`sent`, `inbox`, `drafts`, `spam`, `trash`, `chats`, or the name itself; in lower case."""
    plain = " ".join(name.lower().split())[:200]
    return _MEANING.get(plain) or _MEANING.get(plain.removesuffix(".mbox")) or plain


def of_folder(name: str) -> str:
    """What a folder of a mail store is for; `INBOX.Sent`, `[Gmail]/Sent Mail` and `.Sent` are known by their end."""
    whole = canonical(name)
    if whole in _NAMES:
        return whole
    return canonical(name.replace("/", ".").rstrip(".").rpartition(".")[2])


def of_box(name: str, folder: str) -> str:
    """An mbox is known by its name, but for Apple's `Sent.mbox/mbox`: by that of its folder."""
    stem = name[:-5] if name.lower().endswith(".mbox") else name
    return folder if stem.lower() in ("mbox", "") else of_folder(stem)


@lru_cache(maxsize=1024)
def of_gmail(header: str) -> tuple[str, ...]:
    """The labels of X-Gmail-Labels, decoded."""
    return unique(canonical(one.strip(' "')) for one in words(header).split(",") if one.strip(' "'))


def unique(labels: Iterable[str]) -> tuple[str, ...]:
    """The labels once each, in their order."""
    return tuple(dict.fromkeys(labels))


def left_out(labels: Iterable[str]) -> bool:
    """Whether any of the labels says that this was never sent, or never wanted."""
    return not LEFT_OUT.isdisjoint(labels)
