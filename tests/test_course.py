"""A course: the ladder of kinds, its file, its class sets and its page."""

import json
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import page as page_validation
import pdfplumber
import pytest
from fontTools.ttLib import TTFont

from worksheets import cli, exercise
from worksheets.class_set.order import Order
from worksheets.course.build import course_page, order_of
from worksheets.course.plan import read_course
from worksheets.course.story import story
from worksheets.errors import InputError
from worksheets.ladder import nearest, rungs
from worksheets.render import ladder
from worksheets.views.page import Page

ROOT = Path(__file__).parents[1]
ROSTER = ROOT / "docs" / "roster.csv"
COURSE = """title = "From products to RLHF"
[[rung]]
kind = "matmul"
level = 1
[[rung]]
kind = "rlhf"
theme = "doctor"
"""


@pytest.fixture
def builds(monkeypatch):
    """A ladder of five rungs: b and c stand on a, d on b and c, e on a."""

    def builds(**others: tuple[str, ...]) -> None:
        kinds = {}
        for name, below in others.items():
            kinds[name] = type(
                "Kind", (), {"BUILDS_ON": below, "TITLE": f"Title {name}", "CONTINUES": None}
            )
        monkeypatch.setattr(exercise, "all_kinds", lambda: kinds)
        rungs.cache_clear()

    builds(d=("b", "c"), b=("a",), c=("a",), a=(), e=("a",))
    yield builds
    rungs.cache_clear()


def test_kinds_are_in_the_order_of_the_ladder(builds):
    assert rungs() == {"a": 0, "b": 1, "c": 1, "e": 1, "d": 2}
    assert list(rungs()) == ["a", "b", "c", "e", "d"]


def test_a_kind_that_is_left_out_is_stepped_over(builds):
    assert nearest("e", {"a", "c", "e"}) == ["a"]
    assert nearest("d", {"a", "d"}) == ["a"]
    # By b, d stands on a alone; by c, which stands on a, it does as well.
    assert nearest("d", {"a", "c", "d"}) == ["c"]
    assert nearest("d", {"d"}) == []


def test_arrows_lead_from_each_kind_up_to_those_that_build_on_it(builds):
    picture = ladder.picture(["d", "c", "b", "a"])
    where = {box.kind: box for box in picture.boxes}
    assert where["a"].y > where["c"].y == where["b"].y > where["d"].y == 0
    form = picture.form
    ends = [
        (low.kind, high.kind)
        for (x, y), *_, (to_x, to_y) in picture.arrows
        for low in picture.boxes
        for high in picture.boxes
        if (x, y) == (low.x + form.width / 2, low.y)
        if high.x < to_x < high.x + form.width
        if to_y == high.y + form.height
    ]
    assert sorted(ends) == [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]


def test_no_two_arrowheads_are_one():
    picture = ladder.picture(exercise.all_kinds())
    heads = [arrow[-1] for arrow in picture.arrows]
    assert all(
        one[1] != other[1] or abs(one[0] - other[0]) > 5 or one is other
        for one in heads
        for other in heads
    )


@pytest.mark.parametrize(
    "chain",
    [
        ("matmul", "attention", "transformer", "rlhf"),
        ("matmul", "softmax", "backprop", "pretraining", "rlhf", "ppo", "grpo"),
    ],
)
def test_a_single_chain_is_straight(chain):
    picture = ladder.picture(chain)
    assert len(picture.arrows) == len(chain) - 1
    middle = picture.width / 2
    assert {box.x + picture.form.width / 2 for box in picture.boxes} == {middle}
    assert {x for arrow in picture.arrows for x, _ in arrow} == {middle}


@pytest.mark.parametrize("language", ["en", "es"])
def test_all_titles_are_written_alike_and_fit_their_boxes(language):
    """As wide as the font file says, read with another library."""
    with TTFont(ROOT / "templates" / "fonts" / "SheetSans-Regular.ttf") as font:
        advances, characters = font["hmtx"].metrics, font.getBestCmap()
        em = font["head"].unitsPerEm
    for form, least in ((ladder.USUAL, 3), (ladder.LARGE, 18 / 72 * 25.4)):
        picture = ladder.picture(exercise.all_kinds(), language, form)
        assert least <= picture.size <= form.size
        for box in picture.boxes:
            assert len(box.lines) <= form.lines
            for line in box.lines:
                wide = sum(advances[characters[ord(letter)]][0] for letter in line) / em
                assert wide * picture.size <= form.width - 2
            assert len(box.lines) * picture.size < form.height - 2


