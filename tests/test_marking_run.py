"""A whole marking: what is set aside, what follows, and that nothing is lost or changes."""

from dataclasses import replace
from fractions import Fraction

import pytest
from students import handed_in, key_texts, worked

from worksheets.errors import InputError
from worksheets.exercise import all_kinds
from worksheets.ids import Identity
from worksheets.marking import run
from worksheets.marking.follow import TOO_COARSE, TOO_FINE
from worksheets.marking.marks import Mark, points_text
from worksheets.marking.one_value import SAME_EVERYWHERE
from worksheets.marking.register import RegisteredStudent, read_register
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme, read_scheme
from worksheets.marking.submission import Entry, SetAside
from worksheets.sheet import make


def sheet(level=1, number=7):
    return make([Identity("RLHF", level, number)])[0]


def marked(one, texts, scheme=None):
    (found,) = mark_all([handed_in(one, texts)], scheme or Scheme()).marked
    return found


def test_a_word_that_differs_is_followed():
    """Who picks another word at step 13 gets that word's reward at step 14."""
    one = sheet()
    picked = ("next_words", 0, 2)
    texts = worked(one, slip=picked)
    assert texts[picked] != key_texts(one)[picked]
    found = marked(one, texts)
    assert found.cells[picked].mark is Mark.WRONG
    inputs = [found.cells["sampled_inputs", row, 2] for row in range(3)]
    column = one.labels(one.graph.lines["embeddings"].column_labels).index(texts[picked])
    own = [row[column] for row in one.values["embeddings"]]
    assert [cell.written for cell in inputs] == own
    assert all(cell.mark in (Mark.RIGHT, Mark.FOLLOWS) for cell in inputs)
    assert any(cell.mark is Mark.FOLLOWS for cell in inputs)


def test_of_two_highest_scores_either_word_is_followed():
    one = sheet()
    vocabulary = one.graph.lines["scores"].row_labels
    scores = [int(row[2]) for row in one.values["scores"]]
    highest = scores.index(max(scores))
    other = (highest + 1) % 5
    texts = key_texts(one)
    texts["scores", other, 2] = str(max(scores))  # a slip that makes a tie
    for word in (highest, other):
        texts["next_words", 0, 2] = one.texts[vocabulary[word]]
        mark = marked(one, texts).cells["next_words", 0, 2].mark
        assert mark is (Mark.RIGHT if word == highest else Mark.FOLLOWS)
    third = next(place for place in range(5) if place not in (highest, other))
    texts["next_words", 0, 2] = one.texts[vocabulary[third]]
    assert marked(one, texts).cells["next_words", 0, 2].mark is Mark.WRONG


@pytest.mark.parametrize("blank", [False, True])
def test_a_slip_in_the_last_advantage_is_carried_on_to_those_before_it(blank):
    """Who adds half of a wrong advantage to the next δ is right there, whatever the fractions."""
    (one,) = make([Identity("GAE", 1, 7)])
    texts, right = key_texts(one), one.values["advantages"][0]
    for column in range(5):
        half = Fraction(1, 2 ** (4 - column))
        texts["advantages", 0, column] = str(Fraction(right[column]) + 2 * half)
        texts["returns", 0, column] = str(Fraction(one.values["returns"][0][column]) + 2 * half)
    if blank:
        texts["advantages", 0, 2] = ""
    found = marked(one, texts).cells
    marks = [found["advantages", 0, column].mark for column in range(5)]
    before = Mark.BLANK if blank else Mark.FOLLOWS
    assert marks == [Mark.FOLLOWS, Mark.FOLLOWS, before, Mark.FOLLOWS, Mark.WRONG]
    assert all(found["returns", 0, column].mark is Mark.FOLLOWS for column in range(5))


