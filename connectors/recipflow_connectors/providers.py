"""Mail providers whose servers are known, and how each lets mail programs in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from recipflow_connectors.servers import Security, Server


class Way(Enum):
    """How a provider lets mail programs in."""

    PASSWORD = "password"  # noqa: S105
    APP_PASSWORD = "app password"  # noqa: S105
    MICROSOFT = "microsoft"  #: by Microsoft's own sign-in alone
    BRIDGE = "bridge"  #: through a program on this computer, which decrypts


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider, and the page where it gives app passwords."""

    imap: Server
    smtp: Server
    way: Way = Way.PASSWORD
    page: str = ""


def _at(imap: str, smtp: str, way: Way = Way.PASSWORD, page: str = "", *, starttls: bool = False) -> Provider:
    sending = Server(smtp, 587, Security.STARTTLS) if starttls else Server(smtp, 465)
    return Provider(Server(imap, 993), sending, way, page)


_APP = Way.APP_PASSWORD
_GOOGLE = _at("imap.gmail.com", "smtp.gmail.com", _APP, "https://myaccount.google.com/apppasswords")
_APPLE = _at("imap.mail.me.com", "smtp.mail.me.com", _APP, "https://account.apple.com", starttls=True)
_FASTMAIL = _at("imap.fastmail.com", "smtp.fastmail.com", _APP, "https://app.fastmail.com/settings/security")
_YAHOO = _at("imap.mail.yahoo.com", "smtp.mail.yahoo.com", _APP, "https://login.yahoo.com/account/security")
_AOL = _at("imap.aol.com", "smtp.aol.com", _APP, "https://login.aol.com/account/security")
_MICROSOFT = _at("outlook.office365.com", "smtp.office365.com", Way.MICROSOFT, starttls=True)
_PROTON = Provider(
    Server("127.0.0.1", 1143, Security.STARTTLS), Server("127.0.0.1", 1025, Security.STARTTLS), Way.BRIDGE
)
_ZOHO = _at("imap.zoho.com", "smtp.zoho.com", _APP, "https://accounts.zoho.com/home#security/app_password")
_YANDEX = _at("imap.yandex.com", "smtp.yandex.com", _APP, "https://id.yandex.com/security/app-passwords")
_MAIL_RU = _at("imap.mail.ru", "smtp.mail.ru", _APP, "https://account.mail.ru/user/2-step-auth/passwords")

_KNOWN: dict[str, Provider] = {
    "gmail.com googlemail.com": _GOOGLE,
    "icloud.com me.com mac.com": _APPLE,
    "fastmail.com fastmail.fm": _FASTMAIL,
    "yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.es yahoo.it ymail.com rocketmail.com": _YAHOO,
    "aol.com": _AOL,
    "outlook.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr live.com msn.com": _MICROSOFT,
    "proton.me protonmail.com pm.me": _PROTON,
    "gmx.de gmx.net gmx.at gmx.ch": _at("imap.gmx.net", "mail.gmx.net"),
    "gmx.com": _at("imap.gmx.com", "mail.gmx.com"),
    "mail.com": _at("imap.mail.com", "smtp.mail.com"),
    "web.de": _at("imap.web.de", "smtp.web.de", starttls=True),
    "t-online.de": _at("secureimap.t-online.de", "securesmtp.t-online.de"),
    "posteo.de posteo.net": _at("posteo.de", "posteo.de"),
    "mailbox.org": _at("imap.mailbox.org", "smtp.mailbox.org"),
    "zoho.com": _ZOHO,
    "orange.fr wanadoo.fr": _at("imap.orange.fr", "smtp.orange.fr"),
    "free.fr": _at("imap.free.fr", "smtp.free.fr"),
    "laposte.net": _at("imap.laposte.net", "smtp.laposte.net"),
    "libero.it": _at("imapmail.libero.it", "smtp.libero.it"),
    "sapo.pt": _at("imap.sapo.pt", "smtp.sapo.pt"),
    "btinternet.com": _at("mail.btinternet.com", "mail.btinternet.com"),
    "yandex.ru yandex.com": _YANDEX,
    "mail.ru": _MAIL_RU,
    "qq.com": _at("imap.qq.com", "smtp.qq.com", _APP),
    "163.com": _at("imap.163.com", "smtp.163.com", _APP),
}
"""As they document it for mail programs; what is found here is tried before it is used, like everything else."""

_BY_DOMAIN = {domain: provider for domains, provider in _KNOWN.items() for domain in domains.split()}
_BY_EXCHANGE = {
    "google.com": _GOOGLE,
    "googlemail.com": _GOOGLE,
    "outlook.com": _MICROSOFT,
    "mx.microsoft": _MICROSOFT,
    "messagingengine.com": _FASTMAIL,
    "icloud.com": _APPLE,
    "protonmail.ch": _PROTON,
    "zoho.com": _ZOHO,
    "yandex.net": _YANDEX,
}


def of_domain(domain: str) -> Provider | None:
    """The provider whose own domain it is."""
    return _BY_DOMAIN.get(domain)


def of_exchange(host: str) -> Provider | None:
    """The provider that receives mail at this host, as the MX record of some domain names it."""
    name = host.rstrip(".").lower()
    return next(
        (one for end, one in _BY_EXCHANGE.items() if name == end or name.endswith(f".{end}")),
        None,
    )