@pytest.mark.parametrize("form", [ladder.USUAL, ladder.LARGE])
def test_boxes_do_not_overlap(form):
    picture = ladder.picture(exercise.all_kinds(), form=form)
    assert len(picture.boxes) == len(exercise.all_kinds())
    for box in picture.boxes:
        assert 0 <= box.x <= picture.width - form.width + 1e-9
        assert 0 <= box.y <= picture.height - form.height
        for other in picture.boxes:
            apart = abs(box.x - other.x) >= form.width or abs(box.y - other.y) >= form.height
            assert apart or box is other


def test_no_arrow_runs_through_a_box():
    picture = ladder.picture(exercise.all_kinds())
    width, height = picture.form.width, picture.form.height
    passed = 0
    for arrow in picture.arrows:
        # Between its ends it goes straight up past each row.
        for (x, low), (other_x, high) in zip(arrow[1:-1:2], arrow[2:-1:2], strict=True):
            row = [box for box in picture.boxes if box.y == high]
            assert (x, low) == (other_x, high + height)
            assert row
            assert not any(box.x <= x <= box.x + width for box in row)
            passed += 1
    assert passed  # from two layers, past attention, to the transformer


def test_a_ladder_without_a_ground_is_refused(builds):
    builds(a=("b",), b=("a",))
    with pytest.raises(ValueError, match="kinds build on each other"):
        rungs()
    builds(a=("z",))
    with pytest.raises(ValueError, match="kind a: it builds on z, which is no kind"):
        rungs()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "From products to RLHF"', "", "it needs a title in quotes"),
        ("From products to RLHF", "x" * 61, "title: 61 characters, at most 60 fit"),
        ('"matmul"', '"matmull"', "rung 1: kind 'matmull' is unknown"),
        ('"matmul"', "7", "rung 1: kinds are"),
        ("level = 1", "level = 9", "rung 1: level 9: matmul has the levels 1, 2, 3"),
        ("level = 1", 'level = "1"', "rung 1: level is a whole number, not '1'"),
        ("level = 1", "level = true", "rung 1: level is a whole number, not True"),
        ("level = 1", "levle = 1", "rung 1: unknown key 'levle'"),
        ('"doctor"', '"dokter"', "rung 2: theme 'dokter' is unknown"),
        ('"doctor"', "1", "rung 2: theme is a name or a file"),
        (
            'kind = "rlhf"\ntheme = "doctor"',
            'kind = "matmul"',
            "rung 2: matmul at level 1 is rung 1",
        ),
        ("[[rung]]", "[[step]]", "unknown key 'step'"),
        ('"matmul"', "matmul", "not TOML"),
    ],
)
def test_a_broken_file_is_named(tmp_path, old, new, says):
    path = tmp_path / "ladder.toml"
    path.write_text(COURSE.replace(old, new), "utf-8")
    with pytest.raises(InputError) as caught:
        read_course(path)
    assert str(caught.value).startswith(f"course {path}")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (
            'fade = "half"',
            "",
            "rung 1: fade 'half': it is one of alternate, one-matrix, one-cell, or",
        ),
        ("fade = 1", "", "rung 1: fade is a name in quotes, such as 'alternate' or 'one-"),
        ('fade = "product"', 'fade = "product"', "rung 2: matmul at level 1 is rung 1 already"),
        ("", 'fade = ""', "rung 2: matmul at level 1 is rung 1 already"),
    ],
)
def test_a_broken_fade_is_named(tmp_path, first, second, says):
    path = tmp_path / "ladder.toml"
    path.write_text(twice(first, second), "utf-8")
    with pytest.raises(InputError) as caught:
        read_course(path)
    assert str(caught.value).startswith(f"course {path}, {says}")


def twice(first, second):
    rung = '[[rung]]\nkind = "matmul"\nlevel = 1\n'
    return f'title = "Guided, then alone"\n{rung}{first}\n{rung}{second}\n'


GROUND = '[[rung]]\nkind = "attention"\nlevel = 2\n'


