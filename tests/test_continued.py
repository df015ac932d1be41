"""Sheets that go on with what another sheet came to."""

import json
import re
from dataclasses import replace
from importlib import import_module
from itertools import cycle, islice

import fades
import pytest
from every_kind import plain, sheets
from students import all_worked, cells, handed_in

from worksheets import cli, exercise
from worksheets.course.plan import read_course
from worksheets.engine.notation import on_paper
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.marking import run
from worksheets.marking.marks import Mark
from worksheets.marking.scheme import Scheme
from worksheets.numbers import earlier
from worksheets.overview import Continued, kinds
from worksheets.render.page import html
from worksheets.sheet import make, read_id
from worksheets.views.faded import faded
from worksheets.views.page import Page

CONTINUED = [
    pytest.param(name, level, id=f"{name} {level}")
    for name, kind in exercise.all_kinds().items()
    if kind.CONTINUES
    for level in kind.CONTINUES.effort
]
each = pytest.mark.parametrize(("kind", "level"), CONTINUED)
LADDER = """title = "Up to a transformer"
[[rung]]
kind = "attention"
level = 2
[[rung]]
kind = "transformer"
edition = "continued"
"""


def test_four_pairs_continue_and_all_in_one_course(ladder):
    pairs = {
        (kind.CONTINUES.kind, name) for name, kind in exercise.all_kinds().items() if kind.CONTINUES
    }
    assert pairs == {
        ("matmul", "linear_relu"),
        ("attention", "transformer"),
        ("rloo", "grpo"),
        ("gae", "ppo"),
    }
    rungs = "".join(
        f'[[rung]]\nkind = "{before}"\nlevel = {exercise.find(after).CONTINUES.level}\n'
        f'[[rung]]\nkind = "{after}"\nedition = "continued"\n'
        for before, after in pairs
    )
    read = read_course(ladder(f'title = "One model"\n{rungs}')).rungs
    assert [one.after for one in read] == [None, 1, None, 3, None, 5, None, 7]


@each
def test_the_lines_fit_each_other(kind, level):
    continues = exercise.find(kind).CONTINUES
    before = exercise.graph(continues.kind, continues.level).lines[continues.line].node
    given = exercise.graph(kind, level).lines[continues.given].node
    assert before.shape == given.shape
    times, over = divmod(given.denominator, before.denominator)
    assert not over
    assert before.reach * times <= given.reach
    assert continues.kind in exercise.find(kind).BUILDS_ON


@each
def test_its_given_is_what_the_earlier_sheet_came_to_with_the_same_words(kind, level):
    continues = exercise.find(kind).CONTINUES
    some = sheets(kind, level, "continued")[:40]
    befores = make(
        [Identity(sheet.earlier.code, continues.level, sheet.identity.number) for sheet in some]
    )
    for sheet, before in zip(some, befores, strict=True):
        came_to = plain(continues.kind).recompute(before.key())[continues.line]
        (given,) = (line for line in sheet.key()["lines"] if line["name"] == continues.given)
        (line,) = (line for line in before.key()["lines"] if line["name"] == continues.line)
        assert given["values"] == came_to
        assert given["role"] == "given"
        if kind != "linear_relu":  # whose columns are numbered on the sheet before
            words = "row_labels" if kind == "grpo" else "column_labels"
            assert given[words] == line[words]


@each
def test_a_sheet_alone_is_the_sheet_in_a_batch(kind, level):
    together = sheets(kind, level, "continued")
    for place in (0, 1, -1):
        (alone,) = make([together[place].identity])
        assert alone.key() == together[place].key()


@each
def test_the_page_says_where_its_given_comes_from(kind, level):
    sheet = sheets(kind, level, "continued")[7]
    before = Identity(
        exercise.find(exercise.find(kind).CONTINUES.kind).CODE,
        exercise.find(kind).CONTINUES.level,
        sheet.identity.number,
    )
    assert sheet.earlier == before
    for large_print in (False, True):
        for solved in (False, True):
            page = html(sheet, solved=solved, page=Page(large_print=large_print))
            page = page.replace("\u00a0", " ")
            assert page.count("came to on your sheet") == 1
            assert f"came to on your sheet {before.text}." in page
            assert page.index("came to on your sheet") < page.index("<h2")
    assert "came to on" not in html(sheets(kind, level, "free")[7], solved=False)


@each
def test_it_says_so_on_the_page_that_shows_the_given(kind, level):
    continues = exercise.find(kind).CONTINUES
    sheet = sheets(kind, level, "continued")[7]
    cells = "[^<]*<[^\\0]*?>".join(
        re.escape(on_paper(cell)) for row in sheet.values[continues.given] for cell in row
    )
    _, *pages = re.split(r'<section class="page[^"]*">', html(sheet, solved=False))
    telling = [number for number, page in enumerate(pages) if "came to on your sheet" in page]
    assert telling == [n for n, page in enumerate(pages) if re.search(f">{cells}<", page)][:1]


