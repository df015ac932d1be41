"""What `stress` says of a kind is what its keys say, counted without the engine."""

import json
from collections import Counter
from fractions import Fraction
from statistics import median_low

import pytest
from every_kind import identity, plain

import worksheets as ws
from worksheets import cli
from worksheets.numbers import first_attempts
from worksheets.sampling.accepted import accepts
from worksheets.sheet import make

COUNT = 60


def sheets_of_first_attempts(kind, level):
    """The keys of the sheets whose first attempt is good: what is accepted does not change."""
    some = [identity(kind, level, number) for number in range(COUNT)]
    evaluation, drawn, effort = first_attempts(some)
    good = accepts(evaluation, drawn, effort)
    return [sheet for sheet, is_good in zip(make(some), good, strict=True) if is_good]


@pytest.mark.parametrize(
    ("kind", "level"), [("rlhf", 3), ("constitutional", 2), ("softmax", 1), ("dpo", 3)]
)
def test_the_figures_are_those_of_the_keys(kind, level):
    (figures,) = ws.stress(kind, level=level, count=COUNT)
    sheets = sheets_of_first_attempts(kind, level)
    keys = [sheet.key() for sheet in sheets]
    assert (figures.attempts, figures.accepted) == (COUNT, len(keys))
    givens = {
        json.dumps([line["values"] for line in key["lines"] if line["role"] == "given"])
        for key in keys
    }
    assert abs(figures.distinct - len(givens)) <= len(keys) - len(givens)
    answers = {
        line["name"]: [
            value
            for key in keys
            for other in key["lines"]
            if other["name"] == line["name"]
            for row in other["values"]
            for value in row
        ]
        for line in keys[0]["lines"]
        if line["role"] == "answer"
    }
    numbers = {line.name: [Fraction(text) for text in answers[line.name]] for line in figures.lines}
    for line in figures.lines:
        assert Fraction(line.smallest) == min(numbers[line.name])
        assert Fraction(line.largest) == max(numbers[line.name])
        assert line.longest == max(map(len, answers[line.name]))
        assert line.zeros == pytest.approx(answers[line.name].count("0") / len(answers[line.name]))
    every = [value for values in numbers.values() for value in values]
    assert figures.zeros == pytest.approx(every.count(0) / len(every))
    assert set(figures.outcomes) == set(answers) - set(numbers)


def test_outcomes_are_told_by_role():
    (figures,) = ws.stress("rlhf", level=3, count=COUNT)
    sheets = sheets_of_first_attempts("rlhf", 3)
    found = Counter()
    for sheet in sheets:
        # The vocabulary's own roles come first; a subject is also that of a course, and so on.
        roles = {text: role.strip("{}") for role, text in reversed(sheet.texts.items())}
        roles |= {
            sheet.texts[f"{{{role}}}"]: role
            for role in ("link", "losing", "winning", "subject", "prompt", "second")
        }
        found[roles[sheet.values["second_word"][0][0]]] += 1
    expected = {role: count / len(sheets) for role, count in found.items()}
    assert figures.outcomes["second_word"] == pytest.approx(expected)
    yes = sum(sheet.values["generalised"] == [["yes"]] for sheet in sheets) / len(sheets)
    assert figures.outcomes["generalised"].get("yes", 0) == pytest.approx(yes)


def test_effort_and_refusals_add_up():
    (figures,) = ws.stress("rlhf", level=2, count=200)
    assert figures.accepted < figures.attempts
    assert sum(count for _, count in figures.refusals) >= figures.attempts - figures.accepted
    assert all(0 < count <= figures.attempts for _, count in figures.refusals)
    efforts = [plain("rlhf").effort(sheet.key()) for sheet in sheets_of_first_attempts("rlhf", 2)]
    assert figures.effort == pytest.approx(median_low(efforts), rel=0.1)


def test_the_command_says_the_same(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["stress", "dpo", "--level", "1", "--count", "50", "--format", "json"])
    assert not caught.value.code
    (told,) = json.loads(capsys.readouterr().out)
    (figures,) = ws.stress("dpo", level=1, count=50)
    assert (told["accepted"], told["effort"]) == (figures.accepted, figures.effort)
    with pytest.raises(SystemExit):
        cli.main(["stress", "dpo", "--level", "1", "--count", "50"])
    text = capsys.readouterr().out
    assert f"{figures.accepted} of 50 first attempts" in text
    assert all(line.name in text for line in figures.lines)


def test_an_unknown_edition_is_refused():
    with pytest.raises(ws.InputError, match="edition 'published': dpo has at level 1 free"):
        ws.stress("dpo", level=1, edition="published")