def test_a_right_value_after_a_wrong_one_is_right_and_noted():
    one = sheet()
    texts = key_texts(one)
    texts["loser_features", 0, 0] = str(int(texts["loser_features", 0, 0]) + 3)
    found = marked(one, texts)
    cell = found.cells["loser_sentence", 0, 0]
    assert cell.mark is Mark.RIGHT
    assert int(cell.follow_value) == int(cell.right) + 1  # a third of what is too much
    assert "before it" in cell.note
    assert found.points - found.earned == Fraction(1, 12)


@pytest.mark.parametrize(
    ("cell", "written", "mistake"),
    [
        (("prediction", 0, 0), "0.88", TOO_FINE),  # σ(2) = 0.8808
        (("prediction", 0, 0), "0.8808", TOO_FINE),
        (("score_gradient", 0, 0), None, TOO_FINE),
    ],
)
def test_roundings_are_recognised(cell, written, mistake):
    numbers = (sheet(2, number) for number in range(40))
    one = next(one for one in numbers if one.values["gap"] == [["2"]])
    texts = key_texts(one)
    if written is None:
        row = next(r for r, (text,) in enumerate(one.values["score_gradient"]) if text != "0")
        cell = ("score_gradient", row, 0)
        p, reward, expected = (
            Fraction(one.values[name][place][0])
            for name, place in (("probabilities", row), ("rewards", row), ("expected_reward", 0))
        )
        exact = -p * (reward - expected)
        written = f"{float(exact):.2f}"
        assert Fraction(written) == exact
        assert exact.denominator > 1
    texts[cell] = written
    found = marked(one, texts)
    assert found.cells[cell].mark is Mark.WRONG
    assert found.cells[cell].mistake == mistake
    assert found.points - found.earned == Fraction(1, 2) / one.graph.lines[cell[0]].node.shape[0]


def test_a_fraction_cut_short_is_recognised():
    """Somebody whose columns no longer sum to a multiple of three writes 0.33 or 0.3."""
    one = sheet()
    texts = worked(one, slip=("loser_features", 0, 0))
    exact = Fraction(texts["loser_sentence", 0, 0])
    assert exact.denominator == 3
    texts["loser_sentence", 0, 0] = f"{float(exact):.2f}"
    found = marked(one, texts)
    assert found.cells["loser_sentence", 0, 0].mistake == TOO_COARSE


def test_huge_and_odd_numbers_neither_stumble_nor_spread():
    one = sheet(3)
    for odd in ("999999999999", "0.00000000001", "1/999983", "-123456.789", "7/13"):
        texts = {cell: odd if cell[0] != "next_words" else text
                 for cell, text in key_texts(one).items()}  # fmt: skip
        found = marked(one, texts)
        assert found.cells["next_words", 0, 0].mark is Mark.RIGHT
        assert found.counts[Mark.WRONG] > 200


def test_what_is_not_a_word_or_a_number_is_listed_and_not_wrong():
    one = sheet()
    texts = key_texts(one) | {("next_words", 0, 1): "thm", ("gap", 0, 0): "two"}
    (found,) = mark_all([handed_in(one, texts)], Scheme()).marked
    for cell in (("next_words", 0, 1), ("gap", 0, 0)):
        assert found.cells[cell].mark is Mark.UNREADABLE
        assert found.cells[cell].note
    assert found.counts[Mark.WRONG] == 0


def test_lines_taken_as_right():
    one = sheet()
    kept = {cell: text for cell, text in key_texts(one).items() if cell[0] == "gap"}
    lines = frozenset(line.name for line in one.graph.answers) - {"gap", "loss"}
    submission = replace(handed_in(one, kept), taken_as_right=lines)
    (found,) = mark_all([submission], Scheme()).marked
    assert found.cells["loss", 0, 0].mark is Mark.BLANK
    assert found.points - found.earned == 1