def test_a_continued_sheet_is_worked_once(tmp_path):
    path = tmp_path / "ladder.toml"
    rung = '[[rung]]\nkind = "transformer"\nlevel = 1\nedition = "continued"\n'
    path.write_text(f'title = "x"\n{GROUND}{rung}fade = "alternate"\n{rung}', "utf-8")
    with pytest.raises(InputError, match="rung 3: transformer, continued, is rung 2 already"):
        read_course(path)


@pytest.mark.slow
def test_a_kind_is_worked_guided_then_alone_with_other_numbers(tmp_path, capsys):
    file, output = tmp_path / "ladder.toml", tmp_path / "out"
    file.write_text(twice('fade = "product"', ""), "utf-8")
    arguments = ["course", str(file), str(ROSTER), "--set", "autumn 7", "--output", str(output)]
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert not caught.value.code
    said = [line.partition(" ")[0] for line in capsys.readouterr().out.splitlines()]
    assert said == ["1-matmul-1-product", "2-matmul-1", "course.pdf"]
    guided, alone = (
        json.loads((output / folder / "manifest.json").read_text("utf-8")) for folder in said[:2]
    )
    assert (guided["set"], guided["fade"]) == ("autumn 7, product", "product")
    assert (alone["set"], alone["fade"]) == ("autumn 7", None)
    people = [[one["student"] for one in each["students"]] for each in (guided, alone)]
    assert people[0] == people[1]
    ids = [{one["id"] for one in each["students"]} for each in (guided, alone)]
    assert ids[0].isdisjoint(ids[1])
    with pdfplumber.open(output / "course.pdf") as document:
        text = document.pages[0].extract_text()
    assert text.count("some answers are shown already") == 1


def test_a_set_code_that_is_too_long_for_a_second_rung_is_refused_at_once(tmp_path, capsys):
    file, output = tmp_path / "ladder.toml", tmp_path / "out"
    file.write_text(twice("", 'fade = "next_product"'), "utf-8")
    arguments = ["course", str(file), str(ROSTER), "--set", "x" * 55, "--output", str(output)]
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "a set's code has at most 60 letters" in capsys.readouterr().err
    assert not output.exists()


def test_a_file_without_rungs_or_none_at_all(tmp_path):
    path = tmp_path / "ladder.toml"
    for content, says in ((b'title = "x"', "1 to 30 rungs"), (b"\xff\xfe", "not UTF-8")):
        path.write_bytes(content)
        with pytest.raises(InputError, match=says):
            read_course(path)
    with pytest.raises(InputError, match="No such file"):
        read_course(tmp_path / "none.toml")


@pytest.mark.slow
def test_a_course_is_a_class_set_a_rung_and_a_page(tmp_path, capsys):
    file, output = tmp_path / "ladder.toml", tmp_path / "out"
    file.write_text(COURSE, "utf-8")
    arguments = ["course", str(file), str(ROSTER), "--set", "autumn 7", "--output", str(output)]
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert not caught.value.code
    students = len(ROSTER.read_text("utf-8").strip().splitlines()) - 1
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"1-matmul-1  {students} sheets, {students} proved by the law",
        f"2-rlhf-1  {students} sheets, {students} proved by the law",
        "course.pdf  the ladder",
    ]
    for folder, kind in (("1-matmul-1", "matmul"), ("2-rlhf-1", "rlhf")):
        manifest = json.loads((output / folder / "manifest.json").read_text("utf-8"))
        assert (manifest["kind"], len(manifest["students"])) == (kind, students)
    page = (output / "course.pdf").read_bytes()
    with pdfplumber.open(BytesIO(page)) as document:
        text = document.pages[0].extract_text()
    for words in ("From products to RLHF", "Matrix products by hand, level 1", "RLHF by hand, lev"):
        assert words in text
    report = page_validation.validate_pdf_bytes(page, profile="ua1")
    assert report.is_compliant, [(one.rule_id, one.message) for one in report.failures]
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert not caught.value.code
    assert {path: path.read_bytes() for path in output.rglob("*") if path.is_file()} == before


EVERYTHING = 'title = "A course of everything that there is to be worked"\n' + "".join(
    f'[[rung]]\nkind = "{kind}"\n' for kind in exercise.all_kinds()
)


