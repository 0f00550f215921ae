"""New text of plain bodies, client by client. All mail here is invented."""

from __future__ import annotations

import pytest

from recipflow.model import Form
from recipflow.text import NewText, new_text

ATTRIBUTIONS = {
    "gmail": "On Tue, Nov 18, 2025 at 2:33 PM Ada Quill <ada@quill.example> wrote:",
    "gmail wrapped": "On Tue, 18 Nov 2025 at 14:33, Ada Adelaide Quillington <ada.quillington@quill.example>\nwrote:",
    "gmail wrapped before the address": "On Sun, Feb 20, 2011 at 7:42 AM, Prof Ada Quill\n<ada at quill.example> wrote:",
    "apple": "On 18 Nov 2025, at 14:33, Ada Quill <ada@quill.example> wrote:",
    "thunderbird": "On 18/11/2025 14:33, Ada Quill wrote:",
    "proton": "On Tuesday, November 18th, 2025 at 14:33, Ada Quill <ada@quill.example> wrote:",
    "bare name": "Ada Quill wrote:",
    "german": "Am 18.11.25 um 14:33 schrieb Ada Quill:",
    "german, name first": "Ada Quill schrieb am 18.11.2025 14:33:",
    "french": "Le mar. 18 nov. 2025 à 14:33, Ada Quill <ada@quill.example> a écrit :",
    "spanish": "El mar, 18 nov 2025 a las 14:33, Ada Quill (<ada@quill.example>) escribió:",
    "portuguese": "Ada Quill <ada@quill.example> escreveu (terça, 18/11/2025 à(s) 14:33):",
    "portuguese wrapped": "Ada Quill <ada.quill.longer@quill.example> escreveu (terça,\n18/11/2025 à(s) 14:33):",
    "italian": "Il giorno mar 18 nov 2025 alle ore 14:33 Ada Quill <ada@quill.example> ha scritto:",
    "dutch": "Op di 18 nov 2025 om 14:33 schreef Ada Quill <ada@quill.example>:",
    "swedish": "Den tis 18 nov. 2025 kl 14:33 skrev Ada Quill <ada@quill.example>:",
    "danish": "Den tir. 18. nov. 2025 kl. 14.33 skrev Ada Quill <ada@quill.example>:",
    "norwegian": "tir. 18. nov. 2025 kl. 14:33 skrev Ada Quill <ada@quill.example>:",
    "finnish": "ti 18. marrask. 2025 klo 14.33 Ada Quill (ada@quill.example) kirjoitti:",
    "polish": "wt., 18 lis 2025 o 14:33 Ada Quill <ada@quill.example> napisał(a):",
}

HEADERS = {
    "english": "From: Ada Quill <ada@quill.example>\nSent: Tuesday, November 18, 2025 2:33 PM\nTo: Bo\nSubject: Oars",
    "bold": "*From:* Ada Quill <ada@quill.example>\n*Sent:* Tuesday\n*To:* Bo\n*Subject:* Oars",
    "ruled": "________________________________\nFrom: Ada <a@q.example>\nSent: Tuesday 14:33\nTo: Bo\nSubject: Oars",
    "german": "Von: Ada Quill <ada@quill.example>\nGesendet: Dienstag, 18. November 2025 14:33\nAn: Bo\nBetreff: Ruder",
    "french": "De : Ada Quill <ada@quill.example>\nEnvoyé : mardi 18 novembre 2025 14:33\nÀ : Bo\nObjet : Rames",
    "spanish": "De: Ada Quill\nEnviado el: martes, 18 de noviembre de 2025 14:33\nPara: Bo\nAsunto: Remos",
    "portuguese": "De: Ada Quill\nEnviado: terça-feira, 18 de novembro de 2025 14:33\nPara: Bo\nAssunto: Remos",
    "italian": "Da: Ada Quill\nInviato: martedì 18 novembre 2025 14:33\nA: Bo\nOggetto: Remi",
    "dutch": "Van: Ada Quill\nVerzonden: dinsdag 18 november 2025 14:33\nAan: Bo\nOnderwerp: Riemen",
    "swedish": "Från: Ada Quill\nSkickat: den 18 november 2025 14:33\nTill: Bo\nÄmne: Åror",
    "danish": "Fra: Ada Quill\nSendt: 18. november 2025 14:33\nTil: Bo\nEmne: Årer",
    "finnish": "Lähettäjä: Ada Quill\nLähetetty: tiistai 18. marraskuuta 2025 14.33\nVastaanottaja: Bo\nAihe: Airot",
    "polish": "Od: Ada Quill\nWysłano: wtorek, 18 listopada 2025 14:33\nDo: Bo\nTemat: Wiosła",
    "original message": "-----Original Message-----\nFrom: Ada Quill\nSent: Tuesday\nTo: Bo\nSubject: Oars",
    "ursprüngliche nachricht": "-----Ursprüngliche Nachricht-----\nVon: Ada\nAn: Bo",
    "a language nobody taught us": "----- ???? -----\n???: Ada <ada@quill.example>\n??: Bo\n???: 18.11. 14:33\n??: Oars",
    "lotus": "Ada Quill@QUILL\n12/13/99 07:15 PM\nTo: Bo Tarn/HOU/TARN@TARN\ncc:  \nSubject: Oars",
    "lotus on one line": "Ada Quill/HOU/QUILL on 05/08/2001 04:49 PM\nTo: Bo Tarn/HOU@TARN\ncc:  \nSubject: Oars",
    "lotus letterhead": "\tQuill Corp.\n\t\n\tFrom:  Ada Quill @ QUILL         03/07/2001 02:35 PM\n\t\n\nTo: Bo,\nCy@Q\ncc:",
    "lotus in a table": "|--------+------------------------->\n|        |          Ada Quill|\n|        |          <ada@|\n"
    "|        |          AM       |\n|--------+------------------------->\n  >-------|\n  | To: Bo |\n  >-------|",
    "lotus in a single line": "\tAda.Quill@quill.example   11/26/2001 01:51 PM  \t  To:  Bo/HOU@T   cc:    Subject:  Oars ",
    "lotus without sender": "To: Bo Tarn/HOU/TARN@TARN\ncc:  \nSubject: Oars",
}