def test_a_sheet_continued_and_faded_says_both_in_one_line():
    sheet = sheets("transformer", 1, "continued")[7]
    view = faded(sheet.graph, "alternate")
    page = html(sheet, solved=False, view=view)
    (said,) = fades.TASK.findall(page)
    assert said.replace("\u00a0", " ") == (
        f"A is what A came to on your sheet {sheet.earlier.text}. "
        "Some answers are shown already; the empty cells are yours."
    )


def test_in_another_language_it_goes_on_with_a_sheet_of_that_language():
    (sheet,) = make([Identity("TRAN", 1, 7, "continued", language="es")])
    before = Identity("ATTN", 2, 7, language="es")
    assert sheet.earlier == before
    page = html(sheet, solved=False)
    assert before.text in page
    assert "came to" not in page


@pytest.mark.parametrize("typed", ["MATM-1C10E-0001", "MATM-1P10E-0001", "TRAN-3C10E-0001"])
def test_an_edition_that_the_level_lacks_is_refused(typed):
    code, middle, digits = typed.split("-")
    editions = {"C": "continued", "P": "published"}
    text = Identity(code, int(middle[0]), int(digits), editions[middle[1]]).text
    assert text.startswith(typed)
    with pytest.raises(InputError, match=f"ID '{text}': .* has at level {middle[0]} the editions"):
        read_id(text)


def test_kinds_say_what_they_continue():
    (kind,) = (one for one in kinds() if one.name == "transformer")
    assert kind.continues == Continued("attention", "attention", level=2, line="weights")
    assert [one.editions for one in kind.levels] == [
        ("free", "continued"),
        ("free", "continued"),
        ("free",),
    ]


@pytest.mark.slow
@each
def test_students_are_marked_as_on_other_sheets(kind, level):
    every = cells(exercise.graph(kind, level))
    some = list(islice(cycle(sheets(kind, level, "continued")), len(every)))
    for mistake in [None, *exercise.find(kind).MISTAKES]:
        if mistake and mistake.name not in exercise.graph(kind, level).slips:
            continue
        slips = every if mistake is None else ()
        papers = zip(some, all_worked(some, mistake, slips=slips), strict=True)
        handed = [
            handed_in(sheet, texts, f"{place:03}") for place, (sheet, texts) in enumerate(papers)
        ]
        marked = sorted(run.mark_all(handed, Scheme()).marked, key=lambda one: one.student)
        assert len(marked) == len(every)
        for place, one in enumerate(marked):
            wrong = [cell for cell, found in one.cells.items() if found.mark is Mark.WRONG]
            if mistake is None:
                assert wrong == [every[place]]
            else:
                assert {cell[0] for cell in wrong} <= set(mistake.instead)
        if mistake:
            named = [mistake.name in {one.mistake for one in some.findings} for some in marked]
            assert sum(named) >= 0.85 * len(named)  # 0.99 of a thousand


@pytest.fixture
def ladder(tmp_path):
    def ladder(text):
        path = tmp_path / "ladder.toml"
        path.write_text(text, "utf-8")
        return path

    return ladder


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "level = 2\n",
            "",
            "rung 2: transformer, continued, goes on with attention at level",
        ),
        (
            '"attention"',
            '"matmul"',
            "rung 2: transformer, continued, goes on with attention at level",
        ),
        ('"continued"', '"continue"', "rung 2: edition 'continue': transformer has at level 1 the"),
        ('"continued"', "3", "rung 2: edition is a name in quotes, not 3"),
        ("level = 2", 'level = 2\nedition = "continued"', "rung 1: edition 'continued': attention"),
    ],
)
def test_a_rung_that_cannot_be_continued_is_refused(ladder, old, new, says):
    with pytest.raises(InputError, match=says):
        read_course(ladder(LADDER.replace(old, new)))


def made(path, output):
    with pytest.raises(SystemExit) as caught:
        cli.main(
            ["course", str(path), "docs/roster.csv", "--set", "autumn 7", "--output", str(output)]
        )
    return caught.value.code