def page_of(tmp_path, text, *, grey=False, large_print=False, paper="a4", language="en"):
    """A course's page without its sets, which take longer."""
    path = tmp_path / "ladder.toml"
    path.write_text(text, "utf-8")
    plan = read_course(path, language)
    order = Order(
        specification=order_of(plan, Page(paper=paper, large_print=large_print, grey=grey)),
        set_name="autumn 7",
        students=(),
        roster="",
        identity=plan.rungs[0].identity,
    )
    sets = [
        SimpleNamespace(kind=one.kind, level=one.level, minutes_median=10) for one in plan.rungs
    ]
    return pdfplumber.open(BytesIO(course_page(plan, order, sets)))


def colours(document):
    """Whatever anything on the pages is drawn with, that is drawn with three channels."""
    things = [thing for page in document.pages for some in page.objects.values() for thing in some]
    names = "stroking_color", "non_stroking_color"
    found = {thing[name] for thing in things for name in names if thing.get(name) is not None}
    return {tuple(one) for one in found if isinstance(one, tuple) and len(one) == 3}


@pytest.mark.parametrize("large_print", [False, True])
def test_a_grey_page_has_no_colour(tmp_path, large_print):
    with page_of(tmp_path, COURSE, large_print=large_print) as document:
        assert any(max(one) - min(one) > 0.2 for one in colours(document))
    with page_of(tmp_path, COURSE, grey=True, large_print=large_print) as document:
        assert colours(document)
        assert all(max(one) == min(one) for one in colours(document))


