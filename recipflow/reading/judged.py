"""Acts out of what the judge makes of a message; the rules on its sentences say what kind they are, and how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from recipflow.model import ActType, Flag, Kind
from recipflow.reading.deeds import (
    MOST_OF,
    OUTRIGHT,
    PLAIN_KINDS,
    Deed,
    Grounds,
    apart,
    deed_of,
    deeds_of,
    groups_of,
    surest,
)
from recipflow.reading.judge import Judge, Judgement, sigmoid
from recipflow.rules.letter import Part
from recipflow.rules.rulebook import Hit

UNHEARD_OF = {ActType.THANKS: 0.5}
"""Certainty of the judge below which a rule's words are held to mean something else: of such thanks, most were none."""

SELDOM = 0.2
"""The same of other acts."""

SETTLES = {ActType.REFUSAL: 0.5}
"""Certainty of the judge below which an act is asked about before it counts: of refusals held to be likelier than not, four
in five are refusals, and a wrong one holds the user back from asking."""

LARGE_BY_RULE = 0.25
"""What a rule's certainty that an ask is large counts beside the judge's, which ranks the asks of three mailboxes that it had
not learned from better than rules do (average precision .69, both as it was before .62)."""

LARGE, LARGE_SIZE = 0.4, 3.0
"""Certainty of the judge from which an ask is large that no rule holds to be, and its fu (large is above 2): of 73 such asks
in three mailboxes that it had not learned from 51 were. That it doubts a rule's word says less."""

LIKELY = 0.7
"""Certainty of a rule from which its sentence decided, when the judge finds the act in the message at all."""

DENIED, BY_RULE = 0.1, 0.4
"""Certainty of the judge below which a favour is none though a rule says so, and that of one which it does not deny: of 63
denied ones six were favours, of 25 between .1 and .2 twelve. Introductions are plain from the words alone, and not denied."""

PLAINLY = 0.5
"""Certainty of the judge from which a favour to remember need not speak of whom it was for. Counted once, with a judge before
this one, at .75: of twenty below it that did not, five were favours; of those that did, half."""

WORTH = 5.0
"""fu of a favour to remember whose size no rule tells: what the fictional mailboxes hold theirs to be worth, on average."""


def by_judgement(
    judge: Judge, judgement: Judgement, hits: Iterable[Hit], silent: frozenset[int], parts: Sequence[Part]
) -> list[Deed]:
    """The acts the judge holds to be there, on the sentences that decided; the rules there say what kind they are.

    The strongest sentence stands for its act; where rules stand on sentences that speak for it as well, those do. Rules the
    judge was not trained beside speak for themselves, and nothing stands on a `silent` sentence. A grant is the rules' alone.
    """
    told, remarks = apart(hits)
    groups = groups_of(told)
    deeds: list[Deed] = []
    for act in (ActType.GIVE, ActType.ASK, ActType.THANKS, ActType.PROMISE, ActType.REFUSAL):
        on = groups.get(act, {})
        found = _judged(judge, judgement, act, on, silent)
        if act is ActType.ASK:
            found = _sized(found, judgement.certainty["large"])
        deeds += _remembered(judge, judgement, found, on, silent, parts) if act is ActType.GIVE else found
    grants = groups.get(ActType.GRANT, {})
    deeds += surest([deed for deed in deeds_of(grants) if deed.counts], 1)
    told_of = _to_meet(judge, judgement, deeds, grants, silent)
    return [*sorted(told_of, key=lambda deed: deed.at), *remarks]