def test_what_cannot_be_marked_is_set_aside_and_the_numbers_add_up():
    one, other = sheet(), sheet(number=8)
    good = handed_in(one, key_texts(one), "Ada")
    register = {one.id: RegisteredStudent(0, "4711", "Ada Lovelace", "7a")}
    handed = [
        good,
        replace(good, source="later.json", modified=5),
        replace(good, source="mistyped.json", id=one.id[:-1] + ("2" if one.id[-1] != "2" else "3")),
        replace(good, source="none.json", id=" "),
        replace(good, source="other.json", id=other.id),
        replace(good, source="cell.json", entries={("loser_reward", 0, 1): Entry("3")}),
        SetAside("broken.pdf", "the PDF is damaged"),
    ]
    marking = mark_all(handed, Scheme(), register)
    assert marking.read == len(handed)
    assert [(one.name, one.submission.source) for one in marking.marked] == [
        ("Ada Lovelace", "later.json")
    ]
    assert [(one.submission.source, one.newer.source) for one in marking.superseded] == [
        (good.source, "later.json")
    ]
    reasons = {one.source: one.reason for one in marking.set_aside}
    assert "check character" in reasons["mistyped.json"]
    assert "no ID" in reasons["none.json"]
    assert "none of this class set" in reasons["other.json"]
    assert "loser_reward.r1.c2" in reasons["cell.json"]
    assert reasons["broken.pdf"] == "the PDF is damaged"


def test_an_empty_file_never_takes_the_place_of_one_with_answers():
    one = sheet()
    texts = key_texts(one)
    register = {one.id: RegisteredStudent(0, "4711", "Ada Lovelace", "7a")}
    full = replace(handed_in(one, texts), source="full.pdf", modified=1)
    for text in ("", "-", "?", "…"):
        nothing = dict.fromkeys(texts, text) if text else {}
        empty = replace(handed_in(one, nothing), source="empty.xlsx", modified=9)
        assert mark_all([full, empty], Scheme(), register).marked[0].submission == full
    for handed in ([full, empty], [empty, full]):
        marking = mark_all(handed, Scheme(), register)
        assert [one.submission.source for one in marking.marked] == ["full.pdf"]
        assert marking.marked[0].earned == marking.marked[0].points
        (lost,) = marking.superseded
        assert (lost.submission.source, lost.newer.source) == ("empty.xlsx", "full.pdf")
    newer = replace(full, source="newer.pdf", modified=5)
    assert mark_all([full, newer, empty], Scheme(), register).marked[0].submission == newer


def test_of_two_of_the_same_moment_that_differ_neither_is_chosen():
    one = sheet()
    texts = key_texts(one)
    register = {one.id: RegisteredStudent(0, "4711", "Ada Lovelace", "7a")}
    first = replace(handed_in(one, texts), source="x (1).pdf", modified=5)
    second = replace(handed_in(one, texts | {("gap", 0, 0): "77"}), source="x.pdf", modified=5)
    older = replace(first, source="old.pdf", modified=1)
    same = replace(first, source="copy.pdf")
    marking = mark_all([first, second, older], Scheme(), register)
    assert not marking.marked
    assert {aside.source for aside in marking.set_aside} == {"x (1).pdf", "x.pdf"}
    assert all(one.id in aside.reason for aside in marking.set_aside)
    assert [lost.submission.source for lost in marking.superseded] == ["old.pdf"]
    assert [missing.name for missing in marking.missing] == ["Ada Lovelace"]
    assert len(mark_all([first, same], Scheme(), register).marked) == 1


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        ("Ada Lovelace", "Bob Miller", True),
        ("Ada Lovelace", "LOVELACE, ada 4711", False),
        ("Ada Lovelace", "4711", False),
        ("Ada Lovelace", "", False),
        ("José Núñez", "Jose Nunez", False),
        ("李明", "李明 4711", False),
        ("李明", "王芳", True),
    ],
)
def test_another_name_on_a_students_sheet_is_told(name, written, told):
    one = sheet()
    register = {one.id: RegisteredStudent(0, "4711", name, "7a")}
    marking = mark_all([handed_in(one, key_texts(one), written)], Scheme(), register)
    assert [paper.name for paper in marking.marked] == [name]
    assert bool(marking.notes) == told
    assert all(written in note and name in note and one.id in note for note in marking.notes)


