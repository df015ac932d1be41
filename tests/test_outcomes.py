"""No word or verdict is known before it is worked out, but for those that a page's story tells."""

from collections import Counter
from functools import cache

import pytest
from every_kind import identity

from worksheets import exercise
from worksheets.engine.evaluate import Evaluation
from worksheets.numbers import numbers
from worksheets.sampling.attempts import Arrays

COUNT = 500  # the same sheets in each run
WORDS = [
    pytest.param(kind, line.name, id=f"{kind} {line.name}")
    for kind, declared in exercise.all_kinds().items()
    for line in exercise.graph(kind, max(declared.LEVELS)).answers
    if line.node.is_word
]
# rlhf's page says what its model says: the prompt's own words, and at last the biased word before
# the update and the preferred one after it. To see that is the exercise.
TOLD = {
    "next_words": ("prompt", "link", "losing"),
    "aligned_words": ("prompt", "link", "winning"),
}
# On a subject that nobody rated, an aligned model hardly ever says the biased word, as the update
# has just made that one the worse of both, nor a subject: whether it says the other one is open.
RARE = {("rlhf", "second_word"): {"losing", "subject"}}


@cache
def sheets(kind: str) -> tuple[Evaluation, Arrays]:
    """Those of the last level, which has all lines, and the words' indices by role."""
    level = max(exercise.find(kind).LEVELS)
    return numbers([identity(kind, level, number) for number in range(COUNT)])


def outcomes(kind: str, name: str) -> list[Counter[str]]:
    """How often each word, by its role, or verdict is a cell's right answer."""
    evaluation, words = sheets(kind)
    line = evaluation.graph.lines[name]
    answers = evaluation[name].reshape(COUNT, -1)
    if line.entries == "verdict":
        return [Counter(map(str, column)) for column in answers.T.tolist()]
    return [
        Counter(
            next(role for role, index in words.items() if index[sheet] == said)
            for sheet, said in enumerate(column)
        )
        for column in answers.T.tolist()
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), WORDS)
def test_each_outcome_is_right_on_a_tenth_of_the_sheets_and_none_on_nine(kind, name):
    cells = outcomes(kind, name)
    if kind == "rlhf" and name in TOLD:
        assert cells == [Counter({role: COUNT}) for role in TOLD[name]]
        return
    for cell in cells:
        rare = RARE.get((kind, name), set())
        often = {role: count for role, count in cell.items() if role not in rare}
        assert len(often) > 1
        assert min(often.values()) >= COUNT // 10, cell
        assert max(cell.values()) <= COUNT * 9 // 10, cell
        assert sum(cell[role] for role in rare) < COUNT // 10, "no longer rare"