SIGNATURES = {
    "delimited": "-- \nBo Tarn\nOars and more\nhttps://tarn.example",
    "delimited without space": "--\nBo Tarn",
    "name and title": "Bo Tarn\nHead of Oars | Tarn, Inc.\n200 Long Wharf\nC: (555) 010-0142",
    "name and place": "Bo Tarn\nTarn Boats, Hull",
    "one line": "Bo Tarn | Tarn Boats",
    "company below": "Bo Tarn\nVertrieb\n\nTarn & Sohn GmbH\nSpeicherstr. 9, 20457 Hamburg",
    "phone": "Sent from my iPhone",
    "phone in portuguese": "Enviado do meu iPhone",
    "phone in german": "Von meinem iPhone gesendet",
    "outlook app": "Get Outlook for iOS",
    "disclaimer": "This e-mail and any attachments may contain confidential information intended solely for the addressee.",
    "disclaimer in german": "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, "
    "informieren Sie bitte sofort den Absender.",
    "disclaimer in french": "Ce message et toutes les pièces jointes sont confidentiels et établis à l'intention exclusive "
    "de ses destinataires.",
    "disclaimer in spanish": "Este mensaje va dirigido, de manera exclusiva, a su destinatario y contiene información "
    "confidencial.",
    "signature and disclaimer": "Bo Tarn\nSolicitor | Tarn Law\n\nCONFIDENTIALITY: this email is intended for the named "
    "recipient only.",
    "list footer": "_______________________________________________\nRowers mailing list\nrowers@lists.example\n"
    "https://lists.example/listinfo/rowers",
}


def text_of(body: str, form: Form = Form.PLAIN) -> str:
    return new_text(body, form).text


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_an_attribution_and_its_quote_are_cut(attribution: str) -> None:
    found = new_text(f"Yes, take both.\n\n{attribution}\n\n> May I have an oar?\n>\n> Ada\n", Form.PLAIN)
    assert found == NewText(text="Yes, take both.", quoted=True)


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_an_answer_below_its_quote_is_kept(attribution: str) -> None:
    assert text_of(f"{attribution}\n> May I have an oar?\n\nYes, take both.\n") == "\nYes, take both.".strip()


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_header_block_and_all_below_it_are_cut(header: str) -> None:
    found = new_text(f"Yes, take both.\n\n\n{header}\n\nMay I have an oar?\n\nThe long one?\n", Form.PLAIN)
    assert found == NewText(text="Yes, take both.", quoted=True)


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_is_cut(signature: str) -> None:
    assert text_of(f"Yes, take both of them.\n\n{signature}\n") == "Yes, take both of them."


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
def test_a_name_typed_by_hand_above_a_signature_stays(signature: str) -> None:
    found = new_text(f"Yes, take both of them.\n\nBo\n\n{signature}\n", Form.PLAIN)
    assert (found.text, found.signoff) == ("Yes, take both of them.\n\nBo", "Bo")


@pytest.mark.parametrize(
    "announcement",
    [
        "---------- Forwarded message ---------\nFrom: Ada <ada@quill.example>\nDate: Wed\nSubject: Oars\nTo: <bo@x.example>",
        "Begin forwarded message:\n\nFrom: Ada",
        "---------------------- Forwarded by Ada Quill/HOU/QUILL on 09/27/2000 08:31 AM \n---------------------------",
        "-------- Weitergeleitete Nachricht --------\nBetreff: Ruder",
        "-------- Forwarded Message --------\nSubject: Oars",
        "Anfang der weitergeleiteten Nachricht:\n\nVon: Ada",
    ],
)
def test_a_forwarded_message_is_cut(announcement: str) -> None:
    found = new_text(f"Smells like you, no?\n\n{announcement}\n\nAn oar for sale.\n", Form.PLAIN)
    assert found == NewText(text="Smells like you, no?", quoted=True, forwarded=True)


