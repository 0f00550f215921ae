"""Mail providers: where people have mailboxes without working there."""

from __future__ import annotations


def domain_of(address: str) -> str:
    """What stands after the @."""
    return address.rpartition("@")[2]


_PROVIDERS = """
gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk live.com msn.com yahoo.com ymail.com aol.com icloud.com
me.com mac.com gmx.de gmx.net gmx.com web.de t-online.de proton.me protonmail.com pm.me fastmail.com zoho.com mail.com
orange.fr free.fr laposte.net wanadoo.fr libero.it btinternet.com sapo.pt qq.com 163.com mail.ru yandex.ru
"""
PROVIDERS = frozenset(_PROVIDERS.split())
"""Where people have mailboxes without working there."""