@pytest.mark.slow
@pytest.mark.parametrize("text", [COURSE, EVERYTHING], ids=["two", "all"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_page_in_large_print_has_nothing_below_18_point(tmp_path, text, paper):
    for language in ("en", "es"):
        # The words of a theme are those of its language.
        own = text.replace('theme = "doctor"\n', "")
        with page_of(tmp_path, own, large_print=True, paper=paper, language=language) as document:
            letters = [one for page in document.pages for one in page.chars]
            assert min(one["size"] for one in letters) > 17.99
            for page in document.pages:
                assert all(0 < one["x0"] < one["x1"] < page.width for one in page.chars)
                assert all(0 < one["top"] < one["bottom"] < page.height for one in page.chars)


def test_the_page_of_a_short_course_is_filled_by_its_ladder(tmp_path):
    with page_of(tmp_path, (ROOT / "docs" / "ladder.toml").read_text("utf-8")) as document:
        (page,) = document.pages
        assert max(one["bottom"] for one in page.chars) > 0.75 * page.height
        # The title's letters, and the ladder's, which are larger than usual.
        assert len({round(one["size"], 1) for one in page.chars if one["size"] > 13.5}) == 2


def test_a_long_title_takes_two_lines_at_most(tmp_path):
    title = "From a product of two matrices to a model made fair by hand"
    assert len(title) == 59
    with page_of(tmp_path, COURSE.replace("From products to RLHF", title)) as document:
        large = {round(one["top"]) for one in document.pages[0].chars if one["size"] > 18.5}
        assert 1 <= len(large) <= 2


@pytest.mark.slow
def test_every_rung_has_files_of_each_students_own(tmp_path):
    file, output, roster = tmp_path / "ladder.toml", tmp_path / "out", tmp_path / "roster.csv"
    file.write_text(twice("", 'fade = "product"'), "utf-8")
    roster.write_text("id,name\n1,Ada\n2,Bob\n", "utf-8")
    arguments = ["course", str(file), str(roster), "--set", "x", "--output", str(output)]
    with pytest.raises(SystemExit) as caught:
        cli.main([*arguments, "--single", "--fillable", "--format", "xlsx"])
    assert not caught.value.code
    ends = {"1-matmul-1": ("blank", "fillable", ""), "2-matmul-1-product": FADED}
    for folder, (blank, form, workbook) in ends.items():
        students = json.loads((output / folder / "manifest.json").read_text("utf-8"))["students"]
        assert len(students) == 2
        for kept, suffixes in (
            ("forms", (f"-{blank}.pdf", f"-{form}.pdf", f"{workbook}.xlsx")),
            ("keys", ("-solved.pdf",)),
        ):
            assert {path.name for path in (output / folder / kept).iterdir()} == {
                f"{one['name']}_{one['id']}{end}" for one in students for end in suffixes
            }


FADED = "faded-product", "faded-product-fillable", "-faded-product"


@pytest.mark.parametrize("option", ["--fillable", "--format=xlsx"])
def test_files_of_each_students_own_go_with_single(tmp_path, capsys, option):
    file, output = tmp_path / "ladder.toml", tmp_path / "out"
    file.write_text(COURSE, "utf-8")
    with pytest.raises(SystemExit) as caught:
        cli.main(["course", str(file), str(ROSTER), "--set", "x", "--output", str(output), option])
    assert caught.value.code == 2
    assert "goes with --single" in capsys.readouterr().err
    assert not output.exists()


def test_what_a_roster_lacks_is_said_once_for_all_rungs(tmp_path, capsys):
    file, output, roster = tmp_path / "ladder.toml", tmp_path / "out", tmp_path / "roster.csv"
    file.write_text(twice("", 'fade = "product"'), "utf-8")
    long = "Wolfeschlegelsteinhausenbergerdorff " * 5
    roster.write_text(f"id,name,town\n17,Ada,x\n42,{long.strip()},y\n", "utf-8")
    with pytest.raises(SystemExit) as caught:
        cli.main(["course", str(file), str(roster), "--set", "x", "--output", str(output)])
    assert not caught.value.code
    first, second = capsys.readouterr().err.splitlines()
    assert first == "note: roster.csv: not used: column C ('town')"
    assert second.startswith("note: roster.csv: the name is cut or narrowed, and stands alone, on")


LIFE = """title = "One model"
[[rung]]
kind = "attention"
level = 2
[[rung]]
kind = "transformer"
level = 1
edition = "continued"
[[rung]]
kind = "rlhf"
"""


def sentences(tmp_path, toml, language="en"):
    path = tmp_path / "ladder.toml"
    path.write_text(toml, "utf-8")
    return story(read_course(path, language), language)


def test_a_course_is_told_in_five_sentences_that_are_true_of_its_rungs(tmp_path):
    whole, begins, ends, goes_on, words = sentences(tmp_path, LIFE)
    assert "On these 3 sheets" in whole
    assert begins.startswith("It begins with “Attention by hand”: ")
    assert ends.startswith("It ends with “RLHF by hand”: ")
    assert "from rung 1 to 2:" in goes_on
    assert "the same words" in words
    *_, apart, numbers = sentences(tmp_path, LIFE.replace('edition = "continued"\n', ""))
    assert "from rung" not in apart
    assert numbers == words
    *_, numbers = sentences(tmp_path, f'{LIFE}theme = "pirate"\n')
    assert "words" not in numbers
    bare = '[[rung]]\nkind = "matmul"\nlevel = 1\n'
    *_, numbers = sentences(tmp_path, f'title = "x"\n{bare}')
    assert "words" not in numbers
    assert len(sentences(tmp_path, f'title = "x"\n{bare}')) == 4  # it ends where it begins
    spanish = sentences(tmp_path, LIFE, "es")
    assert len(spanish) == 5
    assert not {*spanish} & {*sentences(tmp_path, LIFE)}


def test_thick_arrows_are_those_of_results_that_go_on():
    kinds = exercise.all_kinds()
    every = {(kind.CONTINUES.kind, name) for name, kind in kinds.items() if kind.CONTINUES}
    picture = ladder.picture(kinds)
    where = {box.kind: box for box in picture.boxes}

    def ends(arrow):
        (x, y), (to_x, to_y) = arrow[0], arrow[-1]
        middle, height = picture.form.width / 2, picture.form.height
        (low,) = (
            one for one in where if abs(where[one].x + middle - x) < 0.01 and where[one].y == y
        )
        (high,) = (
            one
            for one in where
            if where[one].x < to_x < where[one].x + 2 * middle and where[one].y + height == to_y
        )
        return low, high

    assert set(map(ends, picture.results)) == every
    assert set(picture.results) < set(picture.arrows)
    assert not ladder.picture(kinds, results=[]).results
    (only,) = ladder.picture(["attention", "transformer", "rlhf"]).results
    assert len(ladder.picture(["attention", "transformer", "rlhf"]).arrows) == 2
    assert only[0][1] > only[-1][1]  # upwards
    # One that a kind does not build on has an arrow all the same.
    (added,) = ladder.picture(["matmul", "dpo"], results=[("matmul", "dpo")]).results
    assert added
