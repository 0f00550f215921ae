"""How each language asks openly, asks for a yes or a no, and leaves a way to say no: in the plain form that rules see."""

from __future__ import annotations

import re
from dataclasses import dataclass

from recipflow.rules.days import ENGLISH


@dataclass(frozen=True, slots=True)
class Manner:
    """The phrases of one language."""

    open: re.Pattern[str]  #: whatever is answered, it takes more than a line
    closed: re.Pattern[str]  #: a yes or a no does, or one of two things
    way_out: re.Pattern[str]


def _manner(*, open_: str, begins: str, either: str, or_: str, way_out: str) -> Manner:
    """`begins` are the words with which a question opens that a yes, a no or a name answers."""
    return Manner(
        open=re.compile(rf"\b(?:{open_})"),
        closed=re.compile(
            rf"^\W*(?:\w+,? )?\W*(?:{begins}) .*\?$|\b{or_}\b.*\?$|\b(?:{either})\b", re.DOTALL
        ),
        way_out=re.compile(rf"\b(?:{way_out})"),
    )


_ENGLISH = _manner(
    open_=r"(?:what (?:do|would|are|is) (?:you|your)(?: think| thoughts| make)?|any (?:thoughts|ideas|advice|feedback|input)"
    r"|your (?:thoughts|view|take|feedback)|how (?:would|do|did|should|can) (?:you|we|i)|tell me (?:more |all )?about"
    r"|walk me through|pick your brain|let me know what you think|get your (?:thoughts|input|feedback))\b|thoughts\?",
    begins=r"could|can|would|will|do|does|did|are|is|may|might|shall|have|has|which|when|who",
    either=r"yes or no|a yes|either way",
    or_="or",
    way_out=r"no (?:problem|worries|hard feelings|harm|trouble|offen[cs]e|rush|pressure|need)\b"
    r"|(?:feel )?free to (?:say no|decline|pass|ignore)|if (?:not|that's not|it's not|it is not|you can't|you cannot"
    r"|you'd rather|you would rather|now is not|this is not|it's too|it is too|that is one|that is too)"
    r"|only if|(?:say|saying) no"
    r"|(?:entirely|completely|totally|quite|perfectly) (?:fine|ok|okay|understand\w*)|understand if"
    r"|(?:a )?no is (?:fine|an answer|perfectly)|don't feel obliged|no obligation|just say so"
    r"|happy (?:to find|to ask) (?:another|someone)|either way",
)

_GERMAN = _manner(
    open_=r"was (?:denkst|denkt|denken|meinst|meint|meinen|haeltst|haltet|halten|sagst|sagt|sagen) (?:du|ihr|sie)\b"
    r"|wie (?:wuerdest|wuerdet|wuerden|siehst|seht|sehen|sollte?n?|kann ich|koennen wir|machst|macht|machen|gehst|geht ihr)\b"
    r"|(?:deine|eure|ihre) (?:meinung|gedanken|einschaetzung|sicht|rueckmeldung)\b|(?:erzaehlt?|erzaehlen sie) (?:mir|uns)\b"
    r"|(?:irgendwelche |hast du |habt ihr |haben sie )(?:ideen|gedanken|tipps|vorschlaege)\b",
    begins=r"kannst|koennt|koennen|koenntest|koenntet|koennten|wuerdest|wuerdet|wuerden|willst|wollt|wollen|magst|moechtest"
    r"|moechtet|moechten|hast|habt|haben|haettest|haettet|haetten|bist|seid|sind|ist|waere|waerst|waert|waeren|darf|duerfte"
    r"|duerfen|machst|schickst|schickt|schicken|gibst|gibt|geben|geht|ginge|passt|passen|reicht|kommst|kommt|kommen"
    r"|leihst|stellst|welche[rsnm]?|wann|wer|wo",
    either=r"ja oder nein|so oder so",
    or_="oder",
    way_out=r"kein (?:problem|stress|druck|muss|ding|thema)\b|keine (?:eile|sorge|umstaende|verpflichtung)\b|nicht schlimm"
    r"|macht nichts|nur (?:wenn|falls)\b|(?:wenn|falls) (?:es |das |du |ihr |sie )?(?:gerade |jetzt |dir |euch |ihnen |so )*"
    r"(?:nicht|keine|zu (?:viel|knapp|kurzfristig)|lieber)\b"
    r"|(?:sag|sagt|sagen sie) (?:ruhig |einfach |gerne? )*(?:nein|ab)\b|ein nein\b"
    r"|nein (?:ist|waere) |(?:voellig|auch|total|ganz) (?:ok|okay|in ordnung|verstaendlich)\b|verstehe ich\b"
    r"|unverbindlich|so oder so",
)

