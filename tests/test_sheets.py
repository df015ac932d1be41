"""What is special to sheets of rlhf: their words, their gaps, and the published edition."""

from collections import Counter
from dataclasses import replace

import plain_rlhf as plain
import pytest
from samples import LEVELS, MANY, keys, many_keys, sheets, values

from worksheets.sheet import make

PUBLISHED = {
    "loser_reward": "3",
    "winner_reward": "5",
    "gap": "2",
    "prediction": "0.9",
    "gap_gradient": "-0.1",
    "sampled_reward": "3",
    "loss": "-3",
    "reward_gradient": "-1",
}


def number(key: plain.Key, name: str) -> str:
    ((value,),) = values(key, "answer")[name]
    return value


@LEVELS
def test_gaps_vary(level: int) -> None:
    gaps = Counter(number(key, "gap") for key in many_keys(level, "free"))
    allowed = {"-2", "-1", "0", "1", "2"} if level == 1 else {"0", "2"}
    assert set(gaps) <= allowed
    assert len(gaps) >= 2
    assert max(gaps.values()) < 0.8 * MANY


@pytest.mark.parametrize("edition", ["free", "published"])
def test_the_value_carries_over_to_some_second_subjects_and_not_to_all(edition: str) -> None:
    verdicts = Counter(number(key, "generalised") for key in many_keys(3, edition))
    assert set(verdicts) == {"yes", "no"}
    assert min(verdicts.values()) >= MANY / 20


@pytest.mark.parametrize("level", [2, 3])
def test_probabilities_vary(level: int) -> None:
    highest = {max(values(key, "answer")["probabilities"])[0] for key in many_keys(level, "free")}
    assert highest == {"0.7", "0.9"}


@LEVELS
def test_every_word_stands_in_every_place_of_the_vocabulary(level: int) -> None:
    places = {role: set() for role in ("subject", "link", "losing", "winning", "prompt")}
    for key in many_keys(level, "free"):
        words = key["words"]
        said = [*words["loser"], words["winner"][2], words["prompt"][1]]
        for role, word in zip(places, said, strict=True):
            places[role].add(words["vocabulary"].index(word))
    assert all(place == set(range(5)) for place in places.values())


@LEVELS
def test_the_published_edition_has_the_originals_words_and_rewards(level: int) -> None:
    for key in keys(level, "published"):
        assert key["words"] == {
            "vocabulary": ["doc", "CEO", "is", "him", "them"],
            "loser": ["doc", "is", "him"],
            "winner": ["doc", "is", "them"],
            "prompt": ["[S]", "CEO", "is"],
        }
        assert values(key, "given")["preference"] == [["him", "them"]]
        assert {name: number(key, name) for name in PUBLISHED} == PUBLISHED
        assert values(key, "answer")["next_words"] == [["CEO", "is", "him"]]
        if level > 1:
            assert values(key, "answer")["aligned_words"] == [["CEO", "is", "them"]]


@LEVELS
def test_another_theme_changes_the_words_alone(level: int) -> None:
    def indices(key: plain.Key) -> list[list[list[int | str]]]:
        names = ["[S]", *key["words"]["vocabulary"]]
        return [
            [[names.index(cell) if cell in names else cell for cell in row] for row in cells]
            for role in ("given", "answer")
            for cells in values(key, role).values()
        ]

    some = [replace(sheet.identity, theme="P") for sheet in sheets(level, "free")[:20]]
    for pirate, drawn in zip(make(some), keys(level, "free"), strict=False):
        assert pirate.key()["theme"] == "pirate"
        assert indices(pirate.key()) == indices(drawn)