def test_the_same_sheet_of_two_students_is_marked_twice():
    one = sheet()
    handed = [handed_in(one, key_texts(one), name) for name in ("Ada", "Bo", " ada ")]
    marking = mark_all(handed, Scheme())
    assert len(marking.marked) == 2
    assert len(marking.superseded) == 1


@pytest.mark.slow
def test_others_change_nobodys_marks():
    some = [sheet(2, number) for number in range(12)]
    handed = [
        handed_in(one, worked(one, slip=("loser_features", place % 4, 1)))
        for place, one in enumerate(some)
    ]
    together = mark_all(handed, Scheme()).marked
    for one in handed:
        (alone,) = mark_all([one], Scheme()).marked
        assert alone in together
    assert mark_all(reversed(handed), Scheme()).marked == together


@pytest.mark.slow
def test_several_processes_mark_as_one_does(monkeypatch):
    some = [*(sheet(2, number) for number in range(7)), *(sheet(1, number) for number in range(6))]
    handed = [
        handed_in(one, worked(one, slip=("loser_features", place % 4, 1)))
        for place, one in enumerate(some)
    ]
    register = {
        one.id: RegisteredStudent(-place, f"s{place}", "", "7a") for place, one in enumerate(some)
    }
    alone = mark_all(handed, Scheme(), register)
    monkeypatch.setattr(run, "FEW", 3)
    assert mark_all(handed, Scheme(), register, workers=2) == alone
    assert [one.student for one in alone.marked] == [f"s{place}" for place in reversed(range(13))]


def test_a_scheme_decides_points_and_shares(tmp_path):
    path = tmp_path / "points.toml"
    path.write_text("follow = 0.5\ndecimals = 2\n[rlhf.1]\n4 = 6\n5 = 0\n", "utf-8")
    scheme = read_scheme(path)
    one = sheet()
    texts = worked(one, slip=("loser_features", 0, 0))
    found = marked(one, texts, scheme)
    by_step = {step.number: step for step in found.steps}
    assert by_step[4].points == 6
    assert by_step[4].earned == Fraction(11, 2)
    assert by_step[5].points == by_step[5].earned == 0
    assert by_step[6].points - by_step[6].earned in (0, Fraction(1, 2))  # the reward follows
    assert found.shown(Fraction(22, 3)) == "7.33"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("follow = 2", "follow is 2; right is 0 to 1"),
        ("follow = true", "follow is True"),
        ("rounding = '1'", "rounding is '1'"),
        ("decimals = 0.5", "decimals is 1/2; right is a whole number"),
        ("[rlfh.1]\n4 = 1", "rlfh is unknown; right is one of"),
        ("[rlhf.9]\n4 = 1", "rlhf.9 is unknown; right is one of 1, 2, 3"),
        ("[rlhf.1]\n1 = 1", "rlhf.1 has no step 1; right is one of 3, 4"),
        ("[rlhf.1]\n4 = -1", "rlhf.1.4 is -1; right is 0 to 1000 points"),
        ("[rlhf]\n1 = 3", "rlhf.1 is no table"),
        ("follow = \n", "line 1"),
        ("follow = nan", "nan"),
    ],
)
def test_a_broken_scheme_is_refused_by_file_and_key(tmp_path, text, complaint):
    path = tmp_path / "points.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        read_scheme(path)
    assert str(path) in str(refused.value)
    assert complaint in str(refused.value)