_PORTUGUESE = _manner(
    open_=r"(?:o )?que (?:achas|acha|acham|pensas|pensa|pensam|te parece|lhe parece|me dizes|me diz)\b"
    r"|como (?:farias|faria|fariam|posso|podemos|devo|devemos|ves|e que)\b"
    r"|(?:tua|sua|vossa) (?:opiniao|visao|perspetiva|perspectiva|ideia)\b|alguma (?:ideia|sugestao|dica)\b"
    r"|(?:fala|conta|fale|conte)(?:-me| me)? (?:mais )?(?:sobre|de|como)\b",
    begins=r"podes|pode|podem|podias|podia|podiam|poderias|poderia|poderiam|consegues|consegue|conseguem|conseguias|conseguia"
    r"|queres|quer|querem|tens|tem|teria|terias|das-me|davas-me|es|e|esta|estas|serve|da para|dava para|posso|podemos"
    r"|sera que|seria possivel|seria|(?:te |se )?importas?(?:-te|-se)?|importava-se|importavas-te|voce|voces|mandas"
    r"|manda|envias|envia|emprestas|gostavas|gostaria|vens|vem|qual|quais|quando|quem|ha|havia",
    either=r"sim ou nao|de qualquer (?:forma|maneira)",
    or_="ou",
    way_out=r"sem (?:problemas?|stress|compromisso|pressa|pressao|obrigacao|crise)\b|se nao\b|(?:so|apenas|somente) se\b"
    r"|nao (?:faz mal|ha problema|tem problema|ha stress|ha crise|ha pressa|te preocupes|se preocupe)\b"
    r"|(?:dizer|diz|diga|dizeres)(?:-me)?(?: que)? nao\b|um nao\b|a vontade\b|tudo bem se\b|na boa\b"
    r"|(?:entendo|compreendo|percebo)\b|se (?:for|ficar) (?:muito|demais|demasiado)\b|se preferires?\b"
    r"|de qualquer (?:forma|maneira)",
)

_SPANISH = _manner(
    open_=r"que (?:opinas|opina|opinan|opinais|piensas|piensa|piensan|te parece|le parece|os parece|crees|cree)\b"
    r"|como (?:lo harias|lo haria|lo ves|lo ve|puedo|podemos|debo|deberia|deberiamos|harias|haria)\b"
    r"|(?:tu|su|vuestra) (?:opinion|vision|punto de vista|parecer)\b|alguna (?:idea|sugerencia|recomendacion)\b"
    r"|(?:cuentame|cuenteme|hablame|hableme) (?:mas|de|sobre|como)\b",
    begins=r"puedes|puede|pueden|podrias|podria|podrian|podeis|podriais|quieres|quiere|quereis|querrias|querria|tienes|tiene"
    r"|teneis|tendrias|tendria|me (?:das|da|mandas|manda|envias|envia|prestas|dejas|deja|puedes|puede|podrias|podria|ayudas)"
    r"|te (?:importa|importaria|va bien|viene bien|apetece)|le (?:importa|importaria|va bien|viene bien)|os importa"
    r"|os va bien|es|esta|estas|seria|sirve|vale|vienes|viene|hay|cual|cuales|cuando|quien",
    either=r"si o no|de todos modos",
    or_="o",
    way_out=r"sin (?:problemas?|compromiso|prisas?|presion|obligacion|agobios?)\b|si no\b|solo si\b"
    r"|no (?:pasa nada|hay problema|te preocupes|se preocupe|importa|hay prisa)\b"
    r"|(?:decir|dime|digame|di)(?:me)?(?: que)? no\b|un no\b"
    r"|con (?:toda )?(?:confianza|libertad)\b|(?:lo )?(?:entiendo|entendere|entenderia|comprendo)\b"
    r"|si (?:te |le |os )?es (?:mucho|demasiado)\b|si prefier(?:es|e)\b|tranquil[oa]\b|de todos modos",
)

MANNERS = {ENGLISH: _ENGLISH, "de": _GERMAN, "pt": _PORTUGUESE, "es": _SPANISH}
"""By language."""