def _judged(
    judge: Judge, judgement: Judgement, act: ActType, on: Grounds, silent: frozenset[int]
) -> list[Deed]:
    scores, most = judgement.sentences[act], MOST_OF.get(act, 1)
    own = [
        _worth(judge, judgement, group, deed)
        for at, group in on.items()
        if at not in silent and (deed := _unknown(judge, group))
    ]
    certainty = judgement.certainty[act]
    if certainty < judge.yes[act]:
        return own or surest(_outright(judge, judgement, on, silent), most)
    ruled = {
        at: _worth(judge, judgement, group, deed) for at, group in on.items() if (deed := deed_of(group))
    }
    taken = {deed.at for deed in own}
    far_down = surest(_far_down(ruled.values(), len(scores), silent | taken), most)
    own, most = own + far_down, most - len(far_down)
    ranked = sorted({*range(len(scores))} - silent, key=lambda at: (-scores[at], at))
    if not ranked or not most:
        return own
    grounded = [at for at in ranked if at in ruled and (scores[at] >= 0 or ruled[at].certainty >= LIKELY)]
    # what one would remember is not lost behind small talk
    grounded.sort(key=lambda at: not ruled[at].notable)
    chosen = grounded[:most] or _strongest(scores, ranked[0], silent)
    if not chosen:
        return own
    best = sigmoid(max(scores[at] for at in chosen))
    found = [
        _with_judgement(
            ruled.get(at) or _plain(act, at, on.get(at, ())),
            judgement,
            certainty * sigmoid(scores[at]) / best,
        )
        for at in sorted(chosen)
        if at not in taken
    ]
    return own + found


def _strongest(scores: Sequence[float], heard: int, silent: frozenset[int]) -> list[int]:
    """The strongest sentence `heard`; none where it was a silent one that spoke for the act, and this speaks against it."""
    led = max(range(len(scores)), key=scores.__getitem__)
    return [] if led in silent and scores[heard] < 0 else [heard]


def _remembered(
    judge: Judge,
    judgement: Judgement,
    gives: list[Deed],
    on: Grounds,
    silent: frozenset[int],
    parts: Sequence[Part],
) -> list[Deed]:
    """The gives, and the one that the judge holds to be one to remember, where no rule holds any to be.

    Trouble of which is not said that it was for the reader is a story, unless it is plainly one.
    """
    certainty = judgement.certainty["notable"]
    if certainty < judge.yes["notable"] or any(deed.notable for deed in gives):
        return gives
    scores = judgement.sentences["notable"]
    at = max((at for at in range(len(scores)) if at not in silent), key=lambda at: scores[at], default=-1)
    if at < 0 or (certainty < PLAINLY and not judge.vocabulary.speaks_of_reader(parts[at])):
        return gives
    told = next((deed for deed in gives if deed.at == at), None) or deed_of(on.get(at, []))
    plain = told or Deed(act=ActType.GIVE, at=at, rule="judge.notable", kind=Kind.HELP, certainty=0.0)
    worth = plain._replace(
        notable=True,
        routine=False,
        size=max(plain.size or 0.0, WORTH),
        certainty=round(max(plain.certainty, certainty), 3),
        notable_certainty=round(certainty, 3),
    )
    return [*(deed for deed in gives if deed.at != at), worth]


def _outright(judge: Judge, judgement: Judgement, on: Grounds, silent: frozenset[int]) -> list[Deed]:
    """What rules say in as many words stands where the judge has its doubts, and so does a favour one would remember."""
    told = [(group, deed_of(group)) for at, group in on.items() if at not in silent]
    return [
        _with_judgement(_worth(judge, judgement, group, deed), judgement, 0.0)
        for group, deed in told
        if deed and (deed.notable or _in_as_many_words(deed, judgement))
    ]


def _worth(judge: Judge, judgement: Judgement, group: Sequence[Hit], deed: Deed) -> Deed:
    """What rules hold to be a favour to remember is one as far as the judge agrees, if it knows what their word is worth."""
    if not deed.notable or not judge.favours.issuperset(hit.rule.id for hit in group if hit.rule.favour):
        return deed
    certainty, unheard = judgement.certainty["notable"], deed.at >= len(judgement.sentences[ActType.GIVE])
    if certainty >= DENIED or deed.kind is Kind.INTRO or unheard:
        certainty = max(certainty, BY_RULE)
    return deed._replace(notable=certainty >= judge.yes["notable"], notable_certainty=round(certainty, 3))