@pytest.mark.slow
def test_in_a_course_everyone_goes_on_with_their_own_result(ladder, tmp_path, capsys):
    output = tmp_path / "out"
    assert not made(ladder(LADDER), output), capsys.readouterr().err
    before, after = (
        json.loads((output / folder / "key.json").read_text("utf-8"))
        for folder in ("1-attention-2", "2-transformer-1")
    )
    assert len(before) == len(after) > 1
    for first, second in zip(before, after, strict=True):
        lines = [{line["name"]: line["values"] for line in key["lines"]} for key in (first, second)]
        assert lines[0]["weights"] == lines[1]["attention"]
        assert second["edition"] == "continued"
    certificate = json.loads((output / "2-transformer-1/certificate.json").read_text("utf-8"))
    assert certificate["within_fair_percent"] == len(after)


@pytest.mark.slow
def test_a_course_whose_sheets_would_not_go_together_is_refused(
    ladder, tmp_path, capsys, monkeypatch
):
    """As when two students chose again in one of both sets, for they had the same givens."""

    def other(identity):
        return replace(earlier(identity), number=1) if identity.edition == "continued" else None

    monkeypatch.setattr(import_module("worksheets.course.folders"), "earlier", other)
    assert made(ladder(LADDER), tmp_path / "out") == 2
    assert "take another set code" in capsys.readouterr().err
    assert [*(tmp_path / "out").iterdir()] == []


ATTENTION = '[[rung]]\nkind = "attention"\nlevel = 2\n'
TRANSFORMER = '[[rung]]\nkind = "transformer"\nlevel = {}\nedition = "continued"\n'


def rungs(*fades, then=(1,)):
    """A course file: attention with each of these fades, then continued transformers."""
    faded = (ATTENTION + (f'fade = "{fade}"\n' if fade else "") for fade in fades)
    return 'title = "x"\n' + "".join([*faded, *map(TRANSFORMER.format, then)])


# The steps of attention at level 2 are scores, scaled, weights, output and value_gradient: every
# other one has the weights, and the largest ones, of which the first is left, are the scores.
@pytest.mark.parametrize(
    ("fades", "after"),
    [
        (("alternate", ""), 2),
        (("", "alternate"), 1),
        (("one-matrix", "", "alternate"), 2),
        (("one-cell", "alternate"), 1),
        (("", "weights"), 2),
        (("", "one-cell"), 2),
    ],
)
def test_a_rung_goes_on_with_the_last_one_that_asks_for_its_given(ladder, fades, after):
    *before, first, second = read_course(ladder(rungs(*fades, then=(1, 2)))).rungs
    assert first.after == second.after == after
    # A sheet names the earlier one of its own number, so both sets have one code.
    name = before[after - 1].set_name("autumn 7")
    assert first.set_name("autumn 7") == second.set_name("autumn 7") == name
    assert len({one.set_name("autumn 7") for one in before}) == len(before)


@pytest.mark.parametrize(
    ("fades", "shown"),
    [
        (("alternate",), "rung 1 (alternate)"),
        (("scores", "output"), "rung 1 (scores) and rung 2 (output)"),
    ],
)
def test_a_rung_whose_given_was_shown_before_is_refused(ladder, fades, shown):
    path = ladder(rungs(*fades))
    with pytest.raises(InputError) as caught:
        read_course(path)
    assert str(caught.value) == (
        f"course {path}, rung {len(fades) + 1}: transformer, continued, goes on with the weights "
        f"of attention at level 2, none of which is left to do on {shown}; before this rung, put "
        "attention at level 2 with no fade"
    )


def test_a_kind_is_continued_twice_if_it_goes_on_with_two_sheets(ladder):
    path = ladder(rungs("weights", then=(1,)) + rungs("", then=(1,)).partition("\n")[2])
    read = read_course(path).rungs
    assert [one.after for one in read] == [None, 1, None, 3]
    assert [one.set_name("x") for one in read] == ["x, weights", "x, weights", "x", "x"]


@pytest.mark.slow
def test_after_guided_and_alone_the_sheet_names_the_one_worked_alone(ladder, tmp_path, capsys):
    output = tmp_path / "out"
    assert not made(ladder(rungs("alternate", "")), output), capsys.readouterr().err
    folders = "1-attention-2-alternate", "2-attention-2", "3-transformer-1"
    guided, alone, after = (
        json.loads((output / folder / "manifest.json").read_text("utf-8")) for folder in folders
    )
    assert (guided["set"], alone["set"], after["set"]) == (
        "autumn 7, alternate",
        "autumn 7",
        "autumn 7",
    )
    for first, second, third in zip(
        guided["students"], alone["students"], after["students"], strict=True
    ):
        (sheet,) = make([read_id(third["id"])])  # from its ID alone
        assert sheet.earlier.text == second["id"] != first["id"]
        all_three = make([read_id(one["id"]) for one in (first, second, third)])
        assert len({(one.theme.name, one.texts["{subject}"]) for one in all_three}) == 1
        page = html(sheet, solved=False)
        assert second["id"] in page
        assert first["id"] not in page