@pytest.mark.parametrize("content", ["", "[]", '{"students": 3}', '{"students": [{}]}'])
def test_a_register_that_is_none_is_refused(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content, "utf-8")
    with pytest.raises(InputError, match="no manifest"):
        read_register(tmp_path)
    with pytest.raises(InputError, match="No such file"):
        read_register(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("points", "decimals", "text"),
    [("7", 1, "7"), ("15/2", 1, "7.5"), ("1/3", 2, "0.33"), ("5/2", 0, "3"), ("0", 1, "0"),
     ("199/20", 1, "10"), ("10", 0, "10"), ("100", 1, "100")],
)  # fmt: skip
def test_points_as_shown(points, decimals, text):
    assert points_text(Fraction(points), decimals) == text


def test_what_is_to_be_said_of_many_files_is_said_in_one_line():
    """A class that writes nonsense in place of its names has one note, classmates' names first."""
    sheets = make([Identity("MATM", 1, number) for number in range(24)])
    own = [f"{letter * 5} {letter * 4}" for letter in "abcdefghijklmnopqrstuvwx"]
    register = {
        one.id: RegisteredStudent(place, f"s{place}", name, "7a")
        for place, (one, name) in enumerate(zip(sheets, own, strict=True))
    }

    def notes(names):
        papers = [
            replace(handed_in(sheets[place], {}), student=name, source=f"{place}.pdf")
            for place, name in enumerate(names)
        ]
        return mark_all(papers, Scheme(), register).notes

    nonsense = ["zzz yyyy"] * 24
    each = notes(nonsense[:20])
    assert len(each) == 20
    assert all("the name on it is 'zzz yyyy'" in note for note in each)
    (one,) = notes([*nonsense[:22], own[3], "zzz"])
    assert one.startswith("the names on 24 sheets are not those of the students")
    assert (
        "; classmates' names: 1; the first: 22.pdf ('ddddd dddd', the sheet of 'wwwww wwww'), 0.pdf"
        in one
    )
    assert one.endswith(" and 19 more")
    assert notes(own) == ()


@pytest.mark.slow
@pytest.mark.parametrize("value", ["0", "1"])
def test_what_follows_from_one_value_that_stands_everywhere_has_no_points_and_is_told(value):
    sheets = [
        sheet
        for kind in all_kinds().values()
        for sheet in make([Identity(kind.CODE, level, 7) for level in kind.LEVELS])
    ]
    same = [dict.fromkeys(key_texts(one), value) for one in sheets]
    for one in same:
        one.update(zip(list(one)[::3], [f"{value}.0"] * len(one), strict=False))
    marking = mark_all(map(handed_in, sheets, same), Scheme())
    for one in marking.marked:
        numbers = {line.name for line in one.sheet.graph.answers if not line.node.is_word}
        cells = [cell for name, cell in one.cells.items() if name[0] in numbers]
        assert all((cell.mark is Mark.RIGHT) == (cell.right == value) for cell in cells)
        assert {cell.mark for cell in cells} <= {Mark.RIGHT, Mark.WRONG} or value == "1"
    lost = sum(any(x.note == SAME_EVERYWHERE for x in one.cells.values()) for one in marking.marked)
    assert marking.notes[0].startswith(f"in {lost} files one value stands nearly everywhere: ")
    assert lost == len(sheets) or value == "1"  # where little follows from ones


def test_zeros_behind_work_keep_what_follows_and_are_told():
    (sheet,) = make([Identity("GAE", 3, 7)])
    key, lines = key_texts(sheet), [line.name for line in sheet.graph.answers]
    work = {cell: text for cell, text in key.items() if cell[0] in lines[:4]}
    marking = mark_all([handed_in(sheet, dict.fromkeys(key, "0") | work)], Scheme())
    off = [cell for cell in marking.marked[0].cells.values() if cell.written != cell.right]
    points = sum(cell.mark is Mark.FOLLOWS for cell in off)
    said = f"{len(off)} of the answers to {sheet.id} are 0 where other values are right"
    assert points > 10
    assert f"{said}, and {points} of these have points" in marking.notes[0]
    slip = worked(sheet, slip=next(iter(key)))
    assert mark_all([handed_in(sheet, slip)], Scheme()).notes == ()