def _in_as_many_words(deed: Deed, judgement: Judgement) -> bool:
    return deed.certainty >= OUTRIGHT and judgement.certainty[deed.act] >= UNHEARD_OF.get(deed.act, SELDOM)


def _with_judgement(deed: Deed, judgement: Judgement, certainty: float) -> Deed:
    """The judge and a rule on one sentence agree: the surer of them speaks."""
    large = judgement.certainty["large"]
    large += LARGE_BY_RULE * (deed.large_certainty - large)
    notable = judgement.certainty["notable"]
    return deed._replace(
        certainty=round(max(certainty, deed.certainty), 3),
        large_certainty=round(large, 3) if deed.act is ActType.ASK else 0.0,
        notable_certainty=round(max(notable, deed.notable_certainty), 3) if deed.act is ActType.GIVE else 0.0,
        counts=deed.counts and judgement.certainty[deed.act] >= SETTLES.get(deed.act, 0.0),
    )


def _sized(asks: list[Deed], large: float) -> list[Deed]:
    """The asks, the largest of them large where the judge holds that the message asks much and no rule says of what."""
    most = max(asks, key=lambda ask: ask.size or 0.0, default=None)
    if most is None or large < LARGE or (most.size or 0.0) > LARGE_SIZE:
        return asks
    return [ask._replace(size=LARGE_SIZE) if ask is most else ask for ask in asks]


def _plain(act: ActType, at: int, hits: Iterable[Hit] = ()) -> Deed:
    """A deed that only the words speak for; rules that sharpen say what it waits for."""
    flags = frozenset[Flag]().union(*(hit.rule.flags for hit in hits if hit.rule.refines))
    give = act is ActType.GIVE
    kind = None if act is ActType.THANKS else Kind.INFO if give else Kind.HELP
    return Deed(act=act, at=at, rule=f"judge.{act}", kind=kind, routine=give, flags=flags, certainty=0.0)


def _to_meet(
    judge: Judge,
    judgement: Judgement,
    deeds: list[Deed],
    grants: Grounds,
    silent: frozenset[int],
) -> list[Deed]:
    """Whether the deeds are about meeting; where none is and the message is, a deed that says so and counts for nothing."""
    certainty = judgement.certainty["meeting"]
    if certainty < judge.yes["meeting"]:
        return [deed._replace(kind=Kind.HELP) if deed.kind is Kind.MEETING else deed for deed in deeds]
    scores = judgement.sentences["meeting"]
    at = max((at for at in range(len(scores)) if at not in silent), key=lambda at: scores[at], default=-1)
    deeds = [
        deed._replace(kind=Kind.MEETING) if deed.at == at and deed.kind in PLAIN_KINDS else deed
        for deed in deeds
    ]
    if at < 0 or any(deed.kind is Kind.MEETING for deed in deeds):
        return deeds
    rules = [hit.rule.id for hit in grants.get(at, ()) if not hit.rule.refines]
    found = Deed(
        act=ActType.GRANT,
        at=at,
        rule=rules[0] if rules else "judge.meeting",
        kind=Kind.MEETING,
        certainty=round(certainty, 3),
        counts=False,
    )
    return [*deeds, found]


def _far_down(ruled: Iterable[Deed], weighed: int, taken: frozenset[int]) -> list[Deed]:
    """Favours that rules find behind the sentences that are weighed: presents come last in a letter."""
    return [deed for deed in ruled if deed.notable and deed.at >= weighed and deed.at not in taken]


def _unknown(judge: Judge, group: list[Hit]) -> Deed | None:
    """What rules of the user's own say."""
    if judge.rules.issuperset([hit.rule.id for hit in group]):
        return None
    return deed_of([hit for hit in group if hit.rule.id not in judge.rules or hit.rule.refines])
