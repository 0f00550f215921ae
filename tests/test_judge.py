"""The second reader: what it adds to the rules, what it leaves to them, and what its file may not hold."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recipflow import assembly
from recipflow.model import Act, ActType, Kind, Message, Party
from recipflow.packs import read_json, read_toml
from recipflow.reading import Reader
from recipflow.reading.features import Vocabulary, spelt, unspelt
from recipflow.reading.judge import ACTS, FINDINGS, gather
from recipflow.rules.letter import letter
from recipflow.rules.loading import load
from recipflow.rules.patterns import plain

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
JUDGES = ROOT / "rules" / "recipflow_rules" / "judge"
WEIGHTS = ("en.json", "glossed.json")
ME = frozenset({"noor@example.org"})
READER = assembly.reader()

FIRST_NAMES = """james john robert michael david richard joseph thomas charles mary patricia jennifer linda elizabeth susan
jessica sarah karen nancy lisa sandra ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca
laura sharon cynthia kathleen amy angela shirley anna brenda pamela nicole samantha katherine kevin brian george edward ronald
timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory
raymond patrick alexander jack dennis jerry sally kim chris mike steve dave daren susan greg jeff phillip hans klaus peter
wolfgang jürgen petra sabine monika joão josé pedro paulo rui inês rafael carlos lucía javier marta pilar joaquín"""


def _mail(text: str, *, reply: bool = True) -> Message:
    return Message(
        id="1",
        at=datetime(2026, 3, 11, 12, tzinfo=UTC),
        sender=Party("noor@example.org", "Noor Haddad"),
        to=(Party("dana@example.org", "Dana Ruiz"),),
        subject="Re: the fair" if reply else "The fair",
        text=text,
    )


def _acts(text: str, reader: Reader = READER) -> dict[ActType, Act]:
    return {act.act: act for act in reader.read(_mail(text), ME).acts}


def test_an_act_comes_with_the_sentence_that_decided() -> None:
    text = "The fair was loud and rather long.\n\nCan you send me the list of the exhibitors?"
    ask = _acts(text)[ActType.ASK]
    assert ask.quote == "Can you send me the list of the exhibitors?"
    assert text[ask.position :].startswith(ask.quote)


def test_what_only_small_words_tell_is_read_and_says_so() -> None:
    """No rule knows this wording; the judge does, and names itself as the reason."""
    text = "Please reserve a spot for me at the luncheon."
    assert ActType.ASK not in _acts(text, Reader(assembly.packs()))
    assert _acts(text)[ActType.ASK].rule == "judge.ask"
    assert set(read_toml("judge/en.toml")["because"]) == {*ACTS, "introduction"}


def test_every_ask_says_how_surely_it_is_large_and_every_give_how_surely_notable() -> None:
    acts = _acts(
        "Here are the minutes of Tuesday.\n\nCould you review the draft and write the second chapter?"
    )
    assert 0 < acts[ActType.ASK].large_confidence < 1
    give = _acts("Here are the minutes of Tuesday.")[ActType.GIVE]
    assert 0 < give.notable_confidence < 1


def test_a_rule_of_the_users_own_speaks_for_itself() -> None:
    rule = {
        "id": "eggs", "act": "give", "kind": "gift", "size": 1.0, "confidence": 0.95, "because": "you gave eggs",
        "text": [r"\beggs\b"], "matches": ["eggs"], "not": ["hens"],
    }  # fmt: skip
    reader = Reader(
        (*assembly.packs(), *load({"own": {"language": "en", "rule": [rule]}})), assembly.judges()
    )
    give = _acts("Eggs for you.", reader)[ActType.GIVE]
    assert (give.rule, give.confidence) == ("eggs", 0.95)


def test_what_a_rule_holds_to_be_a_favour_is_one_as_far_as_the_judge_agrees() -> None:
    text = "The tickets for the match go on sale around next Wednesday."
    assert _acts(text, Reader(assembly.packs()))[ActType.GIVE].notable
    assert not any(act.notable for act in _acts(text).values())
    meant = _acts("I bought you two tickets for the match, they are in your pigeonhole. My treat.")[
        ActType.GIVE
    ]
    assert meant.notable
    assert meant.notable_confidence > 0.5


def test_a_rule_of_the_users_own_says_what_is_a_favour() -> None:
    rule = {
        "id": "eggs", "act": "give", "kind": "gift", "notable": True, "confidence": 0.95, "because": "you gave eggs",
        "text": [r"\beggs\b"], "matches": ["eggs"], "not": ["hens"],
    }  # fmt: skip
    own = load({"own": {"language": "en", "rule": [rule]}})
    give = _acts("Eggs for you.", Reader((*assembly.packs(), *own), assembly.judges()))[ActType.GIVE]
    assert (give.notable, give.notable_confidence) == (True, 0.95)


def test_a_favour_of_ours_beside_a_rule_of_the_users_own_is_weighed_all_the_same() -> None:
    rule = {
        "id": "notes", "act": "give", "confidence": 0.9, "because": "you wrote notes",
        "text": [r"the weekly notes"], "matches": ["the weekly notes"], "not": ["a list"],
    }  # fmt: skip
    own = load({"own": {"language": "en", "rule": [rule]}})
    text = "The weekly notes are late, for I have called the owner."
    give = _acts(text, Reader((*assembly.packs(), *own), assembly.judges()))[ActType.GIVE]
    assert give.notable_confidence < 0.9


def test_a_present_at_the_end_of_a_long_letter_does_not_hide_what_its_beginning_gives() -> None:
    text = f"I introduced you to Maria. {'Is it late? ' * 12}I brought you a jar of honey from the farm."
    gives = {act.kind for act in READER.read(_mail(text), ME).acts if act.act is ActType.GIVE}
    assert gives == {Kind.INTRO, Kind.GIFT}


def test_a_long_letter_gives_two_things_to_remember_at_most() -> None:
    presents = "I brought you a jar of honey from the farm. I bought you two tickets for the match, my treat."
    text = f"I introduced you to Maria. {'Is it late? ' * 12}{presents} I brought you a basket of plums too."
    assert sum(act.act is ActType.GIVE for act in READER.read(_mail(text), ME).acts) == 2


def test_the_judge_does_not_deny_a_favour_behind_the_sentences_it_weighed() -> None:
    favour, question = "The tickets for the match go on sale around next Wednesday.", "Is it late? "
    assert not any(act.notable for act in READER.read(_mail(favour), ME).acts)
    assert any(act.notable for act in READER.read(_mail(question * 12 + favour), ME).acts)


def test_what_a_rule_of_the_users_own_silences_stays_silent() -> None:
    rule = {
        "id": "ritual", "act": "none", "confidence": 1.0, "because": "we always write that",
        "text": [r"list of the exhibitors"], "matches": ["the list of the exhibitors"], "not": ["a list"],
    }  # fmt: skip
    own = load({"own": {"language": "en", "rule": [rule]}})
    reader = Reader((*assembly.packs(), *own), assembly.judges())
    text = "Can you send me the list of the exhibitors?"
    assert ActType.ASK in _acts(text)
    assert ActType.ASK not in _acts(text, reader)


def test_a_language_without_a_judge_is_read_by_its_rules() -> None:
    packs = assembly.packs()
    by_rules = Reader(packs).read(_mail("Could you send me the list?"), ME)
    assert [act.act for act in by_rules.acts] == [ActType.ASK]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Daraus wird am Montag leider nichts, wir haben Inventur.", ActType.REFUSAL),
        ("Separa duas fatias do bolo pra mim, por favor.", ActType.ASK),
        ("Resérvame por favor dos sitios en la primera fila.", ActType.ASK),
    ],
)
def test_other_languages_have_a_judge_that_hears_what_their_rules_do_not(text: str, act: ActType) -> None:
    assert act not in _acts(text, Reader(assembly.packs()))
    assert _acts(text)[act].rule == f"judge.{act}"


@pytest.mark.parametrize(
    "text",
    ["Die Blumen stehen in der Küche.", "As flores estão na cozinha.", "Las flores están en la cocina."],
)
def test_what_only_tells_is_information_at_most_in_any_language(text: str) -> None:
    assert all(act.kind is Kind.INFO and not act.notable for act in _acts(text).values())


def test_a_judge_is_loaded_when_mail_in_its_language_comes() -> None:
    judges = assembly.judges()
    reader = Reader(assembly.packs(), judges)
    reader.read(_mail("Can you send me the list of the exhibitors?"), ME)
    assert judges.loaded == {"en"}
    reader.read(_mail("Kannst du mir bitte die Liste der Aussteller schicken?"), ME)
    assert judges.loaded == {"en", "de"}


@pytest.mark.parametrize("language", assembly.GLOSSED)
def test_a_word_is_put_in_english_in_one_way(language: str) -> None:
    english = read_toml(f"judge/{language}.toml")["english"]
    told = [plain(word) for words in english.values() for word in words.split()]
    assert sorted(told) == sorted(set(told))


def test_the_pronoun_that_hangs_on_a_verb_is_read_apart() -> None:
    words = assembly.words_of_judge("pt")
    part = letter("mando-te", language="pt").parts[0]
    assert {"i", "send", "you"} <= {*Vocabulary(words["classes"], words["spelled"]).of_words(part)}


def test_a_message_without_words_is_no_trouble() -> None:
    assert READER.read(replace(_mail(""), subject="For you"), ME).acts == ()


def test_one_sentence_that_speaks_up_outweighs_many_that_do_not() -> None:
    assert gather([3.0, -4.0, -4.0])[0] == gather([3.0])[0]
    assert gather([3.0, 3.0])[2] > gather([3.0])[2]


def test_many_messages_are_read_as_each_would_be_alone() -> None:
    texts = [
        "Can you send me the list?",
        "",
        "Thanks for the list, it saved my week.",
        "Können wir uns am Montag treffen?",
    ]
    mails = [_mail(text) for text in texts * 60]
    assert READER.read_all([(mail, "") for mail in mails], ME) == [READER.read(mail, ME) for mail in mails]


def test_a_feature_is_found_again_by_how_it_is_written() -> None:
    assert [name for name in _features() if spelt(unspelt(name)) != name] == []


def test_the_judges_are_small_together() -> None:
    assert sum(file.stat().st_size for file in JUDGES.iterdir()) <= 2_000_000


@pytest.mark.parametrize("file", WEIGHTS)
def test_every_row_of_weights_has_its_width(file: str) -> None:
    weights = read_json(f"judge/{file}")
    assert {len(row) for row in weights["sentence"].values()} == {len(ACTS)}
    assert {len(row) for row in weights["message"].values()} == {len(FINDINGS)}
    assert all(len(row) == 4 * len(ACTS) for row in weights["gather"])


def test_the_judge_knows_no_names() -> None:
    names = set(plain(FIRST_NAMES).split())
    assert [feature for feature in _features() if names & _words(feature)] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the development data is not beside the repository")
def test_every_feature_was_seen_with_three_owners_and_holds_no_name_of_theirs() -> None:
    from bench import judge_corpus, judge_glossed

    for file, lessons in zip(WEIGHTS, (judge_corpus.lessons, judge_glossed.lessons), strict=True):
        seen = [lesson.seen for lesson in lessons(SHARED)]
        known = {feature for one in seen for feature in one.message.union(*one.sentences)}
        assert _features(file) - known == {""}


def test_nothing_that_is_installed_needs_what_trains_the_judge() -> None:
    for folder in ("recipflow", "connectors", "rules"):
        for path in (ROOT / folder).rglob("*.py"):
            assert not _imported(path) & {"numpy", "scipy", "sklearn"}, path


def test_the_rules_the_judge_was_trained_beside_are_there() -> None:
    """One of them changed its name: train the judge anew."""
    installed = {rule.id for pack in assembly.packs() for rule in pack.rules}
    assert {rule for file in WEIGHTS for rule in read_json(f"judge/{file}")["rules"]} <= installed


def _features(*files: str) -> set[str]:
    found: set[str] = set()
    for file in files or WEIGHTS:
        weights = read_json(f"judge/{file}")
        found |= {*weights["sentence"], *weights["message"]}
    return found


def _words(feature: str) -> set[str]:
    return {word.lstrip("?") for word in feature.split()}


def _imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}