def test_words_between_quotes_are_kept() -> None:
    body = (
        "On 18/11/2025 14:33, Ada wrote:\n> Which oar?\n\nThe long one.\n\n> And when?\n\nToday.\n\n-- \nBo\n"
    )
    assert text_of(body) == "The long one.\n\nToday."


def test_words_below_a_signature_and_its_quote_are_kept() -> None:
    body = "Hello.\n-- \nBo\n\nAda wrote:\n> Which oar?\n\nThe long one.\n"
    assert text_of(body) == "Hello.\n\nThe long one."


def test_indented_and_barred_quotes_are_cut() -> None:
    assert text_of("Ada writes:\n  > Which oar?\n  > This?\nYes.") == "Yes."
    assert text_of("On 5 March 2010 at 13:15, Ada wrote:\n| Which oar?\n| This?\n\nYes.") == "Yes."


def test_quotes_marked_with_initials_are_cut() -> None:
    body = '>>>>> "AQ" == Ada Quill <ada@quill.example>\n>>>>> on Tue writes:\n\n  AQ> Which oar?\n  AQ> This?\n\nYes.\n'
    assert text_of(body) == "Yes."


def test_a_table_is_no_quote() -> None:
    assert text_of("| oar | 2 |\n| boat | 1 |") == "| oar | 2 |\n| boat | 1 |"


def test_the_broken_end_of_a_quoted_line_is_cut() -> None:
    quoted = (
        "> I would like to know which of the two oars you would rather keep for\nyourself then\n> and why."
    )
    assert text_of(f"On 18/11/2025, Ada wrote:\n{quoted}\n\nThe long one.") == "The long one."


def test_a_line_that_an_old_mailbox_escaped_is_no_quote() -> None:
    assert text_of("Two things.\n>From Monday on I row.\n") == "Two things.\nFrom Monday on I row."


def test_a_disclaimer_takes_along_what_stands_below_it() -> None:
    body = "Yes.\n\nThis message is confidential.\n\nViews are my own.\n\nTarn Ltd, 1 Quay.\n"
    assert text_of(body) == "Yes."


def test_a_gateways_warning_is_cut() -> None:
    assert (
        text_of("CAUTION: This email originated from outside the firm.\n\nMay I have an oar?")
        == "May I have an oar?"
    )


@pytest.mark.parametrize(
    "body",
    [
        "Could you send the list to Ada?\nFrom: Hull\nI leave at nine.",
        "Here is what she wrote: nothing.",
        "Two questions:\n\nWhich oar?",
        "As promised, the numbers:\n- 3 oars\n- 1 boat",
        "Ada Quill, still looking since June. Could you have a look?",
        "Margot, Noor. Noor, Margot.\n\nMargot, this is the rower I told you about; I'll get out of the way.",
        "Can we meet on 12 May?\nI am free.",
        "The report is confidential, please keep it so.",
        "I'll call the bank.\n\nP.S. Bring the oar.",
        "Thanks!",
    ],
)
def test_plain_words_stay_as_they_are(body: str) -> None:
    assert text_of(body) == body


@pytest.mark.parametrize(
    ("ending", "signoff"),
    [
        ("Best,\nBo", "Bo"),
        ("Bo Tarn", "Bo Tarn"),
        ("Herzlich\nBo Tarn", "Bo Tarn"),
        ("Beijinho,\nBo", "Bo"),
        ("B.", "B."),
        ("--Bo", ""),
        ("Come at nine.", ""),
    ],
)
def test_the_name_that_closes_a_text_is_told(ending: str, signoff: str) -> None:
    found = new_text(f"Take both of them.\n\n{ending}\n", Form.PLAIN)
    assert found.text == f"Take both of them.\n\n{ending}"
    assert found.signoff == (signoff or found.signoff)


def test_residue_of_quoted_printable_is_decoded() -> None:
    assert text_of("If you have room, please sign me up.  I was unsu=\nre=20\nuntil now.\n") == (
        "If you have room, please sign me up.  I was unsure\nuntil now."
    )
    assert text_of("x =\n3") == "x =\n3"


def test_flowed_lines_are_joined_and_flowed_quotes_cut() -> None:
    body = "On 18/11/2025, Ada wrote:\n> Which \n> oar?\n\nThe long \none, \nplease.\n\n-- \nBo\n"
    assert text_of(body, Form.FLOWED) == "The long one, please."


def test_the_space_of_a_soft_break_is_dropped_where_the_mailer_says_so() -> None:
    assert text_of("Ruder \nboot\n", Form.FLOWED_DELSP) == "Ruderboot"


def test_a_stuffed_line_loses_its_space() -> None:
    assert text_of(" >not a quote\n From me\n", Form.FLOWED) != ""
    assert text_of(" From me\n", Form.FLOWED) == "From me"


def test_line_ends_of_every_system_are_understood() -> None:
    assert text_of("Yes.\r\n\r\nAda wrote:\r\n> Oar?\r\n") == "Yes."
    assert text_of("Yes.\r\rAda wrote:\r> Oar?\r") == "Yes."
